import type { Answer, Citation } from '../decision/answer.ts';
import type { Day } from '../shared/day.ts';
import { isPermission, verdicts } from '../shared/verdict.ts';
import { readCore } from './core.ts';

/** A rule behind a change: it applies now and did not before, or it did before and does not any more. */
export type ChangeReason = {
  readonly rule: string;
  readonly applies: boolean;
  readonly because: string;
  readonly citations: readonly Citation[];
};

type Named = { readonly id: string; readonly text: string };

/** What an asker is told of a saved answer that comes to something else. Words are as they were when the change was found. */
export type ReceiptChange = {
  /** Null: the verdict is the same, and only what it takes is another. */
  readonly verdict: { readonly before: string; readonly after: string } | null;
  /** Whether the answer of today is a permission, so that there are conditions to meet. Absent in what was told before this was kept: it is. */
  readonly isPermitted?: boolean;
  readonly headline: { readonly before: string; readonly after: string };
  readonly reasons: readonly ChangeReason[];
  readonly added: readonly Named[];
  readonly dropped: readonly Named[];
  /** What there is to do now, of what the answer of today asks for first. */
  readonly nextSteps: readonly Named[];
  /** Why the facts of the answer cannot be answered any more; empty where they can. */
  readonly problems: readonly string[];
  readonly policy: { readonly label: string; readonly hash: string };
  readonly on: Day;
  /** What brought it: another version of the guidance, or a day on which something in it, or in the record, begins or ends. */
  readonly why: 'version' | 'day';
};

/** What is known of an answer beside its core: the words of what it says. */
export type KnownWords = {
  readonly headline: string;
  readonly reasons: readonly {
    readonly rule: string;
    readonly because: string;
    readonly citations: readonly Citation[];
  }[];
  readonly conditions: readonly Named[];
  readonly nextSteps: readonly Named[];
};

/** The core of facts that a version of the guidance cannot answer. It is never the same as one that it can. */
export const unanswerable = '[1,"unanswerable",[],[],[],[]]';

/**
 * Whether somebody who knows one core has to be told of another: the verdict is another, or what it takes. That the same comes from
 * other rules changes nothing for them, and conditions are none of theirs where the answer is no permission.
 */
export function isOtherAnswer(before: string, after: string): boolean {
  return toldPart(before) !== toldPart(after);
}

function toldPart(core: string): string {
  const read = readCore(core);
  return JSON.stringify([read.verdict, conditionsToMeet(read).toSorted(), read.nextSteps.toSorted()]);
}

type Core = ReturnType<typeof readCore>;

function conditionsToMeet({ verdict, conditions }: Core): readonly string[] {
  return permits(verdict) ? conditions : [];
}

// The core of what cannot be answered holds a word that is no verdict.
function permits(verdict: string): boolean {
  return verdicts.some((one) => one === verdict && isPermission(one));
}

/** What changed between an answer that was known, with its words, and that of today; `now` is null where there is none. */
export function changeBetween(
  before: { readonly core: string; readonly words: KnownWords },
  after: {
    readonly core: string;
    readonly answer: Answer | null;
    readonly problems: readonly string[];
    /** What a rule of today's guidance adds: conditions and next steps. */
    readonly addsOf: (rule: string) => readonly string[];
  },
  found: Pick<ReceiptChange, 'policy' | 'on' | 'why'>,
): ReceiptChange {
  const [old, now] = [readCore(before.core), readCore(after.core)];
  // Where today's answer is no permission, no condition is new, and none is given up either.
  const isPermitted = permits(now.verdict);
  const takes = (core: Core): string[] => [...(isPermitted ? conditionsToMeet(core) : []), ...core.nextSteps];
  // What was shown before as what would apply is not new.
  const shown = [...old.conditions, ...old.nextSteps];
  const added = takes(now).filter((id) => !shown.includes(id));
  const { words } = before;
  const [oldWords, newWords] = [
    [...words.conditions, ...words.nextSteps],
    [...(after.answer?.conditions ?? []), ...(after.answer?.nextSteps ?? [])],
  ];
  return {
    verdict: old.verdict === now.verdict ? null : { before: old.verdict, after: now.verdict },
    headline: { before: words.headline, after: after.answer?.headline ?? '' },
    isPermitted,
    reasons: reasonsBehind(old, now, words, after.answer, (rule) =>
      added.some((id) => after.addsOf(rule).includes(id)),
    ),
    added: named(newWords, added),
    dropped: named(
      oldWords,
      takes(old).filter((id) => !takes(now).includes(id)),
    ),
    nextSteps: (after.answer?.nextSteps ?? []).map(({ id, text }) => ({ id, text })),
    problems: after.problems,
    ...found,
  };
}

// Rules that came and went. Where none did, a rule says something else than before: one that decides now, or that adds what is new.
function reasonsBehind(
  old: Core,
  now: Core,
  words: KnownWords,
  answer: Answer | null,
  addsWhatIsNew: (rule: string) => boolean,
): ChangeReason[] {
  const present = answer?.reasons ?? [];
  const came = present.filter(({ rule }) => !old.rules.includes(rule));
  const went = words.reasons.filter(({ rule }) => old.rules.includes(rule) && !now.rules.includes(rule));
  const behind =
    came.length + went.length > 0
      ? came
      : present.filter(({ rule, verdict }) =>
          old.verdict === now.verdict ? addsWhatIsNew(rule) : verdict === now.verdict,
        );
  const asReason =
    (applies: boolean) =>
    ({ rule, because, citations }: KnownWords['reasons'][number]): ChangeReason => ({
      rule,
      applies,
      because,
      citations: citations.map(({ clause, document, section, dated }) => ({
        clause,
        document,
        section,
        dated,
      })),
    });
  return [...behind.map(asReason(true)), ...went.map(asReason(false))];
}

function named(known: readonly Named[], ids: readonly string[]): Named[] {
  return ids.map((id) => ({ id, text: known.find((one) => one.id === id)?.text ?? id }));
}
