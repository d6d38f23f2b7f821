import type { Table, TableFact } from '../decision/table.ts';
import type { PolicyPromise } from '../policy/pack.ts';
import { type Verdict, verdicts } from '../shared/verdict.ts';
import type { NodeId } from './diagram.ts';
import type { Finding } from './finding.ts';
import { whereVerdict } from './promises.ts';
import { nodeOf, type Proving } from './proving.ts';
import { both, cubeOf, no, type Space, without, yes } from './space.ts';

export type VerdictCounts = Readonly<Record<Verdict, bigint>>;

/** The verdicts of the situations in which a fact has a value. */
export type Reach = {
  readonly fact: string;
  readonly value: string;
  readonly label: string;
  readonly byVerdict: VerdictCounts;
};

/** How many situations of a region get each verdict. Without a region: all that `verdict` allows. */
export function countVerdicts(space: Space, verdict: NodeId, region: NodeId = yes): VerdictCounts {
  const { diagrams } = space;
  const counts = verdicts.map((one) => {
    const where = whereVerdict(space, verdict, (other) => other === one);
    return [one, diagrams.countOnes(both(diagrams, where, region))];
  });
  return Object.fromEntries(counts) as VerdictCounts;
}

/** The verdicts of each kind of tool: of each value of the facts that say which options fit. */
export function findReach({ space, table, within }: Proving): Reach[] {
  return kindFacts(table).flatMap((entry) =>
    entry.fact.values.map(({ id, label }) => ({
      fact: entry.fact.id,
      value: id,
      label,
      byVerdict: countVerdicts(space, within, valueNode(space, entry, id)),
    })),
  );
}

function kindFacts(table: Table): TableFact[] {
  const names = new Set(table.facts.map(({ fact }) => fact.fits?.by));
  return table.facts.filter(({ fact }) => names.has(fact.id));
}

function valueNode(space: Space, entry: TableFact, value: string): NodeId {
  return cubeOf(space, [{ fact: entry.index, bits: 1 << (entry.numberOf.get(value) ?? 31) }], yes, no);
}

/**
 * Verdicts that nothing gets, and verdicts that no tool of a kind gets. They are acknowledged by a promise that says so of all
 * situations, or of all of the kind.
 */
export function findUnreachedVerdicts(
  proving: Proving,
  all: VerdictCounts,
  reach: readonly Reach[],
): Finding[] {
  const nowhere = verdicts.filter((verdict) => all[verdict] === 0n);
  return [
    ...nowhere.map((verdict) =>
      unreached([verdict], `no situation gets \`${verdict}\``, promisedBy(proving, verdict, yes)),
    ),
    ...reach.flatMap(({ fact, value, byVerdict }) => {
      // A kind that no tool is of says nothing.
      if (verdicts.every((verdict) => byVerdict[verdict] === 0n)) return [];
      return verdicts
        .filter((verdict) => byVerdict[verdict] === 0n && !nowhere.includes(verdict))
        .map((verdict) =>
          unreached(
            [verdict, fact, value],
            `nothing with \`${fact}\` \`${value}\` gets \`${verdict}\``,
            promisedBy(proving, verdict, kindNode(proving, fact, value)),
          ),
        );
    }),
  ];
}

function unreached(about: readonly string[], text: string, acknowledged: string | null): Finding {
  return { kind: 'verdict-unreachable', about, text, situation: null, situations: 0n, acknowledged };
}

function kindNode({ space, table }: Proving, fact: string, value: string): NodeId {
  return valueNode(space, table.facts[table.factNumber.get(fact) ?? -1] as TableFact, value);
}

function promisedBy({ space, pack }: Proving, verdict: Verdict, where: NodeId): string | null {
  const { diagrams } = space;
  const region = both(diagrams, space.fitting, where);
  const promise = pack.promises.find(
    (one) => rulesOut(one, verdict) && without(diagrams, region, nodeOf(space, one.when)) === no,
  );
  return promise === undefined ? null : `promised by \`${promise.id}\`: ${promise.text}`;
}

function rulesOut({ always, never, ifVerdict }: PolicyPromise, verdict: Verdict): boolean {
  return (
    ifVerdict.length === 0 && (never.includes(verdict) || (always.length > 0 && !always.includes(verdict)))
  );
}
