import { isAscii } from 'node:buffer';
import type { Readable } from 'node:stream';
import { ServiceError } from '#platform/errors.ts';
import type { RequestError } from './problem.ts';

/** A body as it was read. `repeated` has the JSON Pointers of keys that stand twice, of which JSON would keep the last. */
export type ReadBody = { readonly value: unknown; readonly repeated: readonly string[] };

/** The most bytes that a body may have. */
export const largestBody = 64 * 1024;

/**
 * Reads a body to its end; null where it is too large. The rest of such a body is let through and dropped, because a caller
 * that is cut off while it sends never sees the answer. The server's own time limit ends an endless one.
 */
export function readBytes(stream: Readable, done: (error: Error | null, bytes: Buffer | null) => void): void {
  let chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
    else if (size - chunk.length <= largestBody) {
      chunks = [];
      done(null, null);
    }
  });
  stream.on('end', () => {
    if (size > largestBody) return;
    const [first] = chunks;
    done(null, chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
  });
  stream.on('error', (error) => {
    if (size <= largestBody) done(error, null);
  });
}

/** Reads the text of a JSON body. What is not JSON throws `bad-request`. */
export function readJson(text: string): ReadBody {
  if (text === '') throw new ServiceError('bad-request', 'The body is empty. It must be JSON.');
  try {
    const value: unknown = JSON.parse(text);
    return { value, repeated: mayRepeatKeys(value, text) ? findRepeatedKeys(text) : [] };
  } catch (error) {
    const position = /at position (\d+)/.exec(String(error))?.[1];
    const where = position === undefined ? 'it ends too early' : placeOf(text, Number(position));
    throw new ServiceError('bad-request', `The body is not JSON: ${where}.`);
  }
}

/** Whether JSON holds an object: neither a list nor null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A name as a part of a JSON Pointer (RFC 6901). */
export function pointerPart(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** What a key that stands twice is, as an error of the request. */
export function repeatedKey(pointer: string): RequestError {
  const name = pointer.slice(pointer.lastIndexOf('/') + 1).slice(0, 60);
  return { pointer, detail: `\`${name}\` is given more than once` };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a body. What is not UTF-8 throws `bad-request`. */
export function decode(bytes: Buffer): string {
  // What people ask about is mostly plain, and then no letter has to be looked at.
  if (isAscii(bytes)) return bytes.toString('latin1');
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ServiceError('bad-request', 'The body is not text in UTF-8.');
  }
}

function placeOf(text: string, position: number): string {
  const lines = text.slice(0, position).split('\n');
  return `there is a mistake in line ${lines.length}, at character ${(lines.at(-1)?.length ?? 0) + 1}`;
}

// JSON.parse keeps one of two keys that are the same, so then the text has more keys than the value. Counting them takes a
// fraction of the time of looking for them. A colon in a text, or a key far inside, only makes it look.
function mayRepeatKeys(value: unknown, text: string): boolean {
  return keysOf(value, 3) < colonsIn(text);
}

function colonsIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) count += 1;
  return count;
}

function keysOf(value: unknown, levels: number): number {
  if (levels === 0 || typeof value !== 'object' || value === null) return 0;
  const parts = Object.values(value);
  let count = Array.isArray(value) ? 0 : parts.length;
  for (const part of parts) if (typeof part === 'object') count += keysOf(part, levels - 1);
  return count;
}

type Level = { readonly keys: Set<string> | null; key: string; isKeyNext: boolean; index: number };

// Only for text that JSON.parse has accepted, so the signs alone say where a key stands. Deeper than the facts nothing is
// read, so nothing there can be lost.
function findRepeatedKeys(text: string): string[] {
  const repeated = new Set<string>();
  const levels: Level[] = [];
  for (const [sign] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g)) {
    const level = levels.at(-1);
    if (sign === '{') levels.push({ keys: new Set(), key: '', isKeyNext: true, index: 0 });
    else if (sign === '[') levels.push({ keys: null, key: '0', isKeyNext: false, index: 0 });
    else if (sign === '}' || sign === ']') levels.pop();
    else if (level === undefined) continue;
    else if (sign === ',') startEntry(level);
    else if (level.isKeyNext) {
      level.key = JSON.parse(sign) as string;
      level.isKeyNext = false;
      if (level.keys?.has(level.key) && levels.length <= 2)
        repeated.add(levels.map(({ key }) => pointerPart(key)).join(''));
      level.keys?.add(level.key);
    }
  }
  return [...repeated];
}

function startEntry(level: Level): void {
  level.index += 1;
  level.isKeyNext = level.keys !== null;
  if (level.keys === null) level.key = String(level.index);
}
