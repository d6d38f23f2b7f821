import type { PolicyProblem } from '#domain/policy/problem.ts';
import { BudgetExceeded } from '#domain/proof/diagram.ts';
import { type Change, diffPolicies, NotComparable, type PolicyDiff } from '#domain/proof/diff.ts';
import type { Day } from '#domain/shared/day.ts';
import { nearestName } from '#domain/shared/nearest-name.ts';
import type { ReadGuidance } from './needs.ts';

export type DiffRequest = {
  /** The first day to look at. */
  readonly from: Day;
  /** Look at that day only, and not at what changes on later ones. */
  readonly isOneDay: boolean;
  /** Names of loosenings that somebody means. */
  readonly acknowledged: readonly string[];
  readonly onProgress?: (what: string, done: number) => void;
};

export type DiffedGuidance =
  | {
      readonly outcome: 'compared';
      readonly diff: PolicyDiff;
      /** Loosenings that nobody has acknowledged. */
      readonly unacknowledged: readonly Change[];
      /** Acknowledged names that no loosening has, with what was most likely meant. */
      readonly unknown: readonly { readonly name: string; readonly nearest: string | undefined }[];
    }
  /** Mistakes that have to be put right before a comparison can mean anything. */
  | {
      readonly outcome: 'problems';
      readonly side: 'before' | 'after';
      readonly problems: readonly PolicyProblem[];
    }
  | { readonly outcome: 'not-comparable'; readonly message: string };

/** What a change of the guidance does to the answers: what gets milder, what gets stricter, and what stays as it is. */
export function diffGuidance(
  before: ReadGuidance,
  after: ReadGuidance,
  request: DiffRequest,
): DiffedGuidance {
  for (const [side, { ready, problems }] of [['before', before] as const, ['after', after] as const]) {
    if (ready === null || problems.some(({ level }) => level === 'error'))
      return { outcome: 'problems', side, problems };
  }
  const [old, young] = [before.ready?.policy, after.ready?.policy];
  if (old === undefined || young === undefined) throw new Error('a pack without a problem can be compared');
  const { from, isOneDay, acknowledged, onProgress } = request;
  try {
    const diff = diffPolicies(old, young, {
      from,
      isOneDay,
      ...(onProgress === undefined ? {} : { progress: onProgress }),
    });
    const names = diff.loosenings.map(({ name }) => name);
    return {
      outcome: 'compared',
      diff,
      unacknowledged: diff.loosenings.filter(({ name }) => !acknowledged.includes(name)),
      unknown: acknowledged
        .filter((name) => !names.includes(name))
        .map((name) => ({ name, nearest: nearestName(name, names) })),
    };
  } catch (error) {
    if (error instanceof NotComparable) return { outcome: 'not-comparable', message: error.message };
    if (!(error instanceof BudgetExceeded)) throw error;
    return {
      outcome: 'not-comparable',
      message: `the rules are too tangled to compare: their diagrams need more than ${error.nodes} nodes`,
    };
  }
}
