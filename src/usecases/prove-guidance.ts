import type { Policy } from '#domain/decision/policy.ts';
import { daysOfChange } from '#domain/decision/table.ts';
import type { Finding } from '#domain/proof/finding.ts';
import { type Progress, type Proof, prove } from '#domain/proof/prove.ts';
import { buildProving, TooTangled } from '#domain/proof/proving.ts';
import type { SituationFacts } from '#domain/proof/situation.ts';
import type { Day } from '#domain/shared/day.ts';

/** What was proved of one policy, from a day on. Plain data: it can be sent from one thread to another. */
export type ProvedGuidance = {
  readonly on: Day;
  /** From `on` to the end of time, a period for each set of rules in force. */
  readonly periods: readonly ProvedPeriod[];
  /** Every promise holds and somebody has looked at every finding. */
  readonly isSound: boolean;
};

export type ProvedPeriod = {
  readonly from: Day;
  /** The first day on which other rules are in force; null: none is known. */
  readonly until: Day | null;
  readonly result:
    | { readonly outcome: 'proved'; readonly proof: Proof }
    /** The rules whose joining made the diagrams grow most, the worst first. */
    | { readonly outcome: 'tangled'; readonly nodes: number; readonly rules: readonly string[] };
};

export type Proving = {
  readonly onProgress?: Progress;
  /** The most nodes that the diagrams of a period may have. Undefined: the usual number. */
  readonly budget?: number;
};

/** Proves a policy for every situation and every day from `today` on. */
export function proveGuidance(
  policy: Pick<Policy, 'pack' | 'tableOn'>,
  today: Day,
  { onProgress = () => {}, budget }: Proving = {},
): ProvedGuidance {
  const { pack } = policy;
  const starts = [today, ...daysOfChange(pack).filter((day) => day > today)];
  const periods = starts.map((from, index): ProvedPeriod => {
    const tell: Progress = (what, done) => onProgress(what, (index + done) / starts.length);
    tell('building the diagrams', 0);
    return { from, until: starts[index + 1] ?? null, result: proveOn(policy, from, tell, budget) };
  });
  return { on: today, periods, isSound: periods.every(({ result }) => isSound(result)) };
}

function proveOn(
  { pack, tableOn }: Pick<Policy, 'pack' | 'tableOn'>,
  day: Day,
  tell: Progress,
  budget: number | undefined,
): ProvedPeriod['result'] {
  try {
    return { outcome: 'proved', proof: prove(buildProving(tableOn(day), pack, budget), tell) };
  } catch (error) {
    if (!(error instanceof TooTangled)) throw error;
    return { outcome: 'tangled', nodes: error.nodes, rules: error.rules };
  }
}

function isSound(result: ProvedPeriod['result']): boolean {
  return (
    result.outcome === 'proved' &&
    result.proof.promises.every(({ holds }) => holds) &&
    result.proof.findings.every(({ acknowledged }) => acknowledged !== null)
  );
}

/** The findings that nobody has looked at, and those that somebody has. */
export function splitFindings(findings: readonly Finding[]): {
  readonly open: readonly Finding[];
  readonly acknowledged: readonly Finding[];
} {
  return {
    open: findings.filter(({ acknowledged }) => acknowledged === null),
    acknowledged: findings.filter(({ acknowledged }) => acknowledged !== null),
  };
}

/**
 * The address of the page that answers a situation, below the address of the service. It is about today, so that a situation of a
 * later period has none.
 */
export function situationAddress(
  situation: SituationFacts | null,
  { on, from }: { readonly on: Day; readonly from: Day },
): string | null {
  if (situation === null || from !== on) return null;
  const query = Object.entries(situation)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([fact, value]) => `${encodeURIComponent(fact)}=${encodeURIComponent(value).replaceAll('%20', '+')}`)
    .join('&');
  return query === '' ? null : `/answer?${query}`;
}
