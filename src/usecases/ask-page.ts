import { isNearTool, type ToolMatch } from '#domain/catalogue/find-tool.ts';
import { type Answer, answerSituation } from '#domain/decision/answer.ts';
import type { FactProblem } from '#domain/decision/fact-problem.ts';
import { type NextQuestion, questionsOnPage, type ShownQuestion } from '#domain/decision/next-question.ts';
import { parseFacts, type StatedFacts } from '#domain/decision/parse-facts.ts';
import { effectOf, type QuestionEffect } from '#domain/decision/question-effect.ts';
import type { QuestionPage, Tool } from '#domain/policy/pack.ts';
import type { Needs } from './needs.ts';

/** Where an asker stands: what is stated, the tool, the answer so far and the next question. */
export type Standing = {
  readonly stated: StatedFacts;
  readonly match: ToolMatch | undefined;
  readonly answer: Answer;
  readonly next: NextQuestion | null;
};

export type Stood =
  | { readonly outcome: 'ok'; readonly standing: Standing }
  | { readonly outcome: 'problems'; readonly problems: readonly FactProblem[]; readonly stated: StatedFacts };

/**
 * Answers what is stated so far. A name that can mean several tools is a problem with the tools to choose from. `recorded` is
 * what is on record for this very question, such as a manager's guidance: it wins over what is stated.
 */
export function findStanding(
  needs: Needs,
  facts: Readonly<Record<string, unknown>>,
  recorded?: StatedFacts,
): Stood {
  const policy = needs.policy();
  const { stated, problems } = parseFacts(policy.pack, facts);
  if (problems.length > 0) return { outcome: 'problems', problems, stated };
  const name = stated.get('tool');
  const found = name === undefined ? undefined : policy.catalogue.find(name);
  if (found !== undefined && !found.ok) {
    const detail = `this name can mean ${found.candidates.map((tool) => tool.name).join(' or ')}`;
    return { outcome: 'problems', stated, problems: [{ fact: 'tool', detail }] };
  }
  const match = found?.match;
  const answered = answerSituation(policy, stated, match, needs.today(), recorded);
  if (!answered.ok) return { outcome: 'problems', problems: answered.problems, stated };
  return { outcome: 'ok', standing: { stated, match, answer: answered.answer, next: answered.nextQuestion } };
}

/** A question as it is shown, with what its answer can still change. */
export type AskedQuestion = ShownQuestion & { readonly effect: QuestionEffect | null };

/** The questions of a page as they are shown to somebody who stands there. */
export function showQuestions(
  needs: Needs,
  { stated, match }: Standing,
  page: QuestionPage,
): AskedQuestion[] {
  const policy = needs.policy();
  const table = policy.tableOn(needs.today());
  const own = new Set(page.questions.flatMap(({ facts }) => facts));
  // What was answered here before must not hide what the question is about.
  const others = new Map([...stated].filter(([fact]) => !own.has(fact)));
  return questionsOnPage(table, policy.pack, { stated, tool: match?.tool }, page).map((shown) => ({
    ...shown,
    effect: effectOf(table, policy.pack, { stated: others, tool: match?.tool }, shown.question),
  }));
}

/** Whether the name is one that nobody knows and whose kind has not been said yet. */
export function isUnknownName(needs: Needs, { stated, match }: Standing): boolean {
  if (match === undefined || match.tool !== null) return false;
  return kindPage(needs)?.questions.some(({ facts }) => !facts.some((fact) => stated.has(fact))) ?? false;
}

/** The page that asks what kind of thing an unknown name is; undefined where the pack has none. */
export function kindPage(needs: Needs): QuestionPage | undefined {
  const { pack } = needs.policy();
  return pack.pages.find(({ questions }) =>
    questions.some(({ facts }) => facts.some((fact) => pack.facts.get(fact)?.origin === 'catalogue')),
  );
}

/** Tools that somebody may have meant by a name that matches none, best first: only those whose own name is near. */
export function suggestTools(needs: Needs, name: string, limit: number): Tool[] {
  const { tools } = needs.policy().pack;
  return needs
    .search()
    .find(name, 20)
    .flatMap(({ id }) => tools.get(id) ?? [])
    .filter((tool) => isNearTool(tool, name))
    .slice(0, limit);
}
