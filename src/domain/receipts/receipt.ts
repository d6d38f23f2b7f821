import type { StatedFacts } from '../decision/parse-facts.ts';
import type { Day } from '../shared/day.ts';

/** A saved answer. It is never edited: asking again supersedes it. */
export type Receipt = {
  readonly id: string;
  /** What is read out: `K7PM-3QX4-T`. */
  readonly reference: string;
  readonly personId: string;
  /** Who saved it, as the name was then. */
  readonly personName: string;
  /** UTC with milliseconds and `Z`. */
  readonly savedAt: string;
  /** The day that the answer is for. */
  readonly on: Day;
  readonly language: string;
  readonly policyHash: string;
  readonly policyLabel: string;
  /** The facts that were stated, in their order. */
  readonly facts: Readonly<Record<string, string>>;
  /** What was on record for this question when it was answered. */
  readonly recorded: readonly RecordedFact[];
  /** The answer as the API gives it, with everything that was known and assumed: JSON text. */
  readonly answer: string;
  /** What is compared later (core.ts). */
  readonly core: string;
  /** What the asker wrote about what could go wrong; empty where nothing was written. */
  readonly words: string;
  /** The day after which it goes. */
  readonly keepUntil: Day;
  readonly signature: string;
  /** The receipt that took its place, or null. */
  readonly supersededBy: string | null;
  readonly withdrawnAt: string | null;
};

/** What somebody who may decide it has put on record for one question, such as a line manager's guidance. */
export type RecordedFact = {
  readonly fact: string;
  readonly value: string;
  /** Who put it on record, by name. */
  readonly by: string;
  /** The day on which it was put there. */
  readonly on: Day;
  /** The entry that it comes from, such as `guidance-request:0199…`. */
  readonly from: string;
  /** The last day on which it holds; null: it ends on no day. */
  readonly until: Day | null;
};

/** What of the record holds on a day, as the engine takes it. */
export function recordedOn(recorded: readonly RecordedFact[], day: Day): ReadonlyMap<string, string> {
  return new Map(
    recorded
      .filter(({ until }) => until === null || day <= until)
      .map(({ fact, value }) => [fact, value] as const),
  );
}

/** Whether a saved answer holds, was replaced by a newer one, or was withdrawn. */
export type ReceiptState = 'live' | 'superseded' | 'withdrawn';

export function stateOf({
  withdrawnAt,
  supersededBy,
}: Pick<Receipt, 'withdrawnAt' | 'supersededBy'>): ReceiptState {
  if (withdrawnAt !== null) return 'withdrawn';
  return supersededBy === null ? 'live' : 'superseded';
}

/** The longest that somebody may write about what could go wrong. */
export const longestWords = 2_000;

/**
 * What the signature of a receipt is over: everything in it that never changes. The second element is the version of the form. What
 * is recorded came with version 2; where nothing is, the first one still says everything.
 */
export function signedTextOf(receipt: Omit<Receipt, 'signature' | 'supersededBy' | 'withdrawnAt'>): string {
  const { recorded } = receipt;
  return JSON.stringify([
    'receipt',
    recorded.length === 0 ? 1 : 2,
    receipt.id,
    receipt.reference,
    receipt.personId,
    receipt.personName,
    receipt.savedAt,
    receipt.on,
    receipt.language,
    receipt.policyHash,
    receipt.policyLabel,
    Object.entries(receipt.facts),
    receipt.answer,
    receipt.core,
    receipt.words,
    receipt.keepUntil,
    ...recorded.map(({ fact, value, by, on, from, until }) => [fact, value, by, on, from, until]),
  ]);
}

/** Whether the facts of a receipt are those that are stated, no more and no fewer. */
export function isSameFacts(facts: Receipt['facts'], stated: StatedFacts): boolean {
  return (
    stated.size === Object.keys(facts).length &&
    [...stated].every(([fact, value]) => Object.hasOwn(facts, fact) && facts[fact] === value)
  );
}
