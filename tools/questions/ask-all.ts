import { evaluate, type Situation } from '#domain/decision/evaluate.ts';
import { findOutcome } from '#domain/decision/outcome.ts';
import type { Table, TableFact } from '#domain/decision/table.ts';
import type { Option, Pack, Question } from '#domain/policy/pack.ts';
import { likelyAnswers } from './asking.ts';
import type { Length } from './length.ts';

/** Chooses the answer to a question. */
export type Answerer = (situation: Situation, question: Question) => Option['sets'];

/** How long it takes where every question that applies is asked, page by page in authored order, whatever is settled by then. */
export function lengthOfAskingAll(table: Table, pack: Pack, start: Situation, answer: Answerer): Length {
  let situation = start;
  let pages = 0;
  let facts = 0;
  for (const page of pack.pages) {
    let isAsked = false;
    for (const question of page.questions) {
      if (!applies(table, pack, situation, question)) continue;
      situation = { ...situation, stated: new Map([...situation.stated, ...answer(situation, question)]) };
      isAsked = true;
      facts++;
    }
    if (isAsked) pages++;
  }
  return { verdict: findOutcome(table, evaluate(table, pack, situation)).verdict, pages, facts };
}

/** Somebody who answers as the priors of the pack say. `chance` gives numbers from 0 to 1. */
export function byPriors(table: Table, pack: Pack, chance: () => number): Answerer {
  return (situation, question) => {
    const answers = likelyAnswers(table, pack, situation, { questions: [question] });
    let rest = chance();
    for (const { facts, chance: own } of answers) {
      rest -= own;
      if (rest <= 0) return facts;
    }
    return answers.at(-1)?.facts ?? new Map();
  };
}

// The fact that a question is about is open: it applies and nobody has stated it.
function applies(table: Table, pack: Pack, situation: Situation, { facts }: Question): boolean {
  const { possible } = evaluate(table, pack, situation);
  const entry = table.facts[table.factNumber.get(facts[0] ?? '') ?? -1] as TableFact;
  const isCatalogue = entry.fact.origin === 'catalogue';
  if (isCatalogue) return situation.tool === null && !situation.stated.has(entry.fact.id);
  const bits = possible[entry.index] as number;
  return (bits & entry.naBit) === 0 && (bits & (bits - 1)) !== 0;
}
