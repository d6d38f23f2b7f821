import { isCollection, isMap, isPair, isScalar, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import type { PolicyFile, PolicyProblem } from '#domain/policy/problem.ts';

// More than any part of a pack has. What looks into a mapping may take time that grows with the square of its keys.
const mostKeys = 1_000;
const mostLevels = 100;

/** A file of a pack that was read, or the first thing that keeps it from being read. */
export type ReadFile = { readonly file?: PolicyFile; readonly problems: readonly PolicyProblem[] };

/** Reads the bytes of one file of a pack, which must be text in UTF-8. */
export function readPolicyBytes(name: string, bytes: Uint8Array): ReadFile {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return refuse(name, lineThatIsNotText(bytes), 'this is not text in UTF-8', 'Save the file as UTF-8.');
  }
  return readPolicyFile(name, text);
}

/** Reads one file of a pack. Aliases are refused: they are how a small YAML file becomes an endless one. */
export function readPolicyFile(name: string, text: string): ReadFile {
  const lines = new LineCounter();
  // The library compares every key with every one before it. `findProblem` looks for repeated ones in one walk.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    strict: true,
    logLevel: 'silent',
  });
  const lineAtOffset = (offset: number) => lines.linePos(offset).line || 1;
  const broken = [
    ...document.errors.map(({ pos, message }) => ({ offset: pos[0], message: describeYamlError(message) })),
    ...findProblem(document.contents),
  ].sort((a, b) => a.offset - b.offset)[0];
  if (broken !== undefined) return refuse(name, lineAtOffset(broken.offset), broken.message);
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 0 });
  } catch {
    const line = text.slice(0, Math.max(0, text.search(/\*[A-Za-z0-9_-]+/))).split('\n').length;
    return refuse(name, line, 'aliases (`*name`) have no place in a guidance pack', 'Write the value out.');
  }
  const lineOf = (where: readonly (string | number)[]): number => lineAt(document.contents, where, lines);
  return { file: { name, data, lineOf }, problems: [] };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

// No character of UTF-8 has the byte of a line break inside it, so each line is text of its own.
function lineThatIsNotText(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(0x0a, start);
    const end = found === -1 ? bytes.length : found;
    try {
      utf8.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return 1;
}

function refuse(file: string, line: number, message: string, help?: string): ReadFile {
  return {
    problems: [{ level: 'error', file, line, message, ...(help === undefined ? {} : { help }) }],
  };
}

function describeYamlError(message: string): string {
  if (message.includes('call stack')) return tooDeep;
  return `this is not YAML: ${(message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')}`;
}

const tooDeep = `something here is nested more than ${mostLevels} levels deep`;

type Found = { readonly offset: number; readonly message: string };

// At most one, since everything else may follow from it.
function findProblem(root: unknown): readonly Found[] {
  const find = (node: unknown, level: number): Found | null => {
    if (!isCollection(node)) return null;
    const offset = node.range?.[0] ?? 0;
    if (level > mostLevels) return { offset, message: tooDeep };
    if (isMap(node) && node.items.length > mostKeys)
      return {
        offset,
        message: `a mapping has more than ${mostKeys} keys, and none in a guidance pack does`,
      };
    const keys = new Set<unknown>();
    for (const item of node.items) {
      if (isPair(item)) {
        const key = isScalar(item.key) ? item.key.value : item.key;
        const at = (item.key as ParsedNode | null)?.range?.[0] ?? offset;
        if (keys.has(key)) return { offset: at, message: 'this is not YAML: Map keys must be unique' };
        keys.add(key);
      }
      const found = find(isPair(item) ? item.value : item, level + 1);
      if (found !== null) return found;
    }
    return null;
  };
  const found = find(root, 1);
  return found === null ? [] : [found];
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
