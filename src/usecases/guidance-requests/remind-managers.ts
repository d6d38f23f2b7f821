import {
  entryOf,
  type GuidanceRequest,
  remindAfterWorkingDays,
} from '#domain/guidance-requests/guidance-request.ts';
import { system } from '#domain/people/actor.ts';
import { workingDaysAfter } from '#domain/shared/working-days.ts';
import type { Store } from '#store/store.ts';
import { findStanding } from '../ask-page.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { Needs } from '../needs.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';
import { knownTool } from './question-to-ask.ts';
import { reminderNotice } from './request-notices.ts';
import { writeStep } from './write-request.ts';
import { writeToManager } from './write-to-manager.ts';

const batch = 20;

/**
 * Reminds some of the line managers whose time has come: once after two working days, once more after five. The notice, the step and
 * the event are one transaction with the mark that it was done, so any number of servers remind once. True: there may be more.
 */
export async function remindSomeManagers(needs: GuidanceNeeds, asking: Needs): Promise<boolean> {
  const due = await needs.store.guidanceRequests.toRemind(needs.today(), batch);
  for (const request of due)
    await needs.store.inOneTransaction((inside) => remind(needs, asking, inside, request));
  return due.length === batch;
}

async function remind(
  needs: GuidanceNeeds,
  asking: Needs,
  inside: Store,
  request: GuidanceRequest,
): Promise<void> {
  const { id, askerName, managerName, managerAddress } = request;
  const change = { reminders: request.reminders + 1, remindOn: nextReminder(needs, request) };
  if (!(await inside.guidanceRequests.change(request, change))) return;
  const [receipt] = await inside.receipts.byIds([request.receiptId]);
  const stood = receipt === undefined ? null : findStanding(asking, receipt.facts);
  const tool = stood?.outcome === 'ok' ? knownTool(stood.standing) : null;
  await writeToManager(needs, inside, request, 'guidance-reminder', null, (path) =>
    reminderNotice(askerName, tool, path),
  );
  const to = { name: managerName, address: managerAddress };
  await writeStep(needs, inside, { request, by: { id: system, name: '' }, kind: 'reminded', words: '', to });
  const what = { actor: system, action: 'guidance-reminded', entry: entryOf({ id }) } as const;
  await inside.audit.record(auditEvent(needs, what, null, { reminder: change.reminders }));
}

// The second counts from the same day as the first. Where the first came late, they are still a working day apart.
function nextReminder(
  { today, holidays }: GuidanceNeeds,
  { reminders, remindOn }: GuidanceRequest,
): string | null {
  const [first, second] = remindAfterWorkingDays;
  if (reminders > 0 || remindOn === null) return null;
  const planned = workingDaysAfter(remindOn, second - first, holidays);
  const earliest = workingDaysAfter(today(), 1, holidays);
  return planned > earliest ? planned : earliest;
}
