import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { type Receipt, type ReceiptState, stateOf } from '#domain/receipts/receipt.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { Needs } from '../needs.ts';
import { type NotAllowed, notAllowed, type Origin } from '../people/people-needs.ts';
import { compareWith } from './check-receipt.ts';
import type { ReceiptNeeds } from './receipt-needs.ts';

/** Which of one's receipts to list. */
export const receiptFilters = ['live', 'changed', 'all'] as const;
export type ReceiptFilter = (typeof receiptFilters)[number];

export type OwnReceipt = {
  readonly receipt: Receipt;
  readonly state: ReceiptState;
  /** Whether the guidance of today says something else. Only looked at for live ones. */
  readonly hasChanged: boolean;
};

const pageLength = 50;
const mostTurns = 20;

/** The receipts of whoever asks, the newest first, a page at a time; `next` is what to give as `before` for the next page. */
export async function listReceipts(
  needs: ReceiptNeeds,
  asking: Needs,
  actor: Actor,
  { filter, before }: { readonly filter: ReceiptFilter; readonly before?: string },
): Promise<
  | { readonly outcome: 'ok'; readonly receipts: readonly OwnReceipt[]; readonly next: string | null }
  | NotAllowed
> {
  if (!may(actor, 'keep-receipts') || actor.kind !== 'person') return notAllowed;
  const isWanted = ({ state, hasChanged }: OwnReceipt): boolean =>
    filter === 'all' || (state === 'live' && (filter === 'live' || hasChanged));
  const receipts: OwnReceipt[] = [];
  let last = before;
  // Of many answers few may be wanted, so that a page of the list is more than a page of what is stored.
  for (let turn = 0; turn < mostTurns; turn++) {
    const found = await needs.store.receipts.listOf(actor.id, pageLength + 1, last);
    const page = found.slice(0, pageLength);
    for (const receipt of page) {
      last = receipt.id;
      const own = ownReceipt(needs, asking, receipt);
      if (isWanted(own) && receipts.push(own) === pageLength)
        return { outcome: 'ok', receipts, next: receipt === found.at(-1) ? null : receipt.id };
    }
    if (found.length <= pageLength) return { outcome: 'ok', receipts, next: null };
  }
  return { outcome: 'ok', receipts, next: last ?? null };
}

function ownReceipt(needs: ReceiptNeeds, asking: Needs, receipt: Receipt): OwnReceipt {
  const state = stateOf(receipt);
  const hasChanged =
    state === 'live' && compareWith(asking.policy(), receipt, needs.today()).outcome !== 'same';
  return { receipt, state, hasChanged };
}

/** Withdraws a receipt of whoever asks: it stays, and says that it does not hold any more. */
export async function withdrawReceipt(
  needs: ReceiptNeeds,
  actor: Actor,
  reference: string,
  origin: Origin,
): Promise<{ readonly outcome: 'ok' | 'not-found' } | NotAllowed> {
  if (!may(actor, 'keep-receipts') || actor.kind !== 'person') return notAllowed;
  return needs.store.inOneTransaction(async (inside) => {
    const receipt = await inside.receipts.byReference(reference);
    if (receipt === null || receipt.personId !== actor.id) return { outcome: 'not-found' };
    if (!(await inside.receipts.withdraw(receipt.id, needs.now().toISOString())))
      return { outcome: 'not-found' };
    const what = { actor: actor.id, action: 'receipt-withdrawn', entry: `receipt:${receipt.id}` } as const;
    await inside.audit.record(auditEvent(needs, what, origin, { reference }));
    return { outcome: 'ok' };
  });
}
