import type { TableFact } from '../decision/table.ts';
import type { PolicyPromise } from '../policy/pack.ts';
import { isPermission, severityOf, type Verdict } from '../shared/verdict.ts';
import type { Diagrams, Join, NodeId } from './diagram.ts';
import { findSituation, nodeOf, type Proving, presenceOf, whereSomeRule } from './proving.ts';
import type { SituationFacts } from './situation.ts';
import { both, either, no, type Space, without, yes } from './space.ts';
import { isSilence, verdictAt } from './verdict-diagram.ts';

export type ProvedPromise = {
  readonly promise: PolicyPromise;
  readonly holds: boolean;
  /** The situations the promise speaks of. */
  readonly situations: bigint;
  /** A situation that breaks it, and what the policy says there. `situation` is null where nobody can state one yet. */
  readonly broken: { readonly situation: SituationFacts | null; readonly verdict: Verdict } | null;
};

/** Proves one promise, or breaks it with a situation. It ranges over everything that can happen, whether or not it is ever asked. */
export function provePromise(proving: Proving, promise: PolicyPromise): ProvedPromise {
  const { space, verdict } = proving;
  const { diagrams } = space;
  const region = regionOf(proving, promise);
  const breaking = breakingOf(proving, promise, region);
  const found = breaking === no ? null : findSituation(space, breaking);
  const anywhere = breaking === no ? null : (found?.values ?? diagrams.findOne(breaking, yes, []));
  return {
    promise,
    holds: breaking === no,
    situations: diagrams.countOnes(region),
    broken:
      anywhere === null
        ? null
        : {
            situation: found?.facts ?? null,
            verdict: verdictAt(diagrams.valueAt(verdict, anywhere)) ?? 'get-guidance',
          },
  };
}

/** Where the promise is broken, as a 0/1 diagram: `no` where it holds everywhere. */
export function breakingOf(
  proving: Proving,
  promise: PolicyPromise,
  region = regionOf(proving, promise),
): NodeId {
  const { space, verdict } = proving;
  const { diagrams } = space;
  let breaking = both(
    diagrams,
    region,
    whereVerdict(space, verdict, (one) => isWrong(promise, one)),
  );
  const miss = (where: NodeId): void => {
    breaking = either(diagrams, breaking, without(diagrams, region, where));
  };
  for (const id of promise.adds) miss(whereAdded(proving, id));
  for (const clause of promise.shows)
    miss(whereSomeRule(space, (rule) => proving.table.rules[rule]?.cites.includes(clause) === true));
  if (promise.cited) miss(whereCited(proving));
  if (promise.neverMilderThan.size > 0)
    breaking = either(diagrams, breaking, both(diagrams, region, whereMilder(proving, promise)));
  return breaking;
}

/** The situations that a promise speaks of. */
export function regionOf({ space, verdict }: Proving, promise: PolicyPromise): NodeId {
  const { diagrams } = space;
  const where = both(
    diagrams,
    nodeOf(space, promise.when),
    promise.anyTool ? space.conceivable() : space.possible,
  );
  if (promise.ifVerdict.length === 0) return where;
  return both(
    diagrams,
    where,
    whereVerdict(space, verdict, (one) => promise.ifVerdict.includes(one)),
  );
}

function isWrong({ always, never }: PolicyPromise, verdict: Verdict): boolean {
  return (always.length > 0 && !always.includes(verdict)) || never.includes(verdict);
}

/** Where the verdict is of a sort. */
export function whereVerdict(space: Space, verdict: NodeId, isMeant: (verdict: Verdict) => boolean): NodeId {
  return whereTerminal(space, verdict, (node) => {
    const one = verdictAt(node);
    return one !== null && isMeant(one);
  });
}

/** Where no rule permits and none restricts. */
export function whereSilent(space: Space, verdict: NodeId): NodeId {
  return whereTerminal(space, verdict, isSilence);
}

// Many promises ask for the same few sorts, so each is worked out once.
const sorts = new WeakMap<Diagrams, Map<string, NodeId>>();
function whereTerminal({ diagrams }: Space, verdict: NodeId, isMeant: (node: NodeId) => boolean): NodeId {
  const to = Array.from({ length: diagrams.terminals }, (_, node) => (isMeant(node) ? yes : no));
  const known = sorts.get(diagrams) ?? new Map<string, NodeId>();
  sorts.set(diagrams, known);
  const key = `${verdict} ${to.join('')}`;
  const made = known.get(key) ?? diagrams.map(verdict, to);
  known.set(key, made);
  return made;
}

// What is said where no rule permits counts too.
function whereAdded({ space, pack, table, verdict }: Proving, id: string): NodeId {
  const added = presenceOf(space, pack, table, id);
  return pack.silence.adds.includes(id) ? either(space.diagrams, added, whereSilent(space, verdict)) : added;
}

// Where a permission applies that cites a clause, or the tool's own entry in a document.
function whereCited({ space, table }: Proving): NodeId {
  return whereSomeRule(space, (rule) => {
    const one = table.rules[rule];
    return one?.verdict != null && isPermission(one.verdict) && (one.cites.length > 0 || one.citesTool);
  });
}

// Where the verdict is milder than it would be with other values of some facts.
function whereMilder({ space, table, verdict }: Proving, promise: PolicyPromise): NodeId {
  const { diagrams } = space;
  let other = verdict;
  for (const [name, values] of promise.neverMilderThan) {
    const entry = table.facts[table.factNumber.get(name) ?? -1] as TableFact | undefined;
    const [value = ''] = values;
    const number = entry?.numberOf.get(value);
    if (entry !== undefined && number !== undefined)
      other = diagrams.withValue(other, space.placeOf[entry.index] as number, number);
  }
  return diagrams.combine(verdict, other, milderThan(promise.keeps, diagrams.terminals));
}

// A join in which the order matters: this verdict, then the one it is compared with.
function milderThan(keeps: readonly Verdict[], terminals: number): Join {
  const join = new Int32Array(terminals * terminals);
  for (let here = 0; here < terminals; here++) {
    for (let there = 0; there < terminals; there++) {
      const [own, other] = [verdictAt(here), verdictAt(there)];
      const isKept = other !== null && (keeps.length === 0 || keeps.includes(other));
      if (own !== null && other !== null && isKept && severityOf(own) < severityOf(other))
        join[here * terminals + there] = yes;
    }
  }
  return join;
}
