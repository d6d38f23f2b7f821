import type { GuidanceRequest } from '#domain/guidance-requests/guidance-request.ts';
import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { newestPage } from '../newest-page.ts';
import type { FindWaiting } from '../people/own-page.ts';
import { type NotAllowed, notAllowed } from '../people/people-needs.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';
import { addressOf } from './named-person.ts';
import { type OwnRequest, pageLength, withReceipts } from './own-requests.ts';

export type AsManager = {
  readonly outcome: 'ok';
  /** What waits for them, the oldest first. */
  readonly waiting: readonly OwnRequest[];
  /** What they decided, the newest question first, a page at a time. */
  readonly decided: readonly OwnRequest[];
  /** What to give as `before` for the next page; null: there is none. */
  readonly next: string | null;
};

const mostWaiting = 100;

/** The questions that somebody has and had as line manager: those that wait for them, on the first page, and those that they decided. */
export async function listAsManager(
  needs: Pick<GuidanceNeeds, 'store'>,
  actor: Actor,
  before?: string,
): Promise<AsManager | NotAllowed> {
  if (!may(actor, 'answer-as-line-manager') || actor.kind !== 'person') return notAllowed;
  const waiting = before === undefined ? await requestsWaitingFor(needs, actor.id) : [];
  const found = await needs.store.guidanceRequests.listDecidedBy(actor.id, pageLength + 1, before);
  const { page, next } = newestPage(found, pageLength);
  return {
    outcome: 'ok',
    waiting: await withReceipts(needs, waiting),
    decided: await withReceipts(needs, page),
    next,
  };
}

// The oldest first.
async function requestsWaitingFor(
  needs: Pick<GuidanceNeeds, 'store'>,
  personId: string,
): Promise<readonly GuidanceRequest[]> {
  const address = await addressOf(needs, personId);
  return needs.store.guidanceRequests.listWaitingFor({ id: personId, address }, mostWaiting);
}

/** What waits for somebody as a line manager, the oldest first: each is answered at `/line-manager/` and its id. */
export const listWaitingFor: FindWaiting = async (needs, _asking, actor) => {
  if (!may(actor, 'answer-as-line-manager') || actor.kind !== 'person') return [];
  const waiting = await requestsWaitingFor(needs, actor.id);
  return waiting.map(({ id, askerName, askedAt, state }) => ({
    text:
      state === 'advice'
        ? `${askerName} waits for your guidance as line manager: you have asked for advice`
        : `${askerName} asks for your guidance as line manager`,
    path: `/line-manager/${id}`,
    since: askedAt,
  }));
};
