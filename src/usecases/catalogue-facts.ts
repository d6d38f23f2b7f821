import type { Fact, FactValue, Pack, Tool } from '#domain/policy/pack.ts';

/**
 * What the catalogue can be filtered by, and the fact behind it. A fact of the catalogue called `toolKind` is asked for as
 * `kind`, so the code needs to know no fact by name.
 */
export function catalogueFact(pack: Pack, filter: string): Fact | undefined {
  const fact = pack.facts.get(`tool${filter.charAt(0).toUpperCase()}${filter.slice(1)}`);
  return fact?.origin === 'catalogue' ? fact : undefined;
}

/** What a catalogue fact is for a tool: what is recorded, or else the default of the pack. Null where there is neither. */
export function valueForTool(tool: Tool, fact: Fact | undefined): FactValue | null {
  if (fact === undefined) return null;
  const id = tool.facts.get(fact.id) ?? fact.default;
  return fact.values.find((value) => value.id === id) ?? null;
}
