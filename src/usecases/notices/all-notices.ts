import {
  type Notice,
  type NoticeKind,
  type NoticeState,
  noticeKinds,
  noticeStates,
} from '#domain/notices/notice.ts';
import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { auditEvent } from '../audit/audit-event.ts';
import { newestPage } from '../newest-page.ts';
import { type NotAllowed, notAllowed, type Origin, type PeopleNeeds } from '../people/people-needs.ts';
import type { SendingNeeds } from './sending-needs.ts';
import { giveUpAt } from './write-notice.ts';

/** What to look for, as it stands in an address; what nothing has is left out. */
export type NoticeQuestion = { readonly state?: string; readonly kind?: string; readonly before?: string };

export type NoticeFilter = { readonly state: NoticeState | null; readonly kind: NoticeKind | null };

const pageLength = 50;

/** Notices of everybody, the newest first, a page at a time, and how many there are in each state. */
export async function listNotices(
  { store }: PeopleNeeds,
  actor: Actor,
  { state: wantedState, kind: wantedKind, before }: NoticeQuestion,
): Promise<
  | {
      readonly outcome: 'ok';
      readonly filter: NoticeFilter;
      readonly notices: readonly Notice[];
      readonly next: string | null;
      readonly counts: ReadonlyMap<NoticeState, number>;
    }
  | NotAllowed
> {
  if (!may(actor, 'see-notices')) return notAllowed;
  const state = noticeStates.find((one) => one === wantedState) ?? null;
  const kind = noticeKinds.find((one) => one === wantedKind) ?? null;
  const search = {
    ...(state === null ? {} : { state }),
    ...(kind === null ? {} : { kind }),
    ...(before === undefined ? {} : { before }),
  };
  const found = await store.notices.search(search, pageLength + 1);
  const { page: notices, next } = newestPage(found, pageLength);
  return {
    outcome: 'ok',
    filter: { state, kind },
    notices,
    next,
    counts: await store.notices.countByState(),
  };
}

/** A notice as administrators may read it. */
export type ShownNotice = { readonly notice: Notice; readonly isLinkHidden: boolean };

/**
 * One notice. A link to somebody who has never signed in holds a key to what they are asked; where it goes to them, nobody else is to have
 * it. Where notices go to the outbox an administrator is who passes it on.
 */
export async function getNotice(
  { store, way }: Pick<SendingNeeds, 'store' | 'way'>,
  actor: Actor,
  id: string,
): Promise<({ readonly outcome: 'ok' } & ShownNotice) | { readonly outcome: 'not-found' } | NotAllowed> {
  if (!may(actor, 'see-notices')) return notAllowed;
  const notice = await store.notices.get(id);
  if (notice === null) return { outcome: 'not-found' };
  const { link } = notice.words;
  const isLinkHidden = notice.personId === null && link !== null && way.name !== 'outbox';
  if (!isLinkHidden) return { outcome: 'ok', notice, isLinkHidden };
  const path = link.path.replace(/[^/]*$/, '…');
  const words = { ...notice.words, link: { ...link, path } };
  return { outcome: 'ok', notice: { ...notice, words }, isLinkHidden };
}

/** Has a notice that was given up tried again, at once and for another two days. */
export async function tryNoticeAgain(
  needs: PeopleNeeds,
  actor: Actor,
  id: string,
  origin: Origin,
): Promise<{ readonly outcome: 'ok' | 'not-given-up' } | NotAllowed> {
  if (!may(actor, 'see-notices') || actor.kind !== 'person') return notAllowed;
  const now = needs.now();
  return needs.store.inOneTransaction(async (inside) => {
    const times = { dueAt: now.toISOString(), giveUpAt: giveUpAt(now) };
    if (!(await inside.notices.tryAgain(id, times))) return { outcome: 'not-given-up' };
    const what = { actor: actor.id, action: 'notice-tried-again', entry: `notice:${id}` } as const;
    await inside.audit.record(auditEvent(needs, what, origin));
    return { outcome: 'ok' };
  });
}
