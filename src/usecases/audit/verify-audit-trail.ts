import { type AuditCheck, type AuditHead, ChainCheck, type Hash } from '#domain/audit/chain.ts';
import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import type { AuditTrail } from '#store/audit-trail.ts';
import { type NotAllowed, notAllowed, type PeopleNeeds } from '../people/people-needs.ts';

/** A trail as far as it can be read. */
export type TrailToRead = Pick<AuditTrail, 'read' | 'head'>;

/** `verifyAuditTrail` for somebody who asks for it: whoever runs the service needs no leave at its command line. */
export async function checkAuditTrail(
  { store, hash }: Pick<PeopleNeeds, 'store' | 'hash'>,
  actor: Actor,
): Promise<{ readonly outcome: 'ok'; readonly check: AuditCheck } | NotAllowed> {
  if (!may(actor, 'read-audit-trail')) return notAllowed;
  return { outcome: 'ok', check: await verifyAuditTrail(store.audit, hash) };
}

/**
 * Reads the whole trail and says what is wrong with it: events changed, missing or put elsewhere, payloads changed or gone, and a
 * head that is not where the events end. With a head that was taken out earlier it also finds a trail that was written anew.
 * `onProgress` is told how many events were read.
 */
export async function verifyAuditTrail(
  trail: TrailToRead,
  hash: Hash,
  known?: AuditHead,
  onProgress: (count: number) => void = () => {},
): Promise<AuditCheck> {
  const before = await trail.head();
  const check = new ChainCheck(hash, [before.number, ...(known === undefined ? [] : [known.number])]);
  let count = 0;
  for await (const record of trail.read()) {
    check.next(record);
    count += 1;
    if (count % 1_000 === 0) onProgress(count);
  }
  return check.end({ before, after: await trail.head(), known });
}
