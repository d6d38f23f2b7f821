/**
 * A value of a pack as text in which what means the same reads the same: where something stands in its file is left out, and sets
 * and the names in maps and objects are put in order. Lists keep theirs.
 */
export function canonicalText(value: unknown): string {
  return JSON.stringify(ordered(value)) ?? 'undefined';
}

function ordered(value: unknown): unknown {
  if (value instanceof Set) return [...value].map(ordered).sort();
  if (value instanceof Map) return inOrder([...value]);
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value === 'object' && value !== null) return inOrder(Object.entries(value));
  return value;
}

function inOrder(entries: readonly (readonly [unknown, unknown])[]): unknown {
  return entries
    .filter(([name, value]) => name !== 'at' && value !== undefined && typeof value !== 'function')
    .map(([name, value]) => [String(name), ordered(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
