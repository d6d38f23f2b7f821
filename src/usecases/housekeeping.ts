import { keptForEver } from '#domain/audit/event.ts';
import { system } from '#domain/people/actor.ts';
import { daysAfter } from '#domain/shared/day.ts';
import { auditEvent } from './audit/audit-event.ts';
import type { PeopleNeeds } from './people/people-needs.ts';
import { idleSince } from './people/who-is-there.ts';

/** For how many days counts without people are kept. */
export const usageDays = 400;
/** For how many days somebody who does not come back is known by name. No access token holds as long. */
export const personDays = 730;
/** For how many days an access token that has ended stays in the list of its owner. */
export const endedTokenDays = 90;
const batch = 500;

/**
 * Forgets what has had its time: sessions and tokens that ended, personal data of people who have gone and beside old events, old
 * counts. Says what went.
 */
export async function keepHouse(needs: PeopleNeeds): Promise<{
  readonly sessions: number;
  readonly payloads: number;
  readonly receipts: number;
  readonly guidanceRequests: number;
}> {
  const { store } = needs;
  const sessions = await store.sessions.forget(idleSince(needs), needs.now().toISOString());
  await store.usage.forget(daysAfter(needs.today(), -usageDays));
  await store.tokens.forget(daysAfter(needs.today(), -endedTokenDays));
  await store.people.forget(daysAfter(needs.today(), -personDays));
  const guidanceRequests = await untilFewer(() => removeSomeGuidanceRequests(needs));
  const receipts = await untilFewer(() => removeSomeReceipts(needs));
  await untilFewer(() => forgetSomeProposals(needs));
  const payloads = await untilFewer(() => disposeSome(needs));
  return { sessions, payloads, receipts, guidanceRequests };
}

async function untilFewer(some: () => Promise<number>): Promise<number> {
  for (let all = 0; ; ) {
    const count = await some();
    all += count;
    if (count < batch) return all;
  }
}

function removeSomeReceipts(needs: PeopleNeeds): Promise<number> {
  return needs.store.inOneTransaction(async (inside) => {
    const ids = await inside.receipts.due(needs.today(), batch);
    if (ids.length === 0) return 0;
    await inside.receipts.remove(ids);
    const what = { actor: system, action: 'receipts-removed', entry: 'receipt:due' } as const;
    await inside.audit.record(auditEvent(needs, what, null, { ids }));
    return ids.length;
  });
}

function removeSomeGuidanceRequests(needs: PeopleNeeds): Promise<number> {
  return needs.store.inOneTransaction(async (inside) => {
    const ids = await inside.guidanceRequests.due(needs.today(), batch);
    if (ids.length === 0) return 0;
    await inside.guidanceRequests.remove(ids);
    const what = {
      actor: system,
      action: 'guidance-requests-removed',
      entry: 'guidance-request:due',
    } as const;
    await inside.audit.record(auditEvent(needs, what, null, { ids }));
    return ids.length;
  });
}

// Who proposed a version and why is kept as long as the audit trail keeps such things. That it was published is kept for ever.
function forgetSomeProposals(needs: PeopleNeeds): Promise<number> {
  return needs.store.inOneTransaction(async (inside) => {
    const before = `${daysAfter(needs.today(), -needs.limits.auditPayloadDays)}T00:00:00.000Z`;
    const ids = await inside.proposals.forgetWords(before, batch);
    if (ids.length === 0) return 0;
    const what = { actor: system, action: 'version-words-removed', entry: 'version:proposals' } as const;
    await inside.audit.record(auditEvent(needs, what, null, { ids }));
    return ids.length;
  });
}

// The removal and the event that tells of it are one: a payload that is gone without it looks like tampering.
function disposeSome(needs: PeopleNeeds): Promise<number> {
  return needs.store.inOneTransaction(async (inside) => {
    const numbers = await inside.audit.dispose(needs.today(), batch);
    if (numbers.length === 0) return 0;
    const what = { actor: system, action: 'payloads-disposed', entry: 'audit:payloads' } as const;
    const event = auditEvent(needs, what, null, { ranges: rangesOf(numbers) });
    await inside.audit.record({ ...event, keepUntil: keptForEver });
    return numbers.length;
  });
}

function rangesOf(numbers: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}
