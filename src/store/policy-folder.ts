import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { isMap, isScalar, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { PolicyFile, PolicyProblem } from '#domain/policy/problem.ts';

/** A guidance pack as it stands in a folder: read, not understood yet. */
export type PolicyFolder = {
  readonly files: readonly PolicyFile[];
  readonly problems: readonly PolicyProblem[];
  /** SHA-256 over the parsed, canonical content, in hexadecimal: comments and layout do not count. */
  readonly hash: string;
};

const largestFile = 2 * 1024 * 1024;

/** Reads every YAML file below `folder`. A folder that is not there throws; a file that is not YAML is a problem. */
export async function readPolicyFolder(folder: string): Promise<PolicyFolder> {
  const names = (await readdir(folder, { recursive: true }))
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => !name.split('/').some((part) => part.startsWith('.')) && !name.endsWith('.md'))
    .sort();
  const files: PolicyFile[] = [];
  const problems: PolicyProblem[] = [];
  for (const name of names) {
    const where = path.join(folder, name);
    const found = await stat(where);
    if (found.isDirectory() && !name.endsWith('.yaml')) continue;
    // What is left out may be a prohibition, so a file that is not read is a mistake, whatever it is.
    if (!name.endsWith('.yaml') || !found.isFile()) {
      problems.push({
        level: 'error',
        file: name,
        line: 1,
        message: 'this is not read: a guidance pack is files that end in `.yaml`',
      });
      continue;
    }
    if (found.size > largestFile) {
      problems.push({ level: 'error', file: name, line: 1, message: 'the file is larger than 2 megabytes' });
      continue;
    }
    const read = readPolicyFile(name, await readFile(where, 'utf8'));
    if (read.file !== undefined) files.push(read.file);
    problems.push(...read.problems);
  }
  const canonical = JSON.stringify(files.map(({ name, data }) => [name, sortKeys(data)]));
  return { files, problems, hash: createHash('sha256').update(canonical).digest('hex') };
}

/** Reads one file of a pack. Aliases are refused: they are how a small YAML file becomes an endless one. */
export function readPolicyFile(name: string, text: string): { file?: PolicyFile; problems: PolicyProblem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    strict: true,
    logLevel: 'silent',
  });
  const problems = document.errors.map(
    (error): PolicyProblem => ({
      level: 'error',
      file: name,
      line: lines.linePos(error.pos[0]).line || 1,
      message: `this is not YAML: ${(error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')}`,
    }),
  );
  if (problems.length > 0) return { problems: problems.slice(0, 1) };
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 0 });
  } catch {
    const line = text.slice(0, Math.max(0, text.search(/\*[A-Za-z0-9_-]+/))).split('\n').length;
    return {
      problems: [
        {
          level: 'error',
          file: name,
          line,
          message: 'aliases (`*name`) have no place in a guidance pack',
          help: 'Write the value out.',
        },
      ],
    };
  }
  const lineOf = (where: readonly (string | number)[]): number => lineAt(document.contents, where, lines);
  return { file: { name, data, lineOf }, problems };
}

// The line of the deepest part of the path that is there, so that a missing field points at what misses it.
function lineAt(root: ParsedNode | null, where: readonly (string | number)[], lines: LineCounter): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of where) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined) break;
      offset = (pair.key as ParsedNode).range[0];
      node = pair.value;
      if (node === null) break;
    } else {
      node = (node as { items?: unknown[] } | null)?.items?.[Number(part)];
      if (node === undefined) break;
      offset = (node as ParsedNode).range?.[0] ?? offset;
    }
  }
  return lines.linePos(offset).line || 1;
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
