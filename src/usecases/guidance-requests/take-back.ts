import { canTakeBack, entryOf, type GuidanceRequest } from '#domain/guidance-requests/guidance-request.ts';
import type { Actor, PersonActing } from '#domain/people/actor.ts';
import type { Receipt } from '#domain/receipts/receipt.ts';
import type { Store } from '#store/store.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { Needs } from '../needs.ts';
import { writeNotice } from '../notices/write-notice.ts';
import { Overtaken } from '../overtaken.ts';
import type { Origin } from '../people/people-needs.ts';
import {
  type Answering,
  answering,
  liveInItsPlace,
  type NotTheirs,
  saveDecided,
  whyProblems,
} from './answer-request.ts';
import { standingWith } from './find-for-manager.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';
import { takenBackNotice } from './request-notices.ts';
import { writeStep } from './write-request.ts';

export type TakenBack = { readonly outcome: 'ok'; readonly request: GuidanceRequest } | Answering | NotTheirs;

/**
 * Takes a go-ahead back, for whoever gave it: from now on it is a refusal. The saved answer that rests on it is replaced by one that
 * says so, evaluated under today's guidance, or withdrawn where that cannot answer the question any more. The asker is told, with why.
 */
export async function takeBackGoAhead(
  needs: GuidanceNeeds,
  asking: Needs,
  actor: Actor,
  key: string,
  words: string,
  origin: Origin,
): Promise<TakenBack> {
  const isPossible = (request: GuidanceRequest, person: PersonActing) =>
    canTakeBack(request, person.id, needs.today());
  const work = async (inside: Store, person: PersonActing, request: GuidanceRequest): Promise<TakenBack> => {
    const problems = whyProblems(words, 'Say why you take it back, so that they know what to do now');
    if (problems.length > 0) return { outcome: 'problems', problems };
    const ended = await endWhatRestsOn(needs, asking, inside, { person, request, origin });
    const change = {
      state: 'refused',
      decidedAt: needs.now().toISOString(),
      until: null,
      ...(ended.kind === 'replaced'
        ? { newReceiptId: ended.receipt.id, keepUntil: ended.receipt.keepUntil }
        : {}),
    } as const;
    if (!(await inside.guidanceRequests.change(request, change))) throw new Overtaken();
    await writeStep(needs, inside, { request, by: person, kind: 'taken-back', words });
    const entry = entryOf(request);
    await writeNotice(needs, inside, {
      to: { kind: 'person', id: request.personId },
      kind: 'guidance-given',
      about: entry,
      words: takenBackNotice(person.name, ended, request.id),
    });
    const what = { actor: person.id, action: 'guidance-taken-back', entry } as const;
    const more = ended.kind === 'nothing' ? {} : { receipt: ended.receipt.reference, became: ended.kind };
    await inside.audit.record(auditEvent(needs, what, origin, more));
    return { outcome: 'ok', request: { ...request, ...change } };
  };
  return answering(needs, actor, key, origin, work, isPossible);
}

/**
 * What became of the saved answer that rests on a go-ahead: another one with the refusal took its place, or it was withdrawn. `nothing`:
 * none does any more, because its owner withdrew it or asked something else in its place.
 */
export type Ended =
  | { readonly kind: 'replaced' | 'withdrawn'; readonly receipt: Receipt }
  | { readonly kind: 'nothing' };

async function endWhatRestsOn(
  needs: GuidanceNeeds,
  asking: Needs,
  inside: Store,
  {
    person,
    request,
    origin,
  }: { readonly person: PersonActing; readonly request: GuidanceRequest; readonly origin: Origin },
): Promise<Ended> {
  // Not what was asked about: that may hold a claim, or was withdrawn or replaced before the decision.
  const [given] = await inside.receipts.byIds(request.newReceiptId === null ? [] : [request.newReceiptId]);
  const live = given === undefined ? null : await liveInItsPlace(asking, inside, given);
  // Somebody may have decided anew since, and that is not taken back here.
  if (live === null || !live.recorded.some(({ from }) => from === entryOf(request)))
    return { kind: 'nothing' };
  const guidance = asking.policy().pack.managersGuidance;
  const standing = guidance === null ? null : standingWith(needs, asking, live, guidance.refusal);
  if (guidance !== null && standing?.answer.settled) {
    const said = { fact: guidance.fact, value: guidance.refusal, until: null };
    const decided = { person, request, receipt: live, standing, said, origin };
    return { kind: 'replaced', receipt: await saveDecided(needs, asking, inside, decided) };
  }
  if (!(await inside.receipts.withdraw(live.id, needs.now().toISOString()))) throw new Overtaken();
  const what = { actor: person.id, action: 'receipt-withdrawn', entry: `receipt:${live.id}` } as const;
  await inside.audit.record(auditEvent(needs, what, origin, { reference: live.reference }));
  return { kind: 'withdrawn', receipt: live };
}
