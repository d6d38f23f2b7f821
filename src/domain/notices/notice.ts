/** What a notice is about. The words of each are written where it comes from. */
export const noticeKinds = [
  /** A saved answer comes to something else now. */
  'answer-changed',
  /** A line manager is asked for guidance, is reminded, or is given somebody else's question. */
  'guidance-asked',
  'guidance-reminder',
  /** What a line manager said goes back to the asker. */
  'guidance-given',
  /** A line manager wants the advice of a team. */
  'guidance-advice',
  /** A line manager is told what somebody plans to use. Nothing is asked. */
  'manager-told',
  /** A version of the guidance waits for a second person, or what came of it. */
  'version-proposed',
  'version-decided',
  /** Everything of a day in one. */
  'digest',
  /** Somebody asked for one, to see that notices reach them. */
  'test',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** What a notice says: the same words become text, HTML and a page. No personal data beyond names; everything else is behind the link. */
export type NoticeWords = {
  readonly subject: string;
  /** Sentences in plain English. An empty list is allowed. */
  readonly paragraphs: readonly string[];
  /** A path of this service, such as `/receipts/K7PM-3QX4-T`. */
  readonly link: NoticeLink | null;
  /** A list, such as what a digest holds. One without a path is text alone. */
  readonly items?: readonly { readonly text: string; readonly path: string | null }[];
};

export type NoticeLink = { readonly text: string; readonly path: string };

/** Who is told: somebody who has signed in before, or an address that somebody gave. */
export type Recipient =
  | { readonly kind: 'person'; readonly id: string }
  | { readonly kind: 'address'; readonly name: string; readonly address: string };

/**
 * How a notice stands. `for-digest` waits for the notice of the day, `in-digest` went out with it, `page-only` is nowhere but on the
 * page, because somebody wants it so or no address is known.
 */
export const noticeStates = ['waiting', 'for-digest', 'in-digest', 'sent', 'given-up', 'page-only'] as const;
export type NoticeState = (typeof noticeStates)[number];

/** When notices reach somebody. */
export const noticeChoices = ['at-once', 'daily', 'page-only'] as const;
export type NoticeChoice = (typeof noticeChoices)[number];

export type Notice = {
  readonly id: string;
  readonly personId: string | null;
  readonly toName: string;
  readonly toAddress: string | null;
  readonly kind: NoticeKind;
  /** The entry that it tells of, such as `receipt:0199…`. */
  readonly about: string;
  readonly words: NoticeWords;
  readonly madeAt: string;
  readonly state: NoticeState;
  /** When it is to be sent, or tried again. */
  readonly dueAt: string;
  /** Where it could not be sent by then, it is given up. */
  readonly giveUpAt: string;
  /** Somebody is sending it until then. */
  readonly claimedUntil: string | null;
  readonly attempts: number;
  readonly lastProblem: string | null;
  /** `outbox`, `smtp` or `notify`. */
  readonly way: string | null;
  /** What the other side calls it. */
  readonly sentAs: string | null;
  readonly endedAt: string | null;
  /** The digest that it went out with. */
  readonly digestId: string | null;
  /** Who caused it, where that counts towards what somebody may cause in a day (usecases/notices/given-address.ts). */
  readonly causedBy: string | null;
  readonly keepUntil: string;
};
