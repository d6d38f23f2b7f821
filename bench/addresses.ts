import type { NextQuestion } from '#domain/decision/next-question.ts';
import { optionsOf } from '#domain/decision/next-question.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { type Answering, answerQuestion } from '#usecases/answer-question.ts';
import { hrefOf } from '#web/ask/address.ts';
import { type Random, shuffled } from './random.ts';

/**
 * Addresses of the pages of asking, all different: half of them question pages, half answers, in random order. They come from
 * walks: somebody names a tool and answers one page after the other at random, until there is nothing left to ask.
 */
export function randomAddresses(answering: Answering, count: number, random: Random): string[] {
  const policy = answering.policy();
  const questions = new Set<string>();
  const answers = new Set<string>();
  const half = Math.ceil(count / 2);
  while (questions.size < half || answers.size < half) {
    const walk = randomWalk(answering, random);
    for (const { page, facts } of walk.asked)
      if (questions.size < half) questions.add(hrefOf(`/check/${page}`, facts));
    if (answers.size < half) answers.add(hrefOf('/answer', walk.facts, { policy: policy.pack.label }));
  }
  return shuffled([...questions, ...answers].slice(0, count), random);
}

/** Somebody names a tool and answers one page after the other at random. */
export type Walk = {
  /** Each page that was asked, with what was stated before it. */
  readonly asked: readonly { readonly page: string; readonly facts: ReadonlyMap<string, string> }[];
  /** What was stated when there was nothing left to ask. */
  readonly facts: ReadonlyMap<string, string>;
};

export function randomWalk(answering: Answering, random: Random): Walk {
  const { pack } = answering.policy();
  let facts = new Map([['tool', pick([...pack.tools.keys()], random)]]);
  const asked: Walk['asked'][number][] = [];
  for (;;) {
    const answered = answerQuestion(answering, { facts: Object.fromEntries(facts) });
    if (answered.outcome !== 'ok') throw new Error(`the walk cannot go on: ${answered.problems[0]?.detail}`);
    const { next } = answered;
    if (next === null) return { asked, facts };
    asked.push({ page: next.page.id, facts });
    facts = answeredAtRandom(answering, pack, facts, next, random);
  }
}

// Some answers do not fit the tool; then others are tried.
function answeredAtRandom(
  answering: Answering,
  pack: Pack,
  facts: ReadonlyMap<string, string>,
  next: NextQuestion,
  random: Random,
): Map<string, string> {
  for (;;) {
    const more = new Map(facts);
    for (const question of next.questions) {
      for (const [fact, value] of pick(optionsOf(question, pack), random).sets) more.set(fact, value);
    }
    if (answerQuestion(answering, { facts: Object.fromEntries(more) }).outcome === 'ok') return more;
  }
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[random.below(list.length)] as T;
}
