import { Worker } from 'node:worker_threads';
import type { Policy } from '#domain/decision/policy.ts';
import type { Day } from '#domain/shared/day.ts';
import type { FoundPicture } from '#usecases/find-picture.ts';
import type { Layout } from './picture-layout.ts';
import type { Plan } from './picture-plan.ts';
import type { PictureTask } from './picture-worker.ts';

export type DrawnPicture =
  | (Extract<FoundPicture, { outcome: 'ok' }> & { readonly plan: Plan; readonly layout: Layout })
  | Extract<FoundPicture, { outcome: 'tangled' }>
  /** The thread came to nothing, for example for want of memory. `why` is for the log. */
  | { readonly outcome: 'failed'; readonly why: string };

/** The pictures of the policy in force. */
export type Pictures = {
  readonly pictureOf: (policy: Policy, today: Day, kind: string) => Promise<DrawnPicture>;
  readonly close: () => Promise<void>;
};

/**
 * Draws a picture when somebody first asks for it, once for each policy, day and kind of tool, in a thread of its own, one after the
 * other: to lay it out takes some tenths of a second, in which the thread of the server would answer nobody.
 */
export function createPictures(): Pictures {
  let kept = { key: '', pictures: new Map<string, Promise<DrawnPicture>>() };
  let last: Promise<unknown> = Promise.resolve();
  let running: Worker | undefined;
  let isClosed = false;

  async function draw(task: PictureTask): Promise<DrawnPicture> {
    if (isClosed) return { outcome: 'failed', why: 'the service is closing' };
    running = start(task);
    const drawn = await resultOf(running);
    await running.terminate();
    return drawn;
  }

  return {
    pictureOf(policy, today, kind) {
      const key = `${policy.hash} ${today}`;
      if (kept.key !== key) kept = { key, pictures: new Map() };
      const { pictures } = kept;
      const known = pictures.get(kind);
      if (known !== undefined) return known;
      const drawing = last.then(() => draw({ pack: { ...policy.pack, placeIn: null }, today, kind }));
      last = drawing;
      pictures.set(kind, drawing);
      // What failed is tried again when somebody asks again.
      void drawing.then(({ outcome }) => outcome === 'failed' && pictures.delete(kind));
      return drawing;
    },
    async close() {
      isClosed = true;
      await running?.terminate();
    },
  };
}

const mostMemoryMb = 256;
const longestMs = 20_000;

function start(task: PictureTask): Worker {
  const worker = new Worker(new URL('./picture-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
  });
  worker.unref();
  return worker;
}

function resultOf(worker: Worker): Promise<DrawnPicture> {
  return new Promise((resolve) => {
    const fail = (why: string) => resolve({ outcome: 'failed', why });
    const timer = setTimeout(() => fail(`it took longer than ${longestMs} ms`), longestMs);
    timer.unref();
    worker.once('message', (drawn: DrawnPicture) => resolve(drawn));
    worker.once('error', (error) => fail(String(error)));
    worker.once('exit', (code) => {
      clearTimeout(timer);
      fail(`the thread ended with code ${code}`);
    });
  });
}
