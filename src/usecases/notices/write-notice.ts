import { isEmailAddress } from '#domain/notices/address.ts';
import { digestAt } from '#domain/notices/digest.ts';
import type { Notice, NoticeKind, NoticeState, NoticeWords, Recipient } from '#domain/notices/notice.ts';
import { giveUpAfterMs } from '#domain/notices/retrying.ts';
import { daysAfter } from '#domain/shared/day.ts';
import type { Store } from '#store/store.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';

/** Something that somebody is to be told. `about` is the entry that it tells of, such as `receipt:0199…`. */
export type ToTell = {
  readonly to: Recipient;
  readonly kind: NoticeKind;
  readonly about: string;
  readonly words: NoticeWords;
  /** Who caused it to go to an address that they gave: it counts towards what they may cause in a day (given-address.ts). */
  readonly causedBy?: string;
};

/**
 * Writes a notice, in the transaction of what it tells of (`inside`): then it can neither be lost nor tell of what did not
 * happen. It is sent afterwards. When it reaches a person follows from what they chose. Returns its id.
 */
export async function writeNotice(
  needs: Pick<PeopleNeeds, 'now' | 'today' | 'newId' | 'limits'>,
  inside: Store,
  { to, kind, about, words, causedBy }: ToTell,
): Promise<string> {
  const now = needs.now();
  const { personId, name, address, state } = await whereTo(inside, to, kind);
  const notice: Notice = {
    ...newNotice(needs),
    personId,
    toName: name,
    toAddress: address,
    kind,
    about,
    words,
    state,
    dueAt: state === 'for-digest' ? digestAt(needs.today()) : now.toISOString(),
    causedBy: causedBy ?? null,
  };
  await inside.notices.add(notice);
  return notice.id;
}

/** What is the same in every notice that nobody has tried to send. */
export function newNotice(needs: Pick<PeopleNeeds, 'now' | 'today' | 'newId' | 'limits'>) {
  const now = needs.now();
  return {
    id: needs.newId(),
    madeAt: now.toISOString(),
    dueAt: now.toISOString(),
    giveUpAt: giveUpAt(now),
    claimedUntil: null,
    attempts: 0,
    lastProblem: null,
    way: null,
    sentAs: null,
    endedAt: null,
    digestId: null,
    causedBy: null,
    keepUntil: daysAfter(needs.today(), needs.limits.receiptDays),
  };
}

/** Until when a notice is tried whose first attempt is now. */
export function giveUpAt(now: Date): string {
  return new Date(now.getTime() + giveUpAfterMs).toISOString();
}

type Where = {
  readonly personId: string | null;
  readonly name: string;
  readonly address: string | null;
  readonly state: NoticeState;
};

async function whereTo(inside: Store, to: Recipient, kind: NoticeKind): Promise<Where> {
  if (to.kind === 'address') return { personId: null, name: to.name, address: to.address, state: 'waiting' };
  const person = await inside.people.get(to.id);
  if (person === null) throw new Error(`a notice to nobody: there is no person ${to.id}`);
  const { notices } = await inside.preferences.get(to.id);
  const states = { 'at-once': 'waiting', daily: 'for-digest', 'page-only': 'page-only' } as const;
  const address = reachable(person.email);
  // A test shows whether notices arrive, whatever was chosen.
  const wanted = kind === 'test' ? 'waiting' : states[notices];
  return { personId: person.id, name: person.name, address, state: address === null ? 'page-only' : wanted };
}

/** The address of a person as far as mail can be sent to it. */
export function reachable(email: string | null): string | null {
  return email !== null && isEmailAddress(email) ? email : null;
}
