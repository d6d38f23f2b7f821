import { entryOf, type GuidanceRequest } from '#domain/guidance-requests/guidance-request.ts';
import type { NoticeKind, NoticeWords } from '#domain/notices/notice.ts';
import type { Store } from '#store/store.ts';
import { writeNotice } from '../notices/write-notice.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';

/**
 * Writes a notice to whoever a question is with now. Somebody who has signed in with the address is known by it, so their link holds
 * no secret. Everybody else gets a link with a key of its own; those that they got before go on working. `causedBy` is who gave the
 * address, and it counts towards what they may cause in a day; null for reminders.
 */
export async function writeToManager(
  needs: GuidanceNeeds,
  inside: Store,
  request: Pick<GuidanceRequest, 'id' | 'managerId' | 'managerName' | 'managerAddress'>,
  kind: NoticeKind,
  causedBy: string | null,
  words: (path: string) => NoticeWords,
): Promise<void> {
  const { id, managerId, managerName: name, managerAddress: address } = request;
  const about = entryOf({ id });
  const by = causedBy === null ? {} : { causedBy };
  const person = managerId === null ? null : await inside.people.get(managerId);
  // Whoever got it by a key may have another address than the one that was named.
  if (person !== null && person.email?.toLowerCase() === address) {
    await writeNotice(needs, inside, {
      to: { kind: 'person', id: person.id },
      kind,
      about,
      words: words(`/line-manager/${id}`),
      ...by,
    });
    return;
  }
  const key = needs.newKey();
  await inside.guidanceRequests.addKey(id, needs.hash(key), 'manager');
  const to = { kind: 'address', name, address } as const;
  await writeNotice(needs, inside, { to, kind, about, words: words(`/line-manager/${key}`), ...by });
}
