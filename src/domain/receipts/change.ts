import type { Answer, Citation } from '../decision/answer.ts';
import type { Day } from '../shared/day.ts';
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
 * other rules changes nothing for them.
 */
export function isOtherAnswer(before: string, after: string): boolean {
  return toldPart(before) !== toldPart(after);
}

function toldPart(core: string): string {
  const { verdict, conditions, nextSteps } = readCore(core);
  return JSON.stringify([verdict, conditions.toSorted(), nextSteps.toSorted()]);
}

/** What changed between an answer that was known, with its words, and that of today; `now` is null where there is none. */
export function changeBetween(
  before: { readonly core: string; readonly words: KnownWords },
  after: { readonly core: string; readonly answer: Answer | null; readonly problems: readonly string[] },
  found: Pick<ReceiptChange, 'policy' | 'on' | 'why'>,
): ReceiptChange {
  const [old, now] = [readCore(before.core), readCore(after.core)];
  const takes = ({ conditions, nextSteps }: typeof old): string[] => [...conditions, ...nextSteps];
  const { words } = before;
  const [oldWords, newWords] = [
    [...words.conditions, ...words.nextSteps],
    [...(after.answer?.conditions ?? []), ...(after.answer?.nextSteps ?? [])],
  ];
  return {
    verdict: old.verdict === now.verdict ? null : { before: old.verdict, after: now.verdict },
    headline: { before: words.headline, after: after.answer?.headline ?? '' },
    reasons: reasonsBehind(old, now, words, after.answer),
    added: named(
      newWords,
      takes(now).filter((id) => !takes(old).includes(id)),
    ),
    dropped: named(
      oldWords,
      takes(old).filter((id) => !takes(now).includes(id)),
    ),
    nextSteps: (after.answer?.nextSteps ?? []).map(({ id, text }) => ({ id, text })),
    problems: after.problems,
    ...found,
  };
}

// Rules that came and went. Where none did, a rule says something else than before: then those that decide now.
function reasonsBehind(
  old: ReturnType<typeof readCore>,
  now: ReturnType<typeof readCore>,
  words: KnownWords,
  answer: Answer | null,
): ChangeReason[] {
  const present = answer?.reasons ?? [];
  const came = present.filter(({ rule }) => !old.rules.includes(rule));
  const went = words.reasons.filter(({ rule }) => old.rules.includes(rule) && !now.rules.includes(rule));
  const behind =
    came.length + went.length > 0 ? came : present.filter(({ verdict }) => verdict === now.verdict);
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
