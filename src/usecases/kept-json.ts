/**
 * JSON that is made of the same parts again and again: the reasons and conditions of an answer never change under one pack.
 * Each part is made once, and its text is written once.
 */
const texts = new WeakMap<object, string>();

/** The same function, which makes one value for each thing and remembers it as long as the thing lives. Things never change. */
export function keptJson<Thing extends object, Json extends object>(
  make: (thing: Thing) => Json,
): (thing: Thing) => Json {
  const made = new WeakMap<Thing, Json>();
  return (thing) => {
    const known = made.get(thing);
    if (known !== undefined) return known;
    const json = make(thing);
    made.set(thing, json);
    texts.set(json, JSON.stringify(json));
    return json;
  };
}

/** The text of a JSON object, exactly as `JSON.stringify` writes it, but with the remembered text of the parts of its lists. */
export function jsonText(value: object): string {
  const fields: string[] = [];
  for (const [name, field] of Object.entries(value)) {
    const text = Array.isArray(field) ? listText(field) : JSON.stringify(field);
    if (text !== undefined) fields.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${fields.join(',')}}`;
}

function listText(list: readonly unknown[]): string {
  const first = list[0];
  // A list has remembered parts throughout, or none.
  if (typeof first !== 'object' || first === null || !texts.has(first)) return JSON.stringify(list);
  return `[${list.map((part) => texts.get(part as object) ?? JSON.stringify(part)).join(',')}]`;
}
