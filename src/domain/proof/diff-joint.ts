import { buildTable, type Table, type TableFact } from '../decision/table.ts';
import { canonicalText } from '../policy/canonical.ts';
import type { Fact, Pack } from '../policy/pack.ts';
import type { Day } from '../shared/day.ts';
import type { Diagrams, NodeId } from './diagram.ts';
import { type Pairs, pairSpaces } from './diff-pairs.ts';
import { foreignValues, inWordsOfBoth, situationsKey, type ToolGroup, widenedRules } from './diff-words.ts';
import { both, buildSpaceIn, cubeOf, newDiagrams, no, type Space, yes } from './space.ts';

/**
 * The situations of two packs in one set of diagrams. What somebody states is one variable for both. A fact that the packs may
 * give different values for the same statement (what is recorded differs, or whether the fact applies) is two variables, and
 * `compared` says which values belong together.
 */
export type Joint = Pairs & {
  readonly group: ToolGroup;
  readonly diagrams: Diagrams;
  readonly before: JointSide;
  readonly after: JointSide;
  /** Both packs have the same situations, so that only their rules can make a difference. */
  readonly hasSameSituations: boolean;
  /** Ids of facts that mean something else, or apply elsewhere, by themselves. */
  readonly otherFacts: readonly string[];
  /** Ids of the values of key facts (organisations) for which another value is recorded. */
  readonly otherKeys: readonly { readonly fact: string; readonly value: string }[];
};

export type JointSide = {
  readonly space: Space;
  /** Keeps the variables of the other pack at one value, so that they are not counted. */
  readonly pins: NodeId;
};

/** Puts two packs side by side for a group of tools. Throws `NotComparable` and `BudgetExceeded`. */
export function buildJoint(before: Pack, after: Pack, group: ToolGroup, day: Day): Joint {
  const old = inWordsOfBoth(before, before, after, group);
  const young = inWordsOfBoth(after, before, after, group);
  const hasSameSituations =
    !group.isMoved && situationsKey(old) === situationsKey(young) && haveTheSameValues(before, after);
  const apart = hasSameSituations ? new Set<string>() : factsApart(old, young, group);
  const tables = { before: buildTable(old, day), after: buildTable(young, day) };
  const variables = variablesOf(tables, apart);
  const diagrams = newDiagrams(variables.map(({ entry }) => entry.values.length));
  const placeIn = (table: Table, side: 'before' | 'after'): number[] =>
    table.facts.map(({ fact }) =>
      variables.findIndex((one) => one.id === fact.id && (one.side === 'both' || one.side === side)),
    );
  const spaces = {
    before: buildSpaceIn(diagrams, tables.before, old, placeIn(tables.before, 'before')),
    after: hasSameSituations
      ? null
      : buildSpaceIn(diagrams, tables.after, young, placeIn(tables.after, 'after')),
  };
  const first = cut(spaces.before, group, foreignOf(before, after));
  const second =
    spaces.after === null
      ? { ...first, table: tables.after, pack: young }
      : cut(spaces.after, group, foreignOf(after, before));
  const pinsOf = ({ placeOf }: Space): NodeId =>
    diagrams.cube(
      [...variables.keys()]
        .filter((variable) => !placeOf.includes(variable))
        .map((variable) => ({ variable, bits: 1 })),
      yes,
      no,
    );
  const sides = {
    before: { space: first, pins: pinsOf(first) },
    after: { space: second, pins: pinsOf(second) },
  };
  const pairs = hasSameSituations
    ? { compared: first.fitting, lost: no, gained: no }
    : pairSpaces(first, second, apart);
  return {
    group,
    diagrams,
    ...sides,
    compared: pairs.compared,
    lost: both(diagrams, pairs.lost, sides.before.pins),
    gained: both(diagrams, pairs.gained, sides.after.pins),
    hasSameSituations,
    otherFacts: otherFacts(old, young),
    otherKeys: otherKeys(old, young),
  };
}

/** A side of the joint with the rules that a pack has in force on a day. */
export function sideOn({ space }: JointSide, pack: Pack, day: Day, group: ToolGroup): Space {
  const days = sidesOf.get(space)?.get(pack) ?? new Map<Day, Space>();
  sidesOf.set(space, (sidesOf.get(space) ?? new WeakMap()).set(pack, days));
  const known = days.get(day);
  if (known !== undefined) return known;
  const worded: Pack = { ...space.pack, rules: widenedRules(pack, group), conditions: pack.conditions };
  const made = { ...space, pack: worded, table: buildTable(worded, day) };
  days.set(day, made);
  return made;
}

// One policy may be compared with many.
const sidesOf = new WeakMap<Space, WeakMap<Pack, Map<Day, Space>>>();

