import { type AuditAction, keptForEver } from '#domain/audit/event.ts';
import { system } from '#domain/people/actor.ts';
import { daysAfter } from '#domain/shared/day.ts';
import type { Store } from '#store/store.ts';
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
  readonly notices: number;
}> {
  const { store } = needs;
  const sessions = await store.sessions.forget(idleSince(needs), needs.now().toISOString());
  await store.usage.forget(daysAfter(needs.today(), -usageDays));
  await store.tokens.forget(daysAfter(needs.today(), -endedTokenDays));
  await store.people.forget(daysAfter(needs.today(), -personDays));
  const guidanceRequests = await untilFewer(() => removeSomeGuidanceRequests(needs));
  const receipts = await untilFewer(() => removeSomeReceipts(needs));
  await untilFewer(() => forgetSomeProposals(needs));
  const notices = await untilFewer(() => removeSomeNotices(needs));
  const payloads = await untilFewer(() => disposeSome(needs));
  return { sessions, payloads, receipts, guidanceRequests, notices };
}

async function untilFewer(some: () => Promise<number>): Promise<number> {
  for (let all = 0; ; ) {
    const count = await some();
    all += count;
    if (count < batch) return all;
  }
}

// What goes and the event that names it are one transaction. `forget` returns the ids of what it removed.
function forgetSome(
  needs: PeopleNeeds,
  event: { readonly action: AuditAction; readonly entry: string },
  forget: (inside: Store) => Promise<readonly string[]>,
): Promise<number> {
  return needs.store.inOneTransaction(async (inside) => {
    const ids = await forget(inside);
    if (ids.length === 0) return 0;
    await inside.audit.record(auditEvent(needs, { actor: system, ...event }, null, { ids }));
    return ids.length;
  });
}

function removeSomeReceipts(needs: PeopleNeeds): Promise<number> {
  const event = { action: 'receipts-removed', entry: 'receipt:due' } as const;
  return forgetSome(needs, event, async ({ receipts }) => {
    const ids = await receipts.due(needs.today(), batch);
    await receipts.remove(ids);
    return ids;
  });
}

function removeSomeGuidanceRequests(needs: PeopleNeeds): Promise<number> {
  const event = { action: 'guidance-requests-removed', entry: 'guidance-request:due' } as const;
  return forgetSome(needs, event, async ({ guidanceRequests }) => {
    const ids = await guidanceRequests.due(needs.today(), batch);
    if (ids.length > 0) await guidanceRequests.remove(ids);
    return ids;
  });
}

// Who proposed a version and why is kept as long as the audit trail keeps such things. That it was published is kept for ever.
function forgetSomeProposals(needs: PeopleNeeds): Promise<number> {
  const event = { action: 'version-words-removed', entry: 'version:proposals' } as const;
  const before = `${daysAfter(needs.today(), -needs.limits.auditPayloadDays)}T00:00:00.000Z`;
  return forgetSome(needs, event, ({ proposals }) => proposals.forgetWords(before, batch));
}

function removeSomeNotices(needs: PeopleNeeds): Promise<number> {
  const event = { action: 'notices-removed', entry: 'notice:due' } as const;
  return forgetSome(needs, event, ({ notices }) => notices.removeDue(needs.today(), batch));
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
