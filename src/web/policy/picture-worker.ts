import { parentPort, workerData } from 'node:worker_threads';
import { buildTable } from '#domain/decision/table.ts';
import type { Pack } from '#domain/policy/pack.ts';
import type { Day } from '#domain/shared/day.ts';
import { findPicture } from '#usecases/find-picture.ts';
import { layOut } from './picture-layout.ts';
import { planPicture } from './picture-plan.ts';

/** What the thread is given. Functions cannot be sent to it, and it needs no places in files. */
export type PictureTask = {
  readonly pack: Omit<Pack, 'placeIn'> & { readonly placeIn: null };
  readonly today: Day;
  /** The id of a kind of tool. */
  readonly kind: string;
};

const { pack: sent, today, kind } = workerData as PictureTask;
const pack: Pack = { ...sent, placeIn: (at) => at };
const found = findPicture({ pack, tableOn: (day) => buildTable(pack, day) }, today, kind);
if (found.outcome === 'tangled') parentPort?.postMessage(found);
else {
  const plan = planPicture(pack, found.picture);
  parentPort?.postMessage({ ...found, plan, layout: await layOut(plan.boxes, plan.lines) });
}
