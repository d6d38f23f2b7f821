import { digestAt } from '#domain/notices/digest.ts';
import { type Notice, type NoticeChoice, noticeChoices } from '#domain/notices/notice.ts';
import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import type { Moved } from '#store/notices.ts';
import { auditEvent } from '../audit/audit-event.ts';
import { newestPage } from '../newest-page.ts';
import { type NotAllowed, notAllowed, type Origin, type PeopleNeeds } from '../people/people-needs.ts';
import { mayCauseMore } from './given-address.ts';
import { giveUpAt, reachable, writeNotice } from './write-notice.ts';

const pageLength = 30;

/** What somebody was told, the newest first, a page at a time, and how they want to be told. `address` null: no address is known that mail can be sent to. */
export async function listOwnNotices(
  needs: PeopleNeeds,
  actor: Actor,
  before?: string,
): Promise<
  | {
      readonly outcome: 'ok';
      readonly notices: readonly Notice[];
      readonly next: string | null;
      readonly choice: NoticeChoice;
      readonly address: string | null;
    }
  | NotAllowed
> {
  if (!may(actor, 'keep-notices') || actor.kind !== 'person') return notAllowed;
  const found = await needs.store.notices.listOf(actor.id, pageLength + 1, before);
  const { page: notices, next } = newestPage(found, pageLength);
  const person = await needs.store.people.get(actor.id);
  const { notices: choice } = await needs.store.preferences.get(actor.id);
  return { outcome: 'ok', notices, next, choice, address: reachable(person?.email ?? null) };
}

/** Chooses how somebody is told from now on. What waits already moves along. */
export async function chooseNotices(
  needs: PeopleNeeds,
  actor: Actor,
  wish: string,
  origin: Origin,
): Promise<
  { readonly outcome: 'ok' } | { readonly outcome: 'problem'; readonly detail: string } | NotAllowed
> {
  if (!may(actor, 'keep-notices') || actor.kind !== 'person') return notAllowed;
  const choice = noticeChoices.find((one) => one === wish);
  if (choice === undefined) return { outcome: 'problem', detail: 'Select how you want to get notices' };
  const now = needs.now();
  return needs.store.inOneTransaction(async (inside) => {
    const before = await inside.preferences.get(actor.id);
    if (before.notices === choice) return { outcome: 'ok' };
    const person = await inside.people.get(actor.id);
    await inside.preferences.save(actor.id, { ...before, notices: choice });
    const canSend = reachable(person?.email ?? null) !== null;
    const moved = canSend
      ? await inside.notices.move(actor.id, whereFor(choice, needs, now), now.toISOString())
      : 0;
    const what = { actor: actor.id, action: 'notices-chosen', entry: `person:${actor.id}` } as const;
    await inside.audit.record(auditEvent(needs, what, origin, { choice, moved }));
    return { outcome: 'ok' };
  });
}

function whereFor(choice: NoticeChoice, { today }: Pick<PeopleNeeds, 'today'>, now: Date): Moved {
  switch (choice) {
    case 'at-once':
      return { state: 'waiting', dueAt: now.toISOString(), giveUpAt: giveUpAt(now) };
    case 'daily':
      return { state: 'for-digest', dueAt: digestAt(today()) };
    case 'page-only':
      return { state: 'page-only' };
    default:
      return choice satisfies never;
  }
}

/** Sends somebody a notice to see whether notices reach them. */
export async function askForTestNotice(
  needs: PeopleNeeds,
  actor: Actor,
  origin: Origin,
): Promise<{ readonly outcome: 'ok' | 'no-address' | 'too-many' } | NotAllowed> {
  if (!may(actor, 'keep-notices') || actor.kind !== 'person') return notAllowed;
  return needs.store.inOneTransaction(async (inside) => {
    const person = await inside.people.get(actor.id);
    if (reachable(person?.email ?? null) === null) return { outcome: 'no-address' };
    if (!(await mayCauseMore(needs, inside, actor.id))) return { outcome: 'too-many' };
    const id = await writeNotice(needs, inside, {
      to: { kind: 'person', id: actor.id },
      kind: 'test',
      about: `person:${actor.id}`,
      words: testWords,
      causedBy: actor.id,
    });
    const what = { actor: actor.id, action: 'test-notice-asked', entry: `notice:${id}` } as const;
    await inside.audit.record(auditEvent(needs, what, origin));
    return { outcome: 'ok' };
  });
}

const testWords = {
  subject: 'This is a test notice',
  paragraphs: [
    'You asked for a test, to see whether notices reach you. This one has.',
    'There is nothing that you need to do.',
  ],
  link: { text: 'See all your notices', path: '/me/notices' },
};
