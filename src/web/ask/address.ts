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

/** An address with facts, names sorted, so that the same answers always have the same address. */
export function hrefOf(
  path: string,
  stated: Iterable<readonly [string, string]>,
  extra: Readonly<Record<string, string>> = {},
): string {
  const pairs = [...stated, ...Object.entries(extra)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const query = pairs
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value).replaceAll('%20', '+')}`)
    .join('&');
  return query === '' ? path : `${path}?${query}`;
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
