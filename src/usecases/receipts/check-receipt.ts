import type { Answer } from '#domain/decision/answer.ts';
import type { Policy } from '#domain/decision/policy.ts';
import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { isOtherAnswer } from '#domain/receipts/change.ts';
import { coreOf, readCore } from '#domain/receipts/core.ts';
import {
  type Receipt,
  type ReceiptState,
  recordedOn,
  signedTextOf,
  stateOf,
} from '#domain/receipts/receipt.ts';
import { readReference } from '#domain/receipts/reference.ts';
import type { Day } from '#domain/shared/day.ts';
import type { ToldChange } from '#store/evaluations.ts';
import { type AnsweredQuestion, answerQuestion } from '../answer-question.ts';
import type { Needs } from '../needs.ts';
import { type NotAllowed, notAllowed } from '../people/people-needs.ts';
import type { ReceiptNeeds } from './receipt-needs.ts';

/** How the guidance of today compares with what was saved. */
export type Today =
  | { readonly outcome: 'same' }
  | { readonly outcome: 'changed'; readonly answer: Answer; readonly changes: CoreChanges }
  /** The facts of the receipt cannot be answered any more: with these problems. */
  | { readonly outcome: 'unanswerable'; readonly problems: readonly string[] };

/** What differs between two cores: ids that are new, and ids that are gone. */
export type CoreChanges = {
  readonly verdict: { readonly before: string; readonly after: string } | null;
  readonly added: readonly string[];
  readonly dropped: readonly string[];
};

export type CheckedReceipt = {
  readonly receipt: Receipt;
  readonly isOwn: boolean;
  /** Whether nothing in it was changed since it was signed. */
  readonly isGenuine: boolean;
  /** Whether its own version of the guidance still comes to the same; null where that version is not held any more. */
  readonly isRepeatable: boolean | null;
  readonly today: Today;
  readonly state: ReceiptState;
  /** What took its place; null where nothing did, or that is gone. */
  readonly newer: Receipt | null;
  /** What its owner was told of it, the newest first; for nobody else. */
  readonly told: readonly ToldChange[];
};

export type Checked =
  | ({ readonly outcome: 'ok' } & CheckedReceipt)
  | { readonly outcome: 'problems'; readonly problem: string }
  | { readonly outcome: 'not-found'; readonly reference: string }
  | NotAllowed;

/**
 * Checks a receipt for anybody who is signed in and has its reference: whether it is genuine, whether it comes to the same under its
 * own version of the guidance, and whether the guidance of today still says so.
 */
export async function checkReceipt(
  needs: ReceiptNeeds,
  asking: Needs,
  actor: Actor,
  typed: string,
): Promise<Checked> {
  if (!may(actor, 'keep-receipts') || actor.kind !== 'person') return notAllowed;
  const read = readReference(typed);
  if (!read.ok) return { outcome: 'problems', problem: read.problem };
  const receipt = await needs.store.receipts.byReference(read.reference);
  if (receipt === null) return { outcome: 'not-found', reference: read.reference };
  const then = await needs.store.policyVersions.get(receipt.policyHash);
  const isOwn = receipt.personId === actor.id;
  return {
    outcome: 'ok',
    receipt,
    isOwn,
    isGenuine: needs.signer.isMine(signedTextOf(receipt), receipt.signature),
    isRepeatable: then === null ? null : coreUnder(then, receipt, receipt.on) === receipt.core,
    today: compareWith(asking.policy(), receipt, needs.today()),
    state: stateOf(receipt),
    newer:
      receipt.supersededBy === null
        ? null
        : ((await needs.store.receipts.byIds([receipt.supersededBy]))[0] ?? null),
    told: isOwn ? await needs.store.evaluations.changesOfReceipt(receipt.id) : [],
  };
}

/**
 * How what was saved compares with a version of the guidance on a day: whether its owner would have to be told of something. That
 * the same comes from other rules is no change.
 */
export function compareWith(policy: Policy, receipt: Comparable, on: Day): Today {
  const answered = answerUnder(policy, receipt, on);
  if (answered.outcome === 'problems')
    return { outcome: 'unanswerable', problems: answered.problems.map(({ detail }) => detail) };
  const now = coreOf(answered.answer);
  if (!isOtherAnswer(receipt.core, now)) return { outcome: 'same' };
  return { outcome: 'changed', answer: answered.answer, changes: changesBetween(receipt.core, now) };
}

type Comparable = Pick<Receipt, 'facts' | 'core' | 'recorded'>;

/** What the facts of a receipt come to under a version of the guidance on a day, to the byte; null: they cannot be answered. */
function coreUnder(policy: Policy, receipt: Comparable, on: Day): string | null {
  const answered = answerUnder(policy, receipt, on);
  return answered.outcome === 'ok' ? coreOf(answered.answer) : null;
}

function answerUnder(policy: Policy, { facts, recorded }: Comparable, on: Day): AnsweredQuestion {
  return answerQuestion(
    { policy: () => policy, today: () => on },
    { facts, recorded: recordedOn(recorded, on) },
  );
}

function changesBetween(before: string, after: string): CoreChanges {
  const [old, now] = [readCore(before), readCore(after)];
  const takes = ({ conditions, nextSteps }: typeof old): string[] => [...conditions, ...nextSteps];
  return {
    verdict: old.verdict === now.verdict ? null : { before: old.verdict, after: now.verdict },
    added: takes(now).filter((id) => !takes(old).includes(id)),
    dropped: takes(old).filter((id) => !takes(now).includes(id)),
  };
}
