/** A letter to one person, ready to be sent. */
export type OutgoingLetter = {
  /** Stable: the same letter has the same id however often it is sent. */
  readonly id: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly madeAt: Date;
  /** Where whoever gets it can say that they want no more of them; null where there is no such place. */
  readonly unsubscribeUrl: string | null;
};

/**
 * What came of sending. `later`: it may work another time. `never`: the other side refuses it for good. `problem` is for
 * administrators: it can hold the words of the other side, and an address in them.
 */
export type SendResult =
  | { readonly outcome: 'sent'; readonly as: string }
  | { readonly outcome: 'later' | 'never'; readonly problem: string };

/** A way to send letters. It takes less than 30 seconds, whatever the other side does, and throws nothing. */
export type MailWay = {
  readonly name: 'outbox' | 'smtp' | 'notify';
  /** `mayBeThere`: it was tried before, and may have been accepted without our knowing. */
  readonly send: (letter: OutgoingLetter, mayBeThere: boolean) => Promise<SendResult>;
};

const longestProblem = 300;

/** A problem in one line, without control characters. */
export function problemText(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > longestProblem ? `${line.slice(0, longestProblem)}…` : line;
}
