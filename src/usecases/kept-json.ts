/**
 * JSON that is made of the same parts again and again: the reasons and conditions of an answer never change under one pack.
 * Each part is made once, and its bytes are written once.
 */
const written = new WeakMap<object, Bytes>();

/**
 * Bytes of UTF-8 as a text with one letter for each byte (Latin-1). Such texts are put together and sent as they are; a text with a
 * single typographic quote in it would have to be made into bytes as a whole, each time.
 */
type Bytes = string;

/**
 * The same function, which makes one value for each thing and remembers it as long as the thing lives. Things never change, and
 * `rest` is the same for the same thing, as the pack that it belongs to is.
 */
export function keptJson<Thing extends object, Json extends object, Rest extends readonly unknown[]>(
  make: (thing: Thing, ...rest: Rest) => Json,
): (thing: Thing, ...rest: Rest) => Json {
  const made = new WeakMap<Thing, Json>();
  return (thing, ...rest) => {
    const known = made.get(thing);
    if (known !== undefined) return known;
    const json = make(thing, ...rest);
    made.set(thing, json);
    written.set(json, bytesOf(JSON.stringify(json)));
    return json;
  };
}

/** The bytes of a JSON object, exactly as `JSON.stringify` writes it, but with the remembered bytes of its fields and of the parts of its lists. */
export function jsonBytes(value: object): Buffer {
  let all: Bytes = '';
  for (const [name, field] of Object.entries(value)) {
    const bytes = Array.isArray(field) ? ofList(field) : ofOne(field);
    if (bytes !== undefined) all += `${all === '' ? '{' : ','}${ofName(name)}:${bytes}`;
  }
  return Buffer.from(all === '' ? '{}' : `${all}}`, 'latin1');
}

function ofOne(value: unknown): Bytes | undefined {
  // Most fields are one word or none, and need nothing looked up.
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  const known = typeof value === 'object' && value !== null ? written.get(value) : undefined;
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  return text === undefined ? undefined : bytesOf(text);
}

function ofList(list: readonly unknown[]): Bytes {
  if (list.length === 0) return '[]';
  const known = written.get(list);
  if (known !== undefined) return known;
  if (typeof list[0] !== 'object' || list[0] === null) return bytesOf(JSON.stringify(list));
  let all: Bytes = '';
  for (const part of list) all += (all === '' ? '[' : ',') + (ofOne(part) ?? 'null');
  return `${all}]`;
}

// The names of fields are always the same few.
const names = new Map<string, Bytes>();
const mostNames = 1_000;
function ofName(name: string): Bytes {
  const known = names.get(name);
  if (known !== undefined) return known;
  const bytes = bytesOf(JSON.stringify(name));
  if (names.size < mostNames) names.set(name, bytes);
  return bytes;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is its own bytes
const plain = /^[\u0000-\u007f]*$/;
function bytesOf(text: string): Bytes {
  return plain.test(text) ? text : Buffer.from(text).toString('latin1');
}
