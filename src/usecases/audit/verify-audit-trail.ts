import { type AuditCheck, type AuditHead, ChainCheck, type Hash } from '#domain/audit/chain.ts';
import type { AuditEvent } from '#domain/audit/event.ts';
import type { AuditTrail } from '#store/audit-trail.ts';

/**
 * Reads the whole trail and says what is wrong with it: events changed, missing or put elsewhere, payloads changed or gone, and a
 * head that is not where the events end. With a head that was taken out earlier it also finds a trail that was written anew.
 * `onProgress` is told how many events were read.
 */
export async function verifyAuditTrail(
  trail: Pick<AuditTrail, 'read' | 'head'>,
  hash: Hash,
  known?: AuditHead,
  onProgress: (count: number) => void = () => {},
): Promise<AuditCheck> {
  // The head first: events that are written meanwhile come after it, and are not looked at.
  const head = await trail.head();
  const check = new ChainCheck(hash);
  let found: AuditEvent | null = null;
  let count = 0;
  for await (const record of trail.read()) {
    if (record.number > head.number && count >= head.number) break;
    check.next(record);
    if (record.number === known?.number) found = record;
    count += 1;
    if (count % 1_000 === 0) onProgress(count);
  }
  return check.end(head, known === undefined ? undefined : { ...known, found });
}
