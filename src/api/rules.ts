import { Type } from 'typebox';
import type { Pack } from '#domain/policy/pack.ts';
import { findDayProblem } from '#usecases/day-problem.ts';
import { citationAsJson, whenAsJson } from '#usecases/json-values.ts';
import { type ListedRule, listRules } from '#usecases/list-rules.ts';
import { pageOf } from '#usecases/page-of.ts';
import { errorOf } from './problem.ts';
import { type ApiRoute, listProblems, pagingOf, textOf } from './route.ts';
import { Citations, closed, Day, NextCursor, orNull, paging, Verdict, When } from './schemas.ts';

const Rule = closed(
  {
    id: Type.String(),
    title: Type.String(),
    topic: Type.String(),
    when: When,
    verdict: orNull(Verdict),
    because: Type.String(),
    adds: Type.Array(Type.String(), { description: 'Ids of the conditions and next steps that it adds.' }),
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    citesTool: Type.Boolean({ description: 'An answer also cites where the document names the tool.' }),
    citations: Citations,
  },
  { $id: 'Rule' },
);

/** The rules in force on a day. */
export const list: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'listRules',
  summary: 'The rules in force on a day. They are independent of each other, and the strictest verdict wins.',
  query: closed({
    on: Type.Optional(
      Type.String({
        format: 'date',
        description: 'The day, not before the guidance begins. Today when absent.',
      }),
    ),
    ...paging,
  }),
  answer: closed({ rules: Type.Array(Rule), on: Day, nextCursor: NextCursor }),
  problems: [422],
  keeps: 'with-policy-and-day',
  handle(needs, { query }) {
    const { pack } = needs.policy();
    const given = textOf(query, 'on');
    const problem = given === undefined ? undefined : findDayProblem(pack, given, 'on');
    if (problem !== undefined)
      return { ok: false, error: errorOf('invalid-facts', [{ pointer: '?on', ...problem }]) };
    const on = given ?? needs.today();
    const paged = pageOf(listRules(needs, { on }), ({ rule }) => rule.id, pagingOf(query));
    if (!paged.ok) return listProblems(paged.problems);
    const { entries, nextCursor } = paged.page;
    return { ok: true, body: { rules: entries.map((entry) => ruleAsJson(pack, entry)), on, nextCursor } };
  },
};

function ruleAsJson(pack: Pack, { rule, citations }: ListedRule) {
  const { from, to } = rule;
  return {
    id: rule.id,
    title: rule.title,
    topic: rule.topic,
    when: whenAsJson(pack, rule.when),
    verdict: rule.verdict,
    because: rule.because,
    adds: [...rule.adds],
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    citesTool: rule.citesTool,
    citations: citations.map(citationAsJson),
  };
}
