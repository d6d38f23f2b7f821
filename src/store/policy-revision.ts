import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Guidance, loadGuidance } from './guidance.ts';

/** A guidance pack as it stood at a revision, or why it cannot be had, in words. */
export type LoadedRevision =
  | { readonly ok: true; readonly guidance: Guidance }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads a pack from git as it stood at `revision` (`HEAD~1`, or `HEAD~1:policy` with the folder it was in), of the repository that
 * `folder` is in. Without a folder of its own it is the one that `folder` is now. Nothing in the repository is touched: the files
 * are written to a temporary folder, which is removed again.
 */
export async function loadRevision(revision: string, folder: string): Promise<LoadedRevision> {
  const root = await git(folder, ['rev-parse', '--show-toplevel']);
  const prefix = await git(folder, ['rev-parse', '--show-prefix']);
  if (root === null || prefix === null)
    return { ok: false, problem: `\`${revision}\` is no folder, and \`${folder}\` is in no git repository` };
  const inRoot: Git = (args) => git(root.trim(), args);
  const tree = await findTree(inRoot, revision, prefix.trim());
  if (tree === null)
    return { ok: false, problem: `\`${revision}\` is neither a folder nor a revision that has this folder` };
  const copy = await mkdtemp(path.join(os.tmpdir(), 'clear-to-use-revision-'));
  try {
    const problem = await writeTree(inRoot, tree, copy);
    return problem === null ? { ok: true, guidance: await loadGuidance(copy) } : { ok: false, problem };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** What git printed, or null where it failed. */
type Git = (args: readonly string[]) => Promise<string | null>;

const mostBytes = 8 * 1024 * 1024;
const timeoutMs = 30_000;

// Without a shell, so that nothing in a revision means anything to one.
async function git(folder: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', folder, ...args], {
      maxBuffer: mostBytes,
      timeout: timeoutMs,
    });
    return stdout;
  } catch {
    return null;
  }
}

// What begins with a dash would be an option.
async function findTree(git: Git, revision: string, prefix: string): Promise<string | null> {
  if (revision === '' || revision.startsWith('-')) return null;
  const named = (revision.includes(':') ? revision : `${revision}:${prefix}`).replace(/\/+$/, '');
  const id = (await git(['rev-parse', '--verify', '--quiet', named]))?.trim() ?? '';
  const type = /^[0-9a-f]{40,64}$/.test(id) ? await git(['cat-file', '-t', id]) : null;
  return type?.trim() === 'tree' ? id : null;
}

// Only the files of a pack, and only plain ones: a link could lead anywhere.
async function writeTree(git: Git, tree: string, copy: string): Promise<string | null> {
  const listed = await git(['ls-tree', '-r', '-z', tree]);
  if (listed === null) return 'git cannot list the files of the revision';
  for (const line of listed.split('\0')) {
    const [, mode, id, name = ''] = /^(\d+) blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    if (mode?.startsWith('100') !== true || id === undefined || !name.endsWith('.yaml')) continue;
    const where = path.resolve(copy, name);
    const text = await git(['cat-file', 'blob', id]);
    if (text === null || !where.startsWith(copy + path.sep))
      return `git cannot read \`${name}\` of the revision`;
    await mkdir(path.dirname(where), { recursive: true });
    await writeFile(where, text);
  }
  return null;
}
