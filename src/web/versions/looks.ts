import { LRUCache } from 'lru-cache';
import type { Policy } from '#domain/decision/policy.ts';
import type { Day } from '#domain/shared/day.ts';
import { type AffectedReceipts, findAffectedReceipts } from '#usecases/versions/affected-receipts.ts';
import { findMostAsked, type MostAsked } from '#usecases/versions/most-asked.ts';
import type { VersionReview } from '#usecases/versions/review-version.ts';
import type { Web } from '../web.ts';
import type { VersionInMemory, VersionThreads } from './version-thread.ts';

/** Everything that a policy owner wants to see before a version is published. */
export type Look = {
  readonly review: VersionReview;
  /** Null: the version cannot be read. */
  readonly mostAsked: readonly MostAsked[] | null;
  readonly receipts: AffectedReceipts | null;
};

export type LookState =
  | { readonly kind: 'working' }
  | { readonly kind: 'there'; readonly look: Look }
  /** It came to nothing. `why` is for the log. */
  | { readonly kind: 'failed'; readonly why: string };

/** Looks at versions: begun when somebody asks, and shown when they are there. */
export type Looks = {
  readonly stateOf: (
    before: VersionInMemory,
    after: VersionInMemory,
    from: Day,
    waitMs: number,
  ) => Promise<LookState>;
};

const mostLooks = 20;
// Questions and saved answers become more while a version is looked at.
const freshMs = 300_000;

export function createLooks(web: Web, threads: VersionThreads): Looks {
  const looks = new LRUCache<string, Promise<LookState>>({ max: mostLooks, ttl: freshMs });
  return {
    async stateOf(before, after, from, waitMs) {
      const key = `${before.hash} ${after.hash} ${from}`;
      const known = looks.get(key);
      const looking =
        known ??
        lookAt(web, threads, { before, after, from }).then(
          (look): LookState => ({ kind: 'there', look }),
          (error: unknown): LookState => ({ kind: 'failed', why: String(error) }),
        );
      if (known === undefined) {
        looks.set(key, looking);
        void looking.then(({ kind }) => kind === 'failed' && looks.delete(key));
      }
      let timer: NodeJS.Timeout | undefined;
      const tooLong = new Promise<LookState>((resolve) => {
        timer = setTimeout(() => resolve({ kind: 'working' }), waitMs);
      });
      const state = await Promise.race([looking, tooLong]);
      clearTimeout(timer);
      return state;
    },
  };
}

async function lookAt(
  { needs, people }: Web,
  threads: VersionThreads,
  {
    before,
    after,
    from,
  }: { readonly before: VersionInMemory; readonly after: VersionInMemory; readonly from: Day },
): Promise<Look> {
  const review = await threads.review(before, after, from);
  const [old, young]: (Policy | undefined)[] = [before, after].map(({ guidance }) => guidance.ready?.policy);
  if (old === undefined || young === undefined) return { review, mostAsked: null, receipts: null };
  const mostAsked = await findMostAsked(needs, people.store, { before: old, after: young, on: from });
  const receipts = await findAffectedReceipts(people.store, young, from);
  return { review, mostAsked, receipts };
}
