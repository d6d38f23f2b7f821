import type { PolicyDiff } from '#domain/proof/diff.ts';
import type { Day } from '#domain/shared/day.ts';
import { notComparableName } from '#domain/versions/proposal.ts';
import { checkGuidance } from '../check-guidance.ts';
import { diffGuidance } from '../diff-guidance.ts';
import type { ReadGuidance } from '../needs.ts';
import { type ProvedGuidance, proveGuidance } from '../prove-guidance.ts';
import { problemLines } from './problem-lines.ts';

/** What publishing a version would do, and whether it may be proposed at all. Plain data: a thread can work it out. */
export type VersionReview = {
  /** The first day that was looked at. */
  readonly from: Day;
  /** Why it cannot be proposed, as lines; empty: it can. */
  readonly faults: readonly string[];
  readonly difference: Difference;
};

export type Difference =
  | { readonly outcome: 'compared'; readonly diff: PolicyDiff }
  | { readonly outcome: 'not-comparable'; readonly message: string };

export type ReviewTask = {
  /** What it would take the place of. */
  readonly before: ReadGuidance;
  readonly after: ReadGuidance;
  readonly from: Day;
  readonly onProgress?: (what: string, done: number) => void;
};

/** Checks, proves and compares a version, from a day on. Takes some seconds. */
export function reviewVersion({ before, after, from, onProgress = () => {} }: ReviewTask): VersionReview {
  const { ready } = after;
  if (ready === null)
    return {
      from,
      faults: problemLines(after.problems),
      difference: { outcome: 'not-comparable', message: 'it cannot be read' },
    };
  const errors = problemLines(checkGuidance(after, from).problems);
  // What has mistakes in it need not be proved as well.
  const faults = errors.length > 0 ? errors : unsoundLines(proveGuidance(ready.policy, from, { onProgress }));
  return { from, faults, difference: differenceOf(before, after, from, onProgress) };
}

function differenceOf(
  before: ReadGuidance,
  after: ReadGuidance,
  from: Day,
  onProgress: NonNullable<ReviewTask['onProgress']>,
): Difference {
  const diffed = diffGuidance(before, after, { from, isOneDay: false, acknowledged: [], onProgress });
  switch (diffed.outcome) {
    case 'compared':
      return { outcome: 'compared', diff: diffed.diff };
    case 'not-comparable':
      return { outcome: 'not-comparable', message: diffed.message };
    case 'problems':
      return {
        outcome: 'not-comparable',
        message: `${diffed.side === 'before' ? 'the version in force' : 'this version'} has mistakes in it`,
      };
    default:
      return diffed satisfies never;
  }
}

const mostLines = 20;

function unsoundLines({ periods, isSound }: ProvedGuidance): string[] {
  if (isSound) return [];
  const lines = periods.flatMap(({ result }) =>
    result.outcome === 'tangled'
      ? ['the rules are too tangled to prove']
      : [
          ...result.proof.promises
            .filter(({ holds }) => !holds)
            .map(({ promise }) => `broken promise \`${promise.id}\`: ${promise.text}`),
          ...result.proof.findings
            .filter(({ acknowledged }) => acknowledged === null)
            .map(({ text }) => `found, and not acknowledged in the pack: ${text}`),
        ],
  );
  const once = [...new Set(lines)];
  const more = once.length - mostLines;
  return more > 0 ? [...once.slice(0, mostLines), `and ${more} more`] : once;
}

/** The names that have to be acknowledged before a version may be proposed. */
export function namesToAcknowledge({ difference }: VersionReview): string[] {
  return difference.outcome === 'compared'
    ? difference.diff.loosenings.map(({ name }) => name)
    : [notComparableName];
}
