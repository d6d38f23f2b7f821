import type { ToolMatch } from '#domain/catalogue/find-tool.ts';
import { type Answer, answerSituation } from '#domain/decision/answer.ts';
import type { FactProblem } from '#domain/decision/fact-problem.ts';
import type { NextQuestion } from '#domain/decision/next-question.ts';
import { parseFacts, type StatedFacts } from '#domain/decision/parse-facts.ts';
import type { Policy } from '#domain/decision/policy.ts';
import type { Day } from '#domain/shared/day.ts';
import { foldName } from '#domain/shared/fold-name.ts';
import { findDayProblem } from './day-problem.ts';

export type Asking = {
  /** Fact names with what was given for them: text or booleans. Anything else is a problem, not an exception. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** The day the answer is for, not before the guidance begins. Undefined: today. */
  readonly on?: string;
  /** What is on record for this very question, such as a manager's guidance: it wins over what is stated. */
  readonly recorded?: StatedFacts;
};

export type AnsweredQuestion =
  | {
      readonly outcome: 'ok';
      readonly answer: Answer;
      readonly next: NextQuestion | null;
      readonly stated: StatedFacts;
      readonly match: ToolMatch | undefined;
    }
  | { readonly outcome: 'problems'; readonly problems: readonly FactProblem[]; readonly stated: StatedFacts };

export type Answering = { readonly policy: () => Policy; readonly today: () => Day };

/**
 * Answers "may I use this?" for the facts that somebody states. Stores nothing. Facts that are left out leave the answer open
 * where they can matter; what is wrong with the facts comes back as problems, all of them at once.
 */
export function answerQuestion({ policy, today }: Answering, asking: Asking): AnsweredQuestion {
  const current = policy();
  const { stated, problems } = parseFacts(current.pack, asking.facts);
  const wrongDay = asking.on === undefined ? undefined : findDayProblem(current.pack, asking.on, 'on');
  if (wrongDay !== undefined)
    return { outcome: 'problems', stated, problems: [...problems, { fact: 'on', ...wrongDay }] };
  // A version of the guidance may not know any more what is on record.
  const unknown = asking.recorded
    ? parseFacts(current.pack, Object.fromEntries(asking.recorded)).problems
    : [];
  if (problems.length + unknown.length > 0)
    return { outcome: 'problems', problems: [...problems, ...unknown], stated };
  const tool = stated.get('tool');
  let match: ToolMatch | undefined;
  if (tool !== undefined) {
    const found = current.catalogue.find(tool);
    if (!found.ok) {
      const names = found.candidates.map(({ name }) => name);
      return {
        outcome: 'problems',
        stated,
        problems: [
          {
            fact: 'tool',
            detail: `\`${foldName(tool)}\` can mean ${names.join(' or ')}`,
            suggestion: found.candidates[0]?.id ?? '',
          },
        ],
      };
    }
    match = found.match;
  }
  const answered = answerSituation(current, stated, match, asking.on ?? today(), asking.recorded);
  if (!answered.ok) return { outcome: 'problems', problems: answered.problems, stated };
  return { outcome: 'ok', answer: answered.answer, next: answered.nextQuestion, stated, match };
}
