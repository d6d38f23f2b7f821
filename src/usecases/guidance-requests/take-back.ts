import { canTakeBack, type GuidanceRequest } from '#domain/guidance-requests/guidance-request.ts';
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
    const saved = await replaceReceipt(needs, asking, inside, { person, request, origin });
    const change = {
      state: 'refused',
      decidedAt: needs.now().toISOString(),
      until: null,
      ...(saved === null ? {} : { newReceiptId: saved.id, keepUntil: saved.keepUntil }),
    } as const;
    if (!(await inside.guidanceRequests.change(request, change))) throw new Overtaken();
    await writeStep(needs, inside, { request, by: person, kind: 'taken-back', words });
    const entry = `guidance-request:${request.id}`;
    await writeNotice(needs, inside, {
      to: { kind: 'person', id: request.personId },
      kind: 'guidance-given',
      about: entry,
      words: takenBackNotice(person.name, saved, request.id),
    });
    const what = { actor: person.id, action: 'guidance-taken-back', entry } as const;
    const more = saved === null ? {} : { receipt: saved.reference };
    await inside.audit.record(auditEvent(needs, what, origin, more));
    return { outcome: 'ok', request: { ...request, ...change } };
  };
  return answering(needs, actor, key, origin, work, isPossible);
}

/** Puts the refusal in the place of what rests on the go-ahead. Null: nothing did any more, or it is withdrawn. */
async function replaceReceipt(
  needs: GuidanceNeeds,
  asking: Needs,
  inside: Store,
  { person, request, origin }: { person: PersonActing; request: GuidanceRequest; origin: Origin },
): Promise<Receipt | null> {
  const [receipt] = await inside.receipts.byIds([request.receiptId]);
  const live = receipt === undefined ? null : await liveInItsPlace(inside, receipt);
  if (receipt === undefined || live === null) return null;
  const guidance = asking.policy().pack.managersGuidance;
  const standing = guidance === null ? null : standingWith(needs, asking, receipt, guidance.refusal);
  if (guidance !== null && standing?.answer.settled)
    return saveDecided(needs, asking, inside, {
      person,
      request,
      receipt: live,
      standing,
      said: { value: guidance.refusal, until: null },
      origin,
    });
  if (!(await inside.receipts.withdraw(live.id, needs.now().toISOString()))) throw new Overtaken();
  const what = { actor: person.id, action: 'receipt-withdrawn', entry: `receipt:${live.id}` } as const;
  await inside.audit.record(auditEvent(needs, what, origin));
  return null;
}
