import type { Pack } from '#domain/policy/pack.ts';

/** The parameters of an address as they came: a repeated one is a list. */
export type Query = Readonly<Record<string, unknown>>;

/** Parameters that are not facts: the policy an answer was given under, a form that was sent, and a reminder's choices. */
const ownParameters = new Set(['policy', 'sent', 'every', 'ends', 'change']);

/** The facts in an address. Chosen options of a form (`answer.marking`) and the page's own parameters are left out. */
export function factsIn(query: Query): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).filter(
      ([name]) => !ownParameters.has(name) && !name.startsWith('answer.') && !name.startsWith('utm_'),
    ),
  );
}

/**
 * An address with facts, names sorted, so that the same answers always have the same address. Facts must not be changed after
 * they have been in an address.
 */
export function hrefOf(
  path: string,
  stated: Iterable<readonly [string, string]>,
  extra: Readonly<Record<string, string>> = {},
): string {
  const own = partsOf(stated);
  const others = Object.entries(extra);
  const query = others.length === 0 ? own.query : inOrder([...own.parts, ...others.map(partOf)]);
  return query === '' ? path : `${path}?${query}`;
}

type Part = { readonly name: string; readonly text: string };
type Parts = { readonly parts: readonly Part[]; readonly query: string };

// A page holds dozens of addresses with the same facts, one after the other, so the last ones are remembered.
let last: { readonly stated: Iterable<readonly [string, string]>; readonly made: Parts } | undefined;
function partsOf(stated: Iterable<readonly [string, string]>): Parts {
  if (last?.stated === stated) return last.made;
  const parts = Array.from(stated, partOf);
  const made = { parts, query: inOrder(parts) };
  last = { stated, made };
  return made;
}

function partOf([name, value]: readonly [string, string]): Part {
  return { name, text: `${encoded(name)}=${encoded(value)}` };
}

function inOrder(parts: readonly Part[]): string {
  const sorted = parts.toSorted(({ name: a }, { name: b }) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted.map(({ text }) => text).join('&');
}

// Most names and values are plain, and telling is quicker than encoding.
function encoded(text: string): string {
  return /^[\w.-]*$/.test(text) ? text : encodeURIComponent(text).replaceAll('%20', '+');
}

/** The facts that stay when somebody asks about something else: those that are about the asker. */
export function keptFacts(pack: Pack, stated: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...stated].filter(([fact]) => pack.facts.get(fact)?.keep === true));
}

/** The one text value of a parameter; undefined where it is absent, empty or repeated. */
export function textIn(query: Query, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
