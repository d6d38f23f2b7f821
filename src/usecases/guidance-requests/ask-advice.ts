import { organisationOf } from '#domain/decision/answer.ts';
import { entryOf, type GuidanceRequest } from '#domain/guidance-requests/guidance-request.ts';
import type { Actor, PersonActing } from '#domain/people/actor.ts';
import { type UsableContact, usableContact } from '#domain/policy/contacts.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { saysSomething, typedText } from '#domain/shared/typed-text.ts';
import type { Store } from '#store/store.ts';
import { findStanding, type Standing } from '../ask-page.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { Needs } from '../needs.ts';
import { writeNotice } from '../notices/write-notice.ts';
import { Overtaken } from '../overtaken.ts';
import type { Origin } from '../people/people-needs.ts';
import { type Answering, answering, type NotTheirs, wordsProblems } from './answer-request.ts';
import { firstReminder } from './ask-manager.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';
import type { GuidanceProblem } from './named-person.ts';
import { knownTool } from './question-to-ask.ts';
import { adviceNotice } from './request-notices.ts';
import { writeStep } from './write-request.ts';

export type AskedForAdvice =
  | { readonly outcome: 'ok'; readonly request: GuidanceRequest; readonly team: UsableContact }
  | Answering
  | NotTheirs;

/**
 * The teams that can give a line manager advice on a question: first the one that the answer itself sends to, then those of the pack.
 * Each once, and the asker's own organisation only where it is known.
 */
export function advisers(pack: Pack, standing: Pick<Standing, 'answer' | 'stated'> | null): UsableContact[] {
  const organisation = standing === null ? undefined : organisationOf(pack, standing.stated);
  const asked = standing?.answer.ask ?? null;
  const named = (pack.managersGuidance?.advice ?? []).map((id) => ({
    id,
    contact: usableContact(pack, id, organisation),
  }));
  const teams = [
    ...(asked !== null && !asked.isPerson ? [asked] : []),
    ...named
      .filter(({ id, contact }) => contact.isOrganisation || pack.contacts.has(id))
      .map(({ contact }) => contact),
  ];
  return teams.filter(({ id }, place) => teams.findIndex((one) => one.id === id) === place);
}

/** Asks a team for advice as a line manager. The question stays open and with the manager, and the reminders start again. */
export async function askAdvice(
  needs: GuidanceNeeds,
  asking: Needs,
  actor: Actor,
  key: string,
  { team, words }: { readonly team: string; readonly words: string },
  origin: Origin,
): Promise<AskedForAdvice> {
  return answering(needs, actor, key, origin, async (inside, person, request) => {
    const { pack } = asking.policy();
    const [receipt] = await inside.receipts.byIds([request.receiptId]);
    const stood = receipt === undefined ? null : findStanding(asking, receipt.facts);
    const standing = stood?.outcome === 'ok' ? stood.standing : null;
    const chosen = advisers(pack, standing).find(({ id }) => id === team);
    const problems: GuidanceProblem[] = [
      ...(chosen === undefined ? [{ field: 'team' as const, detail: 'Choose whom to ask' }] : []),
      ...(!saysSomething(words) ? [{ field: 'words' as const, detail: 'Say what you want advice on' }] : []),
      ...wordsProblems(words),
    ];
    if (chosen === undefined || problems.length > 0) return { outcome: 'problems', problems };
    const last = (await inside.guidanceRequests.stepsOf(request.id)).at(-1);
    const isTheSame = last?.kind === 'advice' && last.actor === person.id && last.toName === chosen.name;
    // A second click: the team is asked once.
    if (isTheSame && last.words === typedText(words)) return { outcome: 'ok', request, team: chosen };
    const tool = standing === null ? null : knownTool(standing);
    return writeAdvice(needs, inside, { person, request, team: chosen, words, tool, origin });
  });
}

async function writeAdvice(
  needs: GuidanceNeeds,
  inside: Store,
  {
    person,
    request,
    team,
    words,
    tool,
    origin,
  }: {
    readonly person: PersonActing;
    readonly request: GuidanceRequest;
    readonly team: UsableContact;
    readonly words: string;
    readonly tool: string | null;
    readonly origin: Origin;
  },
): Promise<AskedForAdvice> {
  const change = {
    state: 'advice' as const,
    managerId: person.id,
    remindOn: firstReminder(needs),
    reminders: 0,
  };
  if (!(await inside.guidanceRequests.change(request, change))) throw new Overtaken();
  const to = { name: team.name, address: team.email ?? team.link ?? team.telephone ?? '' };
  await writeStep(needs, inside, { request, by: person, kind: 'advice', words, to });
  const entry = entryOf(request);
  if (team.email !== null) {
    const key = needs.newKey();
    await inside.guidanceRequests.addKey(request.id, needs.hash(key), 'adviser');
    await writeNotice(needs, inside, {
      to: { kind: 'address', name: team.isFallback ? team.reaches : team.name, address: team.email },
      kind: 'guidance-advice',
      about: entry,
      words: adviceNotice(person.name, request.askerName, tool, `/line-manager/${key}`),
    });
  }
  const what = { actor: person.id, action: 'guidance-advice-asked', entry } as const;
  await inside.audit.record(auditEvent(needs, what, origin, { team: team.id }));
  return { outcome: 'ok', request: { ...request, ...change }, team };
}
