import type { Change, PolicyDiff } from '#domain/proof/diff.ts';
import type { DiffedGuidance } from '#usecases/diff-guidance.ts';

type Compared = Extract<DiffedGuidance, { outcome: 'compared' }>;

/** What a change of the guidance does, for programs: numbers of situations are text, since they are larger than JSON's. */
export function diffAsJson({ diff, unacknowledged, unknown }: Compared): unknown {
  const open = new Set(unacknowledged.map(({ name }) => name));
  const { periods, loosenings, tightenings, tools, others, notes } = diff;
  return {
    periods: periods.map(({ from, before, situations, lost, gained }) => ({
      from,
      before,
      situations: String(situations),
      lost: counts(lost),
      gained: counts(gained),
    })),
    loosenings: loosenings.map((change) => ({
      ...changeAsJson(change, diff),
      acknowledged: !open.has(change.name),
    })),
    tightenings: tightenings.map((change) => changeAsJson(change, diff)),
    tools: tools.map(({ before, after, ...tool }) => ({
      ...tool,
      before: counts(before),
      after: counts(after),
    })),
    others,
    notes,
    unknownNames: unknown.map(({ name }) => name),
  };
}

function changeAsJson(
  { name, of, counts: amounts, causes, examples }: Change,
  { periods }: PolicyDiff,
): object {
  return {
    name,
    change: of,
    counts: amounts.map(({ period, situations }) => ({
      period,
      situations: String(situations),
      share: shareOf(situations, periods[period]?.situations ?? 0n),
    })),
    causes: causes.map(({ situations, ...cause }) => ({ ...cause, situations: String(situations) })),
    examples,
  };
}

function counts(all: Readonly<Record<string, bigint>>): object {
  return Object.fromEntries(Object.entries(all).map(([verdict, count]) => [verdict, String(count)]));
}

function shareOf(part: bigint, all: bigint): number {
  return all === 0n ? 0 : Number(part) / Number(all);
}
