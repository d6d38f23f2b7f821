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
import { type NotAllowed, notAllowed, type Origin, type PeopleNeeds } from '../people/people-needs.ts';
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
  const notices = found.slice(0, pageLength);
  const next = found.length > pageLength ? (notices.at(-1)?.id ?? null) : null;
  return {
    outcome: 'ok',
    filter: { state, kind },
    notices,
    next,
    counts: await store.notices.countByState(),
  };
}

/** One notice. */
export async function getNotice(
  { store }: PeopleNeeds,
  actor: Actor,
  id: string,
): Promise<
  { readonly outcome: 'ok'; readonly notice: Notice } | { readonly outcome: 'not-found' } | NotAllowed
> {
  if (!may(actor, 'see-notices')) return notAllowed;
  const notice = await store.notices.get(id);
  return notice === null ? { outcome: 'not-found' } : { outcome: 'ok', notice };
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
