import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { PolicyFile, PolicyProblem } from '#domain/policy/problem.ts';
import { sha256 } from '#platform/sha256.ts';
import { type ReadFile, readPolicyBytes, readPolicyFile } from './policy-yaml.ts';

/** One file of a pack: its name below the folder, and what stands in it. */
export type PolicyText = { readonly name: string; readonly text: string };

/** A guidance pack as it stands in a folder: read, not understood yet. */
export type PolicyFolder = {
  readonly files: readonly PolicyFile[];
  /** The same as they stand there, for keeping. */
  readonly texts: readonly PolicyText[];
  readonly problems: readonly PolicyProblem[];
  /** SHA-256 over the parsed, canonical content, in hexadecimal: comments and layout do not count. */
  readonly hash: string;
};

// Many times what a pack has, so that a folder that is none is told apart before it is read.
const largestFile = 2 * 1024 * 1024;
const mostBytes = 64 * 1024 * 1024;
const mostEntries = 2_000;
const mostLevels = 5;

/**
 * Reads every YAML file below `folder`. A folder that is not there throws; a file that cannot be read as YAML is a problem. A folder
 * without pack.yaml is no pack, and nothing in it is looked at.
 */
export async function readPolicyFolder(folder: string): Promise<PolicyFolder> {
  const { names, problems } = await listFiles(folder);
  const files: PolicyFile[] = [];
  const texts: PolicyText[] = [];
  let bytesLeft = mostBytes;
  for (const name of names) {
    const where = path.join(folder, name);
    const { size } = await stat(where);
    bytesLeft -= size;
    if (size > largestFile || bytesLeft < 0) {
      const what =
        size > largestFile
          ? 'the file is larger than 2 megabytes'
          : 'with this file the pack is larger than 64 megabytes';
      problems.push({ level: 'error', file: name, line: 1, message: what });
      continue;
    }
    const bytes = await readFile(where);
    const read = readPolicyBytes(name, bytes);
    if (read.file !== undefined) {
      files.push(read.file);
      texts.push({ name, text: bytes.toString('utf8') });
    }
    problems.push(...read.problems);
  }
  return { files, texts, problems, hash: hashOf(files) };
}

/**
 * Understands a pack whose files were kept as texts, as `readPolicyFolder` gave them. A server does this while it answers: after each
 * file whoever waits gets a turn, so that nobody waits for longer than the largest file takes (all of them take half a second).
 */
export async function readPolicyTexts(texts: readonly PolicyText[]): Promise<PolicyFolder> {
  const read: ReadFile[] = [];
  for (const { name, text } of texts) {
    read.push(readPolicyFile(name, text));
    await setImmediate();
  }
  const files = read.flatMap(({ file }) => file ?? []);
  return { files, texts, problems: read.flatMap(({ problems }) => problems), hash: hashOf(files) };
}

function hashOf(files: readonly PolicyFile[]): string {
  const canonical = JSON.stringify(files.map(({ name, data }) => [name, sortKeys(data)]));
  return sha256(canonical);
}

// The names of all files to read, sorted, with forward slashes.
async function listFiles(folder: string): Promise<{ names: string[]; problems: PolicyProblem[] }> {
  const names: string[] = [];
  const problems: PolicyProblem[] = [];
  // What is left out may be a prohibition, so what is not read is a mistake, whatever it is.
  const leaveOut = (file: string, message: string) =>
    problems.push({ level: 'error', file, line: 1, message: `this is not read: ${message}` });
  let entries = 0;
  const list = async (below: string, level: number): Promise<void> => {
    for (const entry of await readdir(path.join(folder, below), { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name.endsWith('.md')) continue;
      entries += 1;
      if (entries > mostEntries) return;
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      // A link to a file is how some container platforms mount one. A link to a folder could lead round in a circle.
      const found = entry.isSymbolicLink() ? await stat(path.join(folder, name)).catch(() => null) : entry;
      if (found === null) leaveOut(name, 'the link leads nowhere');
      else if (found.isDirectory()) {
        if (entry.isSymbolicLink())
          leaveOut(name, 'a folder of a guidance pack is not a link to another one');
        else if (level === mostLevels) leaveOut(name, 'a guidance pack has no folders as deep as this');
        else await list(name, level + 1);
      } else if (!found.isFile()) leaveOut(name, 'it is not a file, but a pipe, a socket or a device');
      else if (!name.endsWith('.yaml')) leaveOut(name, 'a guidance pack is files that end in `.yaml`');
      else names.push(name);
    }
  };
  if (!(await readdir(folder)).includes('pack.yaml')) return { names, problems };
  await list('', 1);
  if (entries <= mostEntries) return { names: names.sort(), problems };
  const message = `the folder holds more than ${mostEntries} files and folders, and a guidance pack does not`;
  return { names: [], problems: [{ level: 'error', file: 'pack.yaml', line: 1, message }] };
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
