import { entryOf, type GuidanceRequest } from '#domain/guidance-requests/guidance-request.ts';
import type { Actor, PersonActing } from '#domain/people/actor.ts';
import type { Store } from '#store/store.ts';
import { findStanding } from '../ask-page.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { Needs } from '../needs.ts';
import { Overtaken } from '../overtaken.ts';
import type { Origin } from '../people/people-needs.ts';
import { type Answering, answering, type NotTheirs, wordsProblems } from './answer-request.ts';
import { firstReminder } from './ask-manager.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';
import { addressOf, capProblems, type NamedPerson, readNamedPerson } from './named-person.ts';
import { knownTool } from './question-to-ask.ts';
import { passedOnNotice } from './request-notices.ts';
import { writeStep } from './write-request.ts';
import { writeToManager } from './write-to-manager.ts';

export type PassedOn =
  | { readonly outcome: 'ok'; readonly request: GuidanceRequest; readonly to: NamedPerson }
  | Answering
  | NotTheirs;

/**
 * Gives a question to another line manager. They get a notice, the reminders start again, and every link that led to it before ends.
 * It cannot go to whoever asks, nor back to whoever passes it on.
 */
export async function passOn(
  needs: GuidanceNeeds,
  asking: Needs,
  actor: Actor,
  key: string,
  { to, words }: { readonly to: NamedPerson; readonly words: string },
  origin: Origin,
): Promise<PassedOn> {
  return answering(needs, actor, key, origin, async (inside, person, request) => {
    const { person: named, problems } = readNamedPerson(needs, to, {
      who: 'the manager who decides this',
      notThem: await notTo(inside, person, request),
    });
    const cap = problems.length > 0 ? [] : await capProblems(needs, inside, person.id, named);
    const all = [...problems, ...cap, ...wordsProblems(words)];
    if (all.length > 0) return { outcome: 'problems', problems: all };
    return writePassedOn(needs, asking, inside, { person, request, to: named, words, origin });
  });
}

async function notTo(
  inside: Store,
  person: PersonActing,
  request: GuidanceRequest,
): Promise<ReadonlyMap<string, string>> {
  const [asker, own] = [
    await addressOf({ store: inside }, request.personId),
    await addressOf({ store: inside }, person.id),
  ];
  const not = new Map([[request.managerAddress, 'The question is with this address already']]);
  if (own !== null) not.set(own, 'This is your own address. Enter that of somebody else');
  if (asker !== null)
    not.set(asker, `This is the address of ${request.askerName}, who asks. Nobody answers themselves`);
  return not;
}

async function writePassedOn(
  needs: GuidanceNeeds,
  asking: Needs,
  inside: Store,
  {
    person,
    request,
    to,
    words,
    origin,
  }: {
    readonly person: PersonActing;
    readonly request: GuidanceRequest;
    readonly to: NamedPerson;
    readonly words: string;
    readonly origin: Origin;
  },
): Promise<PassedOn> {
  const known = await inside.people.byEmail(to.address);
  const change = {
    managerName: to.name,
    managerAddress: to.address,
    managerId: known?.id ?? null,
    state: 'waiting' as const,
    remindOn: firstReminder(needs),
    reminders: 0,
  };
  if (!(await inside.guidanceRequests.change(request, change))) throw new Overtaken();
  await inside.guidanceRequests.dropKeys(request.id);
  await writeStep(needs, inside, { request, by: person, kind: 'passed-on', words, to });
  const [receipt] = await inside.receipts.byIds([request.receiptId]);
  const stood = receipt === undefined ? null : findStanding(asking, receipt.facts);
  const tool = stood?.outcome === 'ok' ? knownTool(stood.standing) : null;
  await writeToManager(needs, inside, { ...request, ...change }, 'guidance-asked', person.id, (path) =>
    passedOnNotice(request.askerName, person.name, tool, path),
  );
  const what = {
    actor: person.id,
    action: 'guidance-passed-on',
    entry: entryOf(request),
  } as const;
  await inside.audit.record(
    auditEvent(needs, what, origin, { before: request.managerAddress, manager: to.address }),
  );
  return { outcome: 'ok', request: { ...request, ...change }, to };
}
