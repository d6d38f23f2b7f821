import type { TableFact } from '../decision/table.ts';
import type { NodeId } from './diagram.ts';
import { both, cubeOf, either, no, type Space, shadowOn, without, yes } from './space.ts';

/** What belongs together of two spaces over the same variables, and what is left on each side. */
export type Pairs = {
  /** The pairs of a situation before and what it becomes after. */
  readonly compared: NodeId;
  /** Situations before that become nothing, and situations after that nothing becomes. */
  readonly lost: NodeId;
  readonly gained: NodeId;
};

/**
 * Pairs the situations of two spaces. Facts that are two variables (`apart`) are linked; all others are one variable and so the
 * same on both sides. A pair is compared where somebody is asked about one of the two.
 */
export function pairSpaces(before: Space, after: Space, apart: Iterable<string>): Pairs {
  const { diagrams } = before;
  // Last facts first: a conjunction grows least from the end of the order.
  const links = [...apart]
    .map((id) => linkOf(before, after, id))
    .sort((a, b) => diagrams.variableOf(b) - diagrams.variableOf(a));
  let related = both(diagrams, before.possible, after.possible);
  for (const link of links) related = both(diagrams, related, link);
  const fits = either(diagrams, before.fitting, after.fitting);
  const all = (space: Space): number[] => [...space.table.facts.keys()];
  const known = shadowOn(before, related, all(before));
  const kept = shadowOn(after, related, all(after));
  return {
    compared: both(diagrams, related, fits),
    lost: without(diagrams, before.fitting, known),
    gained: without(diagrams, after.fitting, kept),
  };
}

// Which values of a fact belong together: any, where the packs say by themselves what it is; else the same one, or any where it
// applies on one side only.
function linkOf(before: Space, after: Space, id: string): NodeId {
  const { diagrams } = before;
  const own = entryOf(before, id);
  const other = entryOf(after, id);
  const same = sameValue(before, after, own, other);
  const isNa = (space: Space, entry: TableFact): NodeId =>
    cubeOf(space, [{ fact: entry.index, bits: entry.naBit }], yes, no);
  const onlyAfter = without(
    diagrams,
    both(diagrams, isNa(before, own), absence(before, own)),
    isNa(after, other),
  );
  const onlyBefore = without(
    diagrams,
    both(diagrams, isNa(after, other), absence(after, other)),
    isNa(before, own),
  );
  const usual = either(diagrams, same, either(diagrams, onlyAfter, onlyBefore));
  const { where, link } = givenOf(before, after, own, other);
  return either(diagrams, both(diagrams, where, link), without(diagrams, usual, where));
}

function sameValue(before: Space, after: Space, own: TableFact, other: TableFact): NodeId {
  let same: NodeId = no;
  for (const value of own.values.keys()) {
    const bits = 1 << value;
    const pair = both(
      before.diagrams,
      cubeOf(before, [{ fact: own.index, bits }], yes, no),
      cubeOf(after, [{ fact: other.index, bits }], yes, no),
    );
    same = either(before.diagrams, same, pair);
  }
  return same;
}

function absence(space: Space, entry: TableFact): NodeId {
  if (entry.applies.length === 0) return no;
  const applies = entry.applies
    .map((when) => cubeOf(space, when, yes, no))
    .reduce((all, one) => either(space.diagrams, all, one));
  return without(space.diagrams, yes, applies);
}

type Given = { readonly where: NodeId; readonly link: NodeId };

// Where each pack says by itself what the fact is, by a table, a record of the catalogue or one of the register, and what then
// belongs together.
function givenOf(before: Space, after: Space, own: TableFact, other: TableFact): Given {
  const { fact } = other;
  if (fact.origin === 'derived' && own.fact.origin === 'derived') return { where: yes, link: yes };
  if (fact.follows !== undefined && fact.follows === own.fact.follows) {
    const key = entryOf(after, fact.follows);
    return { where: cubeOf(after, [{ fact: key.index, bits: key.allBits }], yes, no), link: yes };
  }
  const tool = after.table.facts.find((entry) => entry.fact.valuesFrom === 'tools');
  const isHeld = fact.origin === 'catalogue' || own.fact.origin === 'catalogue';
  return tool === undefined || !isHeld ? { where: no, link: no } : heldOf(before, after, own, other, tool);
}

function heldOf(before: Space, after: Space, own: TableFact, other: TableFact, tool: TableFact): Given {
  const { diagrams } = before;
  let where: NodeId = no;
  let link: NodeId = no;
  for (const [value, id] of tool.values.entries()) {
    const [was, is] = [before, after].map(({ pack }) => pack.tools.get(id)?.facts.get(other.fact.id));
    if (was === is) continue;
    const here = cubeOf(after, [{ fact: tool.index, bits: 1 << value }], yes, no);
    const old = was === undefined ? usually(before, own) : yes;
    const young = is === undefined ? usually(after, other) : yes;
    where = either(diagrams, where, here);
    link = either(diagrams, link, both(diagrams, here, both(diagrams, old, young)));
  }
  return { where, link };
}

// Where nothing is recorded somebody may claim a value, which nobody could before or can after. So the default is what it becomes.
function usually(space: Space, { index, defaultNumber, naBit }: TableFact): NodeId {
  return defaultNumber < 0
    ? yes
    : cubeOf(space, [{ fact: index, bits: (1 << defaultNumber) | naBit }], yes, no);
}

function entryOf({ table }: Space, id: string): TableFact {
  const entry = table.facts[table.factNumber.get(id) ?? -1];
  if (entry === undefined) throw new Error(`there is no fact \`${id}\` here`);
  return entry;
}
