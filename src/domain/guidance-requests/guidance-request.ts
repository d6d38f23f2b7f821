import { type Day, daysAfter, isDay } from '../shared/day.ts';

/**
 * How a question to a line manager stands. `advice`: they want the advice of a team first, and it stays open. `told`: nothing was
 * asked, they were only told. Nothing lapses by itself.
 */
export const guidanceStates = ['waiting', 'advice', 'go-ahead', 'refused', 'withdrawn', 'told'] as const;
export type GuidanceState = (typeof guidanceStates)[number];

/** Whether somebody still has to answer. */
export function isOpen(state: GuidanceState): boolean {
  return state === 'waiting' || state === 'advice';
}

/** What a question is called in the audit trail, in notices, and where a saved answer says who decided. */
export function entryOf({ id }: Pick<GuidanceRequest, 'id'>): `guidance-request:${string}` {
  return `guidance-request:${id}`;
}

/** Whether somebody can take back the go-ahead of a question on a day: whoever gave it, while it holds. */
export function canTakeBack(
  { state, until, managerId }: Pick<GuidanceRequest, 'state' | 'until' | 'managerId'>,
  personId: string,
  day: Day,
): boolean {
  return state === 'go-ahead' && managerId === personId && (until === null || day <= until);
}

/** A question that was put to a line manager, or what one was told. */
export type GuidanceRequest = {
  readonly id: string;
  /** The saved answer that it is about. */
  readonly receiptId: string;
  /** Who asks. */
  readonly personId: string;
  readonly askerName: string;
  /** Why, in the words of the asker; empty where nothing was written. */
  readonly note: string;
  /** Who it is with now. The address is in small letters. */
  readonly managerName: string;
  readonly managerAddress: string;
  /** Null: nobody with this address has signed in yet. */
  readonly managerId: string | null;
  readonly state: GuidanceState;
  readonly askedAt: string;
  /** The day of the next reminder; null: there is none any more. */
  readonly remindOn: Day | null;
  /** How often this manager was reminded. */
  readonly reminders: number;
  readonly decidedAt: string | null;
  /** The last day of a go-ahead. */
  readonly until: Day | null;
  /** The saved answer that the decision led to. */
  readonly newReceiptId: string | null;
  readonly keepUntil: Day;
};

export type GuidanceStepKind =
  | 'asked'
  | 'told'
  | 'passed-on'
  | 'reminded'
  | 'advice'
  | 'go-ahead'
  | 'refused'
  | 'taken-back'
  | 'withdrawn';

/** What happened to it. Never changed. */
export type GuidanceStep = {
  readonly id: string;
  readonly requestId: string;
  readonly at: string;
  /** The id of a person, or `system`. */
  readonly actor: string;
  readonly actorName: string;
  readonly kind: GuidanceStepKind;
  readonly words: string;
  /** Whom it went to; empty where it went to nobody. */
  readonly toName: string;
  readonly toAddress: string;
};

/** The longest that somebody may write, in characters. */
export const longestNote = 2_000;

/** A go-ahead holds for a year at most, so that nothing is permitted for ever. */
export const longestGoAheadDays = 365;

/** What is wrong with the last day of a go-ahead that is given on `today`; null where nothing is. */
export function untilProblem(until: string, today: Day): string | null {
  const longest = daysAfter(today, longestGoAheadDays);
  if (!isDay(until)) return 'Enter the last day of the go-ahead, such as 31 3 2027';
  if (until < today) return 'The last day must be today or later';
  if (until > longest) return 'The last day must be within a year from today';
  return null;
}

/** After so many working days somebody is reminded: once, and once more. */
export const remindAfterWorkingDays = [2, 5] as const;

const decidingSteps: readonly GuidanceStepKind[] = ['go-ahead', 'refused', 'taken-back'];

/** The last step in which a manager decided; undefined where none has. */
export function lastDecision(steps: readonly GuidanceStep[]): GuidanceStep | undefined {
  return steps.findLast(({ kind }) => decidingSteps.includes(kind));
}
