import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { type Answering, answerQuestion } from '#usecases/answer-question.ts';

/** The facts of a question as JSON holds them. */
export type Facts = Readonly<Record<string, string | boolean>>;

/**
 * Questions as staff ask them, complete: the written journeys of staff and the examples beside the rules, with everything that
 * they leave unsaid as it ordinarily is. Their verdict is settled. Each question once.
 */
export function realisticQuestions(answering: Answering): Facts[] {
  const { pack } = answering.policy();
  const examples = pack.rules.flatMap((rule) => rule.examples.map(({ facts }) => facts));
  const found = new Map<string, Facts>();
  for (const facts of [...staffQuestions(), ...examples]) {
    const whole = completed(answering, facts);
    if (whole !== null) found.set(JSON.stringify(Object.entries(whole).sort()), whole);
  }
  return [...found.values()];
}

/** The journeys of `test/journeys/staff-journeys.yaml`: each with all facts that are true for that person. */
function staffQuestions(): Facts[] {
  const file = path.resolve(import.meta.dirname, '..', 'test', 'journeys', 'staff-journeys.yaml');
  const { journeys } = parse(fs.readFileSync(file, 'utf8')) as {
    journeys: readonly { starts: { tool?: string }; answers: Facts }[];
  };
  return journeys.map(({ starts, answers }) =>
    starts.tool === undefined ? answers : { tool: starts.tool, ...answers },
  );
}

// Null where the facts are refused or do not settle. Each round states one more fact, so it ends.
function completed(answering: Answering, facts: Facts): Facts | null {
  const { pack } = answering.policy();
  let whole = facts;
  for (;;) {
    const answered = answerQuestion(answering, { facts: whole });
    if (answered.outcome !== 'ok') return null;
    const { missing, settled } = answered.answer;
    const unsaid = missing.flatMap((id) => {
      const value = pack.facts.get(id)?.ordinary ?? pack.facts.get(id)?.default;
      return value === undefined ? [] : [[id, value] as const];
    });
    if (unsaid.length === 0) return settled ? whole : null;
    whole = { ...whole, ...Object.fromEntries(unsaid) };
  }
}
