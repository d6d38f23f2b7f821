import { Worker } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import type { Day } from '#domain/shared/day.ts';
import type { ReadGuidance } from '#usecases/needs.ts';
import type { VersionReview } from '#usecases/versions/review-version.ts';
import type { SentVersion, VersionTask } from './version-worker.ts';

/** A version with what is in it. */
export type VersionInMemory = { readonly hash: string; readonly guidance: ReadGuidance };

/** What takes seconds to work out about versions, in threads of their own. */
export type VersionThreads = {
  /** What a version would do in the place of another one. Worked out once for each pair and day. Throws where the thread fails. */
  readonly review: (before: VersionInMemory, after: VersionInMemory, from: Day) => Promise<VersionReview>;
  /** The whole of a version as one HTML document. */
  readonly book: (version: VersionInMemory, on: Day) => Promise<string>;
  readonly close: () => Promise<void>;
};

const mostReviews = 20;
const mostBooks = 4;

/** One thread at a time: a second of work on the thread of the server would be a second in which nobody gets an answer. */
export function createVersionThreads(): VersionThreads {
  const reviews = new LRUCache<string, Promise<unknown>>({ max: mostReviews });
  const books = new LRUCache<string, Promise<unknown>>({ max: mostBooks });
  let last: Promise<unknown> = Promise.resolve();
  let running: Worker | undefined;
  let isClosed = false;

  async function work(task: VersionTask): Promise<unknown> {
    if (isClosed) throw new Error('the service is closing');
    running = start(task);
    try {
      return await resultOf(running);
    } finally {
      await running.terminate();
    }
  }

  function once(kept: LRUCache<string, Promise<unknown>>, key: string, task: () => VersionTask) {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const working = last.catch(() => {}).then(() => work(task()));
    last = working;
    kept.set(key, working);
    // What failed is tried again when somebody asks again.
    working.catch(() => kept.delete(key));
    return working;
  }

  return {
    review: (before, after, from) =>
      once(reviews, `${before.hash} ${after.hash} ${from}`, () => ({
        kind: 'review',
        before: sent(before),
        after: sent(after),
        from,
      })) as Promise<VersionReview>,
    book: (version, on) =>
      once(books, `${version.hash} ${on}`, () => ({
        kind: 'book',
        version: sent(version),
        on,
      })) as Promise<string>,
    async close() {
      isClosed = true;
      await running?.terminate();
    },
  };
}

function sent({ hash, guidance }: VersionInMemory): SentVersion {
  const { parsed, problems, ready } = guidance;
  return {
    hash,
    pack: parsed.pack === null ? null : { ...parsed.pack, placeIn: null },
    isReady: ready !== null,
    problems,
    parsedProblems: parsed.problems,
  };
}

// Two packs that are compared take more than one that is proved.
const mostMemoryMb = 768;
const longestMs = 120_000;

function start(task: VersionTask): Worker {
  const worker = new Worker(new URL('./version-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
  });
  worker.unref();
  return worker;
}

function resultOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it took longer than ${longestMs} ms`)), longestMs);
    timer.unref();
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the thread ended with code ${code}`));
    });
  });
}
