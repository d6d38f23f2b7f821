import { Worker } from 'node:worker_threads';
import type { Policy } from '#domain/decision/policy.ts';
import type { Day } from '#domain/shared/day.ts';
import type { ProvedGuidance } from '#usecases/prove-guidance.ts';
import type { ProofTask } from './proof-worker.ts';

export type ProofState =
  | { readonly kind: 'working' }
  | { readonly kind: 'proved'; readonly proved: ProvedGuidance }
  /** The thread came to nothing, for example for want of memory. `why` is for the log. */
  | { readonly kind: 'failed'; readonly why: string };

/** The proof of the policy in force. */
export type Proofs = {
  /** How it stands: at once where it is known, otherwise after at most `waitMs`. */
  readonly stateOf: (policy: Policy, today: Day, waitMs: number) => Promise<ProofState>;
  readonly close: () => Promise<void>;
};

/**
 * Proves a policy when somebody first asks, once for each policy and day, in a thread of its own: a second of work on the thread of
 * the server would be a second in which nobody gets an answer.
 */
export function createProofs(): Proofs {
  let kept: { readonly key: string; readonly running: Running } | undefined;
  return {
    async stateOf(policy, today, waitMs) {
      const key = `${policy.hash} ${today}`;
      if (kept?.key !== key) {
        await kept?.running.stop();
        kept = { key, running: start({ pack: { ...policy.pack, placeIn: null }, today }) };
      }
      const { result } = kept.running;
      let timer: NodeJS.Timeout | undefined;
      const tooLong = new Promise<ProofState>((resolve) => {
        timer = setTimeout(() => resolve({ kind: 'working' }), waitMs);
      });
      const state = await Promise.race([result, tooLong]);
      clearTimeout(timer);
      return state;
    },
    close: async () => void (await kept?.running.stop()),
  };
}

type Running = { readonly result: Promise<ProofState>; readonly stop: () => Promise<unknown> };

// The whole pack takes about 100 megabytes to prove. More than this means that something is wrong with it.
const mostMemoryMb = 512;

function start(task: ProofTask): Running {
  const worker = new Worker(new URL('./proof-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
  });
  worker.unref();
  const result = new Promise<ProofState>((resolve) => {
    worker.once('message', (proved: ProvedGuidance) => resolve({ kind: 'proved', proved }));
    worker.once('error', (error) => resolve({ kind: 'failed', why: String(error) }));
    worker.once('exit', (code) => resolve({ kind: 'failed', why: `the thread ended with code ${code}` }));
  });
  return { result, stop: () => worker.terminate() };
}
