import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import type { ToldChange } from '#store/evaluations.ts';
import type { Needs } from '../needs.ts';
import { listChanges } from '../receipts/list-changes.ts';
import { listReceipts, type OwnReceipt } from '../receipts/own-receipts.ts';
import type { ReceiptNeeds } from '../receipts/receipt-needs.ts';
import { type NotAllowed, notAllowed } from './people-needs.ts';

/** Something that somebody else, or the service, waits for this person to do. */
export type Waiting = {
  readonly text: string;
  readonly path: string /** Since when, UTC. */;
  readonly since: string;
};

/** Says what waits for somebody. Each part of the product that has such things brings one. */
export type FindWaiting = (needs: ReceiptNeeds, asking: Needs, actor: Actor) => Promise<readonly Waiting[]>;

export type OwnPage = {
  readonly outcome: 'ok';
  /** What has waited longest first. */
  readonly waiting: readonly Waiting[];
  readonly changes: readonly ToldChange[];
  readonly receipts: readonly OwnReceipt[];
};

const shown = 5;

/** What somebody wants to see first: what waits for them, what changed, and their newest saved answers. */
export async function findOwnPage(
  needs: ReceiptNeeds,
  asking: Needs,
  actor: Actor,
  finders: readonly FindWaiting[],
): Promise<OwnPage | NotAllowed> {
  if (!may(actor, 'manage-own-account')) return notAllowed;
  const [waiting, changes, receipts] = await Promise.all([
    Promise.all(finders.map((find) => find(needs, asking, actor))),
    listChanges(needs, actor, { limit: shown }),
    listReceipts(needs, asking, actor, { filter: 'live' }),
  ]);
  return {
    outcome: 'ok',
    waiting: waiting.flat().toSorted((a, b) => (a.since < b.since ? -1 : 1)),
    changes: changes.outcome === 'ok' ? changes.changes : [],
    receipts: receipts.outcome === 'ok' ? receipts.receipts.slice(0, shown) : [],
  };
}
