import type { Answer } from '#domain/decision/answer.ts';
import type { GuidanceRequest } from '#domain/guidance-requests/guidance-request.ts';
import type { Actor } from '#domain/people/actor.ts';
import { type Receipt, stateOf } from '#domain/receipts/receipt.ts';
import type { Needs } from '../needs.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';
import type { NamedPerson } from './named-person.ts';
import { findQuestion, receiptSuggestsTelling, suggestsTelling } from './question-to-ask.ts';

/** What a saved answer has to do with line managers, for whoever saved it. */
export type GuidanceOnReceipt = {
  /** What was asked or told about it, or led to it, the newest first. */
  readonly requests: readonly GuidanceRequest[];
  readonly canAsk: boolean;
  readonly canTell: boolean;
  readonly manager: NamedPerson;
};

/** What a saved answer has to do with line managers; null for everybody but whoever saved it. */
export async function guidanceOnReceipt(
  needs: Pick<GuidanceNeeds, 'store' | 'today'>,
  asking: Needs,
  actor: Actor,
  receipt: Receipt,
): Promise<GuidanceOnReceipt | null> {
  if (actor.kind !== 'person' || receipt.personId !== actor.id) return null;
  const requests = await needs.store.guidanceRequests.listAbout(receipt.id);
  const isLive = stateOf(receipt) === 'live';
  const isAsked = requests.some(
    ({ state, receiptId }) => receiptId === receipt.id && (state === 'waiting' || state === 'advice'),
  );
  const found =
    isLive && !isAsked
      ? await findQuestion(needs, asking, actor, { kind: 'receipt', reference: receipt.reference })
      : null;
  const { managerName: name, managerAddress: address } = await needs.store.preferences.get(actor.id);
  return {
    requests,
    canAsk: found?.outcome === 'ok' && found.effect.kind !== 'nothing',
    canTell:
      isLive && receiptSuggestsTelling(asking, receipt) && !requests.some(({ state }) => state === 'told'),
    manager: { name, address },
  };
}

/** Whom somebody can tell with the same click that saves an answer: the line manager that they named last. Null: nobody, or there is no need. */
export async function managerToTell(
  { store }: Pick<GuidanceNeeds, 'store'>,
  asking: Pick<Needs, 'policy'>,
  actor: Actor,
  answer: Answer,
): Promise<NamedPerson | null> {
  if (actor.kind !== 'person' || !suggestsTelling(asking, answer)) return null;
  const { managerName: name, managerAddress: address } = await store.preferences.get(actor.id);
  return address === '' ? null : { name, address };
}
