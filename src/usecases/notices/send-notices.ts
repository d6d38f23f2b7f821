import { isEmailAddress } from '#domain/notices/address.ts';
import type { Notice } from '#domain/notices/notice.ts';
import { claimMs, waitMsAfter } from '#domain/notices/retrying.ts';
import { system } from '#domain/people/actor.ts';
import type { SendResult } from '#platform/mail/letter.ts';
import { auditEvent } from '../audit/audit-event.ts';
import { type NoticeAlert, outgoing, type SendingNeeds } from './sending-needs.ts';

/**
 * Sends the notice that has waited longest. It is claimed first, so that no other server sends it at the same time, sent outside any
 * transaction, and then written down as sent with its event. Where the server dies in between, it is tried again when the claim is over.
 * True where there was one.
 */
export async function sendOneNotice(
  needs: SendingNeeds,
  alert: (alert: NoticeAlert) => void,
): Promise<boolean> {
  const { store, way } = needs;
  const now = needs.now();
  const claimedUntil = new Date(now.getTime() + claimMs).toISOString();
  const notice = await store.notices.claim(now.toISOString(), claimedUntil);
  if (notice === null) return false;
  const hopeless = whyHopeless(notice, now);
  const result: SendResult =
    hopeless === null
      ? await way.send(outgoing(needs, notice), notice.attempts > 1)
      : { outcome: 'never', problem: hopeless };
  if (result.outcome === 'sent') await finish(needs, notice, result);
  else await putOff(needs, notice, result, alert);
  return true;
}

// What fails without coming to an end is claimed again every minute. In two days no other way comes to as many attempts.
const attemptsWithoutEnd = 100;

function whyHopeless({ toAddress, attempts, giveUpAt }: Notice, now: Date): string | null {
  // It comes from a pack, or was taken before what an address is was changed.
  if (toAddress === null || !isEmailAddress(toAddress)) return 'this is no address that mail can be sent to';
  const hasNoEnd = attempts > attemptsWithoutEnd && giveUpAt <= now.toISOString();
  return hasNoEnd ? 'the service stopped each time while it was sending this' : null;
}

async function finish(
  needs: SendingNeeds,
  notice: Notice,
  { as }: SendResult & { readonly outcome: 'sent' },
): Promise<void> {
  const { id, attempts } = notice;
  const way = needs.way.name;
  await needs.store.inOneTransaction(async (inside) => {
    const sent = { way, as, at: needs.now().toISOString() };
    if (!(await inside.notices.markSent(claimOf(notice), sent))) return;
    const what = { actor: system, action: 'notice-sent', entry: `notice:${id}` } as const;
    await inside.audit.record(auditEvent(needs, what, null, { way, attempts }));
  });
}

async function putOff(
  needs: SendingNeeds,
  notice: Notice,
  { outcome, problem }: SendResult & { readonly outcome: 'later' | 'never' },
  alert: (alert: NoticeAlert) => void,
): Promise<void> {
  const { id, kind, attempts, giveUpAt } = notice;
  const now = needs.now();
  const dueAt = new Date(now.getTime() + waitMsAfter(attempts, needs.chance())).toISOString();
  if (outcome === 'later' && dueAt <= giveUpAt) {
    await needs.store.notices.markLater(claimOf(notice), { problem, dueAt });
    return;
  }
  const way = needs.way.name;
  const isOurs = await needs.store.inOneTransaction(async (inside) => {
    const end = { problem, way, at: now.toISOString() };
    if (!(await inside.notices.markGivenUp(claimOf(notice), end))) return false;
    const what = { actor: system, action: 'notice-given-up', entry: `notice:${id}` } as const;
    await inside.audit.record(auditEvent(needs, what, null, { way, attempts, problem }));
    return true;
  });
  if (isOurs) alert({ code: 'notice-given-up', notice: id, kind, way, attempts });
}

function claimOf({ id, claimedUntil }: Notice) {
  return { id, claimedUntil: claimedUntil ?? '' };
}
