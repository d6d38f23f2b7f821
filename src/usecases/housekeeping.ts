import { keptForEver } from '#domain/audit/event.ts';
import { system } from '#domain/people/actor.ts';
import { daysAfter } from '#domain/shared/day.ts';
import { auditEvent } from './audit/audit-event.ts';
import type { PeopleNeeds } from './people/people-needs.ts';
import { idleSince } from './people/who-is-there.ts';

/** For how many days counts without people are kept. */
export const usageDays = 400;
const batch = 500;

/** Forgets what has had its time: sessions that ended, personal data beside old events, old counts. Says what went. */
export async function keepHouse(
  needs: PeopleNeeds,
): Promise<{ readonly sessions: number; readonly payloads: number }> {
  const { store } = needs;
  const sessions = await store.sessions.forget(idleSince(needs), needs.now().toISOString());
  await store.usage.forget(daysAfter(needs.today(), -usageDays));
  let payloads = 0;
  for (;;) {
    const disposed = await disposeSome(needs);
    payloads += disposed;
    if (disposed < batch) return { sessions, payloads };
  }
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
