import { digestWords } from '#domain/notices/digest.ts';
import { system } from '#domain/people/actor.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';
import { newNotice, reachable } from './write-notice.ts';

/**
 * Puts what waits for one person’s notice of the day into one, and that notice among those to be sent: in one transaction, so that nothing
 * is in it twice or in none. True where there was somebody.
 */
export async function makeOneDigest(
  needs: Pick<PeopleNeeds, 'store' | 'now' | 'today' | 'newId' | 'limits'>,
): Promise<boolean> {
  const at = needs.now().toISOString();
  const personId = await needs.store.notices.digestDueFor(at);
  if (personId === null) return false;
  await needs.store.inOneTransaction(async (inside) => {
    const fresh = newNotice(needs);
    const members = await inside.notices.putInDigest(personId, fresh.id, at);
    const person = await inside.people.get(personId);
    // Another server was first.
    if (members.length === 0 || person === null) return;
    const address = reachable(person.email);
    await inside.notices.add({
      ...fresh,
      personId,
      toName: person.name,
      toAddress: address,
      kind: 'digest',
      about: `person:${personId}`,
      words: digestWords(members),
      state: address === null ? 'page-only' : 'waiting',
    });
    const what = { actor: system, action: 'digest-made', entry: `notice:${fresh.id}` } as const;
    await inside.audit.record(auditEvent(needs, what, null, { notices: members.map(({ id }) => id) }));
  });
  return true;
}
