import type { Cause, ChangeOf } from './diff-changes.ts';

/**
 * The name by which a change is acknowledged: what changes, and who is responsible. The same change by the same rules has the same
 * name, however many situations it covers; another rule makes it another name.
 */
export function changeName(of: ChangeOf, causes: readonly Pick<Cause, 'kind' | 'id'>[]): string {
  const ids = causes.map(({ id }) => id).sort();
  const named = ids.slice(0, mostNamed);
  const rest = ids.slice(mostNamed);
  const more = rest.length === 0 ? [] : [`${rest.length}-more-${digest(rest.join())}`];
  const who = [...named, ...more].join('+');
  return who === '' ? what(of) : `${what(of)}:${who}`;
}

const mostNamed = 3;

function what(of: ChangeOf): string {
  return of.kind === 'verdict' ? `${of.from}-to-${of.to}` : `${of.condition}-${of.how}`;
}

// FNV-1a, 32 bits: enough to tell lists of rules apart.
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
