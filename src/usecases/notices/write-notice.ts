import type { NoticeKind, NoticeState, NoticeWords, Recipient } from '#domain/notices/notice.ts';
import { daysAfter } from '#domain/shared/day.ts';
import type { Store } from '#store/store.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';

/** Something that somebody is to be told. `about` is the entry that it tells of, such as `receipt:0199…`. */
export type ToTell = {
  readonly to: Recipient;
  readonly kind: NoticeKind;
  readonly about: string;
  readonly words: NoticeWords;
};

/**
 * Writes a notice, in the transaction of what it tells of (`inside`): then it can neither be lost nor tell of what did not
 * happen. It is sent afterwards. When it reaches a person follows from what they chose. Returns its id.
 */
export async function writeNotice(
  needs: Pick<PeopleNeeds, 'now' | 'today' | 'newId' | 'limits'>,
  inside: Store,
  { to, kind, about, words }: ToTell,
): Promise<string> {
  const at = needs.now().toISOString();
  const id = needs.newId();
  const { personId, name, address, state } = await addressOf(inside, to);
  await inside.notices.add({
    id,
    personId,
    toName: name,
    toAddress: address,
    kind,
    about,
    words,
    madeAt: at,
    state,
    dueAt: at,
    attempts: 0,
    lastProblem: null,
    way: null,
    sentAs: null,
    endedAt: null,
    digestId: null,
    keepUntil: daysAfter(needs.today(), needs.limits.receiptDays),
  });
  return id;
}

async function addressOf(
  inside: Store,
  to: Recipient,
): Promise<{ personId: string | null; name: string; address: string | null; state: NoticeState }> {
  if (to.kind === 'address') return { personId: null, name: to.name, address: to.address, state: 'waiting' };
  const person = await inside.people.get(to.id);
  if (person === null) throw new Error(`a notice to nobody: there is no person ${to.id}`);
  const { notices } = await inside.preferences.get(to.id);
  const states = { 'at-once': 'waiting', daily: 'for-digest', 'page-only': 'page-only' } as const;
  const state = person.email === null ? 'page-only' : states[notices];
  return { personId: person.id, name: person.name, address: person.email, state };
}
