import { parentPort, workerData } from 'node:worker_threads';
import { buildTable } from '#domain/decision/table.ts';
import type { Pack } from '#domain/policy/pack.ts';
import type { Day } from '#domain/shared/day.ts';
import { proveGuidance } from '#usecases/prove-guidance.ts';

/** What the thread is given. Functions cannot be sent to it, and it needs no places in files. */
export type ProofTask = {
  readonly pack: Omit<Pack, 'placeIn'> & { readonly placeIn: null };
  readonly today: Day;
};

const { pack: sent, today } = workerData as ProofTask;
const pack: Pack = { ...sent, placeIn: (at) => at };
parentPort?.postMessage(proveGuidance({ pack, tableOn: (day) => buildTable(pack, day) }, today));
