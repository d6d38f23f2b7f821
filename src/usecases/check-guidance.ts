import type { Policy } from '#domain/decision/policy.ts';
import { checkPack } from '#domain/policy/check-pack.ts';
import type { AnswerExample } from '#domain/policy/examples.ts';
import type { Pack } from '#domain/policy/pack.ts';
import type { PolicyProblem } from '#domain/policy/problem.ts';
import type { Day } from '#domain/shared/day.ts';
import { answerQuestion } from './answer-question.ts';
import type { ReadGuidance } from './needs.ts';

/** How much of each thing a pack holds, in the order in which they are told. */
export type PackCounts = Readonly<
  Record<
    | 'statements'
    | 'rules'
    | 'examples'
    | 'conditions'
    | 'facts'
    | 'questions'
    | 'organisations'
    | 'tools'
    | 'contacts'
    | 'checklists'
    | 'pages',
    number
  >
>;

export type CheckedGuidance = {
  /** By file and line; errors before warnings on the same line. */
  readonly problems: readonly PolicyProblem[];
  readonly errors: number;
  readonly warnings: number;
  /** Null where the files could not be read as a pack. */
  readonly counts: PackCounts | null;
};

/**
 * Everything that is wrong with a guidance pack and everything in it to look after on `today`. Where a file cannot be read,
 * only that is told, since everything else may follow from it.
 */
export function checkGuidance({ parsed, problems, ready }: ReadGuidance, today: Day): CheckedGuidance {
  const isWhole = problems.length === parsed.problems.length;
  const { pack } = parsed;
  // Facts in a circle keep a sound pack from being compiled. The checks say which, and where.
  if (pack !== null && ready === null && !isWhole && parsed.problems.length === 0) {
    const found = checkPack(pack, { today, answer: null });
    if (found.some(({ level }) => level === 'error')) return summary(found, countsOf(pack));
  }
  if (pack === null || ready === null || !isWhole) {
    return summary(
      isWhole ? problems : problems.filter((problem) => !parsed.problems.includes(problem)),
      null,
    );
  }
  const answer = parsed.problems.length === 0 ? answerExamples(ready.policy) : null;
  return summary([...problems, ...checkPack(pack, { today, answer })], countsOf(pack));
}

/** How examples are answered: through the same door as every question. */
export function answerExamples(policy: Policy): AnswerExample {
  return (facts, on) => {
    const answered = answerQuestion({ policy: () => policy, today: () => on }, { facts });
    return answered.outcome === 'ok'
      ? { ok: true, answer: answered.answer }
      : { ok: false, problems: answered.problems };
  };
}

function summary(found: readonly PolicyProblem[], counts: PackCounts | null): CheckedGuidance {
  const problems = [...found].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      compare(a.level, b.level) ||
      compare(a.message, b.message),
  );
  const errors = problems.filter(({ level }) => level === 'error').length;
  return { problems, errors, warnings: problems.length - errors, counts };
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function countsOf(pack: Pack): PackCounts {
  return {
    statements: pack.clauses.size,
    rules: pack.rules.length,
    examples: pack.rules.reduce((count, { examples }) => count + examples.length, 0),
    conditions: pack.conditions.size,
    facts: pack.facts.size,
    questions: pack.pages.reduce((count, { questions }) => count + questions.length, 0),
    organisations: pack.organisations.size,
    tools: pack.tools.size,
    contacts: pack.contacts.size,
    checklists: pack.checklists.size,
    pages: pack.guidancePages.size,
  };
}