// Facts whose value can be another after for what was stated before.
function factsApart(before: Pack, after: Pack, group: ToolGroup): Set<string> {
  const shared = [...before.facts.values()].flatMap((own) => {
    const other = after.facts.get(own.id);
    return other === undefined ? [] : [{ own, other }];
  });
  const apart = new Set(otherFacts(before, after));
  for (const { own, other } of shared) {
    if (group.isMoved && (own.origin === 'catalogue' || other.origin === 'catalogue')) apart.add(own.id);
  }
  for (let size = -1; size !== apart.size; ) {
    size = apart.size;
    for (const { own, other } of shared) {
      const hangsOn = [...hangingOn(own, before), ...hangingOn(other, after)];
      if (hangsOn.some((id) => apart.has(id))) apart.add(own.id);
    }
  }
  return apart;
}

// What decides whether a fact applies, and what is recorded for it.
function hangingOn(fact: Fact, { organisations }: Pack): string[] {
  const records =
    fact.follows === undefined
      ? []
      : [...organisations.values()].flatMap((one) => one.records.filter((record) => record.fact === fact.id));
  const whens = [...fact.applies, ...fact.table.map(({ when }) => when), ...records.map(({ when }) => when)];
  return whens.flatMap((when) => [...when.keys()]);
}

function otherFacts(before: Pack, after: Pack): string[] {
  return [...before.facts.values()].flatMap((own) => {
    const other = after.facts.get(own.id);
    return other === undefined || meaning(own, before) === meaning(other, after) ? [] : [own.id];
  });
}

function meaning(fact: Fact, { organisations }: Pack): string {
  const { applies, table, follows, origin } = fact;
  const isGiven = follows !== undefined || origin === 'derived';
  return canonicalText({
    applies,
    table,
    follows,
    origin,
    default: isGiven ? fact.default : undefined,
    records: [...organisations.values()]
      .map(({ id, records }) => [id, records.filter((record) => record.fact === fact.id)] as const)
      .filter(([, records]) => records.length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  });
}

function otherKeys(before: Pack, after: Pack): { fact: string; value: string }[] {
  const followed = [...after.facts.values()].flatMap(({ follows }) => follows ?? []);
  return [...new Set(followed)].flatMap((fact) =>
    [...after.organisations.values()].flatMap(({ id, records }) => {
      const own = before.organisations.get(id);
      return own === undefined || canonicalText(own.records) === canonicalText(records)
        ? []
        : [{ fact, value: id }];
    }),
  );
}

type Variable = {
  readonly id: string;
  readonly side: 'both' | 'before' | 'after';
  readonly entry: TableFact;
};

// The order of the facts after; what only stood before comes where it stood, and the two of a pair stand side by side.
function variablesOf(tables: { before: Table; after: Table }, apart: ReadonlySet<string>): Variable[] {
  const inOrder = ({ order, facts }: Table): TableFact[] => order.map((index) => facts[index] as TableFact);
  const variables = inOrder(tables.after).flatMap((entry): Variable[] => {
    const { id } = entry.fact;
    if (!tables.before.factNumber.has(id)) return [{ id, side: 'after', entry }];
    return apart.has(id)
      ? [
          { id, side: 'before', entry },
          { id, side: 'after', entry },
        ]
      : [{ id, side: 'both', entry }];
  });
  let place = 0;
  for (const entry of inOrder(tables.before)) {
    const { id } = entry.fact;
    const known = variables.findLastIndex((one) => one.id === id);
    if (known < 0) variables.splice(place, 0, { id, side: 'before', entry });
    place = known < 0 ? place + 1 : known + 1;
  }
  return variables;
}

function haveTheSameValues(before: Pack, after: Pack): boolean {
  return [...before.facts.keys()].every(
    (id) => foreignValues(before, after, id).length + foreignValues(after, before, id).length === 0,
  );
}

function foreignOf(pack: Pack, other: Pack): ReadonlyMap<string, readonly string[]> {
  return new Map([...pack.facts.keys()].map((id) => [id, foreignValues(pack, other, id)]));
}

// Only the tools of the group, and only values that the pack itself has.
function cut(space: Space, group: ToolGroup, foreign: ReadonlyMap<string, readonly string[]>): Space {
  const { diagrams, table } = space;
  const tests = table.facts.flatMap(({ fact, index, allBits, naBit, numberOf }) => {
    if (fact.valuesFrom === 'tools') {
      const other = 1 << (fact.values.length - 1);
      return group.hasOthers ? [] : [{ fact: index, bits: allBits & ~other }];
    }
    let bits = allBits | naBit;
    for (const value of foreign.get(fact.id) ?? []) bits &= ~(1 << (numberOf.get(value) ?? 31));
    return bits === (allBits | naBit) ? [] : [{ fact: index, bits }];
  });
  if (tests.length === 0) return space;
  const own = cubeOf(space, tests, yes, no);
  const possible = both(diagrams, space.possible, own);
  return { ...space, possible, fitting: both(diagrams, space.fitting, own) };
}
