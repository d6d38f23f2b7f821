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
    written.set(json, packed(JSON.stringify(json)));
    return json;
  };
}

/** A JSON object in pieces, most of which are remembered: to be kept in a fraction of the room that its bytes take. */
export type JsonParts = readonly Bytes[];

/** The bytes of a JSON object, exactly as `JSON.stringify` writes it, but with the remembered bytes of its fields and of the parts of its lists. */
export function jsonBytes(value: object): Buffer {
  return bytesOf(jsonParts(value));
}

/** The pieces that `bytesOf` puts together. */
export function jsonParts(value: object): JsonParts {
  const parts: Bytes[] = [];
  for (const [name, field] of Object.entries(value)) {
    const before = parts.length === 0 ? '{' : ',';
    if (!Array.isArray(field)) {
      const bytes = ofOne(field);
      if (bytes !== undefined) parts.push(before, ofName(name), bytes);
    } else {
      parts.push(before, ofName(name));
      pushList(parts, field);
    }
  }
  parts.push(parts.length === 0 ? '{}' : '}');
  return parts;
}

/** The bytes of a JSON object that was taken apart. */
export function bytesOf(parts: JsonParts): Buffer {
  return Buffer.from(parts.join(''), 'latin1');
}

function ofOne(value: unknown): Bytes | undefined {
  // Most fields are one word or none, and need nothing looked up.
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  const known = typeof value === 'object' && value !== null ? written.get(value) : undefined;
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  return text === undefined ? undefined : packed(text);
}

function pushList(parts: Bytes[], list: readonly unknown[]): void {
  const known = written.get(list);
  if (known !== undefined) parts.push(known);
  else if (typeof list[0] !== 'object' || list[0] === null) parts.push(packed(JSON.stringify(list)));
  else {
    for (const [place, part] of list.entries()) parts.push(place === 0 ? '[' : ',', ofOne(part) ?? 'null');
    parts.push(']');
  }
}

// The names of fields are always the same few, each with its colon.
const names = new Map<string, Bytes>();
const mostNames = 1_000;
function ofName(name: string): Bytes {
  const known = names.get(name);
  if (known !== undefined) return known;
  const bytes = `${packed(JSON.stringify(name))}:`;
  if (names.size < mostNames) names.set(name, bytes);
  return bytes;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is its own bytes
const plain = /^[\u0000-\u007f]*$/;
function packed(text: string): Bytes {
  return plain.test(text) ? text : Buffer.from(text).toString('latin1');
}
