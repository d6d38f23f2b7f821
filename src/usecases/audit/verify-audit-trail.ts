import { type AuditCheck, type AuditHead, ChainCheck, type Hash } from '#domain/audit/chain.ts';
import type { AuditTrail } from '#store/audit-trail.ts';

/** A trail as far as it can be read. */
export type TrailToRead = Pick<AuditTrail, 'read' | 'head'>;

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
