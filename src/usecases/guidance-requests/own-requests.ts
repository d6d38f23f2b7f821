import {
  entryOf,
  type GuidanceRequest,
  type GuidanceStep,
  isOpen,
} from '#domain/guidance-requests/guidance-request.ts';
import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import type { Receipt } from '#domain/receipts/receipt.ts';
import { auditEvent } from '../audit/audit-event.ts';
import { newestPage } from '../newest-page.ts';
import { type NotAllowed, notAllowed, type Origin } from '../people/people-needs.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';
import { writeStep } from './write-request.ts';

/** A question with the saved answers that it is about and that it led to. */
export type OwnRequest = {
  readonly request: GuidanceRequest;
  readonly receipt: Receipt;
  readonly newReceipt: Receipt | null;
};

/** As many questions as a list shows at once. */
export const pageLength = 50;

/** The questions that somebody put to line managers, the newest first, a page at a time; `next` is what to give as `before`. */
export async function listAsked(
  needs: Pick<GuidanceNeeds, 'store'>,
  actor: Actor,
  { before, limit = pageLength }: { readonly before?: string; readonly limit?: number } = {},
): Promise<
  | { readonly outcome: 'ok'; readonly requests: readonly OwnRequest[]; readonly next: string | null }
  | NotAllowed
> {
  if (!may(actor, 'ask-line-manager') || actor.kind !== 'person') return notAllowed;
  const found = await needs.store.guidanceRequests.listOf(actor.id, limit + 1, before);
  const { page, next } = newestPage(found, limit);
  return { outcome: 'ok', requests: await withReceipts(needs, page), next };
}

export type FoundOwn =
  | ({ readonly outcome: 'ok'; readonly steps: readonly GuidanceStep[] } & OwnRequest)
  | { readonly outcome: 'not-found' }
  | NotAllowed;

/** One of the questions of whoever asks, with everything that happened to it. */
export async function getAsked(
  needs: Pick<GuidanceNeeds, 'store'>,
  actor: Actor,
  id: string,
): Promise<FoundOwn> {
  if (!may(actor, 'ask-line-manager') || actor.kind !== 'person') return notAllowed;
  const request = await needs.store.guidanceRequests.get(id);
  if (request === null || request.personId !== actor.id) return { outcome: 'not-found' };
  const [own] = await withReceipts(needs, [request]);
  if (own === undefined) return { outcome: 'not-found' };
  return { outcome: 'ok', ...own, steps: await needs.store.guidanceRequests.stepsOf(id) };
}

/** Questions with their saved answers, in the same order. Those whose saved answer is gone are left out. */
export async function withReceipts(
  { store }: Pick<GuidanceNeeds, 'store'>,
  requests: readonly GuidanceRequest[],
): Promise<OwnRequest[]> {
  const ids = requests.flatMap(({ receiptId, newReceiptId }) =>
    newReceiptId === null ? [receiptId] : [receiptId, newReceiptId],
  );
  const receipts = new Map((await store.receipts.byIds([...new Set(ids)])).map((one) => [one.id, one]));
  return requests.flatMap((request) => {
    const receipt = receipts.get(request.receiptId);
    const newReceipt = receipts.get(request.newReceiptId ?? '') ?? null;
    return receipt === undefined ? [] : [{ request, receipt, newReceipt }];
  });
}

/** Takes back an open question of whoever asks. Its links end; whoever had it sees that it was taken back. */
export async function withdrawRequest(
  needs: GuidanceNeeds,
  actor: Actor,
  id: string,
  origin: Origin,
): Promise<{ readonly outcome: 'ok' | 'not-found' | 'overtaken' } | NotAllowed> {
  if (!may(actor, 'ask-line-manager') || actor.kind !== 'person') return notAllowed;
  return needs.store.inOneTransaction(async (inside) => {
    let request = await inside.guidanceRequests.get(id);
    if (request === null || request.personId !== actor.id) return { outcome: 'not-found' };
    const change = { state: 'withdrawn', remindOn: null, decidedAt: needs.now().toISOString() } as const;
    // A reminder at the same moment, or somebody who passes it on, does not keep them from it.
    while (!isOpen(request.state) || !(await inside.guidanceRequests.change(request, change))) {
      if (!isOpen(request.state)) return { outcome: 'overtaken' };
      request = await inside.guidanceRequests.get(id);
      if (request === null) return { outcome: 'not-found' };
    }
    await writeStep(needs, inside, { request, by: actor, kind: 'withdrawn', words: '' });
    const what = { actor: actor.id, action: 'guidance-withdrawn', entry: entryOf({ id }) } as const;
    await inside.audit.record(auditEvent(needs, what, origin));
    return { outcome: 'ok' };
  });
}
