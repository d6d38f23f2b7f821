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

/** What the signature of a receipt is over: everything in it that never changes. */
export function signedTextOf(receipt: Omit<Receipt, 'signature' | 'supersededBy' | 'withdrawnAt'>): string {
  return JSON.stringify([
    'receipt',
    1,
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
  ]);
}
