import { parentPort, workerData } from 'node:worker_threads';
import { compilePolicy } from '#domain/decision/policy.ts';
import type { Pack } from '#domain/policy/pack.ts';
import type { PolicyProblem } from '#domain/policy/problem.ts';
import type { Day } from '#domain/shared/day.ts';
import { checkGuidance } from '#usecases/check-guidance.ts';
import type { ReadGuidance } from '#usecases/needs.ts';
import { writePolicyBook } from '#usecases/policy-book.ts';
import { reviewVersion } from '#usecases/versions/review-version.ts';

/** A version as it can be sent to a thread: functions cannot, and it needs no places in files but those of problems. */
export type SentVersion = {
  readonly hash: string;
  readonly pack: (Omit<Pack, 'placeIn'> & { readonly placeIn: null }) | null;
  readonly isReady: boolean;
  readonly problems: readonly PolicyProblem[];
  readonly parsedProblems: readonly PolicyProblem[];
};

/** What the thread is to work out: what a version would do in the place of another one, or the whole of it to read. */
export type VersionTask =
  | {
      readonly kind: 'review';
      readonly before: SentVersion;
      readonly after: SentVersion;
      readonly from: Day;
    }
  | { readonly kind: 'book'; readonly version: SentVersion; readonly on: Day };

function received({ hash, pack: sent, isReady, problems, parsedProblems }: SentVersion): ReadGuidance {
  const pack: Pack | null = sent === null ? null : { ...sent, placeIn: (at) => at };
  return {
    parsed: { pack, problems: parsedProblems },
    problems,
    ready: pack === null || !isReady ? null : { policy: compilePolicy(pack, hash) },
  };
}

const task = workerData as VersionTask;
if (task.kind === 'review') {
  const { before, after, from } = task;
  parentPort?.postMessage(reviewVersion({ before: received(before), after: received(after), from }));
} else {
  const { version, on } = task;
  const guidance = received(version);
  const { pack } = guidance.parsed;
  if (pack === null) throw new Error('a version without a pack has no book');
  const checked = checkGuidance(guidance, on);
  parentPort?.postMessage(writePolicyBook({ pack, hash: version.hash, checked, on }));
}
