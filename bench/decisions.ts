import { decide } from '#domain/decision/decide.ts';
import { answerAsJson } from '#usecases/answer-as-json.ts';
import { answerQuestion } from '#usecases/answer-question.ts';
import { jsonBytes } from '#usecases/kept-json.ts';
import { benchGuidance } from './guidance.ts';
import { rulesAsIfElse, rulesAsPlainIfElse } from './if-else.ts';
import { type Contestant, measureInterleaved, type Rate } from './measure.ts';
import { realisticQuestions } from './questions.ts';
import { seededRandom } from './random.ts';
import { randomSituations } from './situations.ts';
import { grouped, textTable } from './text-table.ts';

export type DecisionBench = {
  readonly rules: number;
  readonly facts: number;
  readonly situations: number;
  readonly questions: number;
  readonly rounds: number;
  /** Facts as numbers to the verdict, all rules and all additions. The first is the product, the others hold the same rules. */
  readonly encoded: readonly Rate[];
  /** Facts as JSON to the whole answer. */
  readonly answers: readonly Rate[];
};

/** Measures deciding. Before anything is timed, all ways to decide must agree on every situation. */
export async function benchDecisions({ isQuick }: { readonly isQuick: boolean }): Promise<DecisionBench> {
  const answering = await benchGuidance();
  const day = answering.today();
  const policy = answering.policy();
  const table = policy.tableOn(day);
  const situations = randomSituations(policy, day, isQuick ? 2_000 : 12_000, seededRandom(42));
  const [plain, tuned] = [rulesAsPlainIfElse(table), rulesAsIfElse(table)];
  for (const [at, situation] of situations.entries()) {
    const expected = JSON.stringify(decide(table, situation));
    if (
      JSON.stringify(inOrder(plain(situation))) !== expected ||
      JSON.stringify(inOrder(tuned(situation))) !== expected
    ) {
      throw new Error(`the rules as if/else decide situation ${at} differently`);
    }
  }
  const questions = realisticQuestions(answering);
  // What is counted up keeps the work from being optimised away.
  let sink = 0;
  const overSituations = (
    name: string,
    run: (situation: Uint8Array) => { rules: readonly number[] },
  ): Contestant => ({
    name,
    run() {
      for (const situation of situations) sink += run(situation).rules.length;
      return situations.length;
    },
  });
  const overQuestions = (
    name: string,
    run: (facts: Readonly<Record<string, unknown>>) => number,
  ): Contestant => ({
    name,
    run() {
      for (let time = 0; time < 10; time++) for (const facts of questions) sink += run(facts);
      return 10 * questions.length;
    },
  });
  const rounds = isQuick ? 3 : 11;
  const roundMs = isQuick ? 50 : 250;
  const encoded = await measureInterleaved(
    [
      overSituations('the table of the product', (situation) => decide(table, situation)),
      overSituations('the same rules as if/else', plain),
      overSituations('the same, tuned by hand', tuned),
    ],
    { rounds, roundMs },
  );
  const answers = await measureInterleaved(
    [
      overQuestions('to the answer', (facts) => answerQuestion(answering, { facts }).stated.size),
      overQuestions('to the answer as JSON text', (facts) => {
        const answered = answerQuestion(answering, { facts });
        if (answered.outcome !== 'ok') throw new Error('a question of the bench has become wrong');
        return jsonBytes(answerAsJson(policy.pack, answered.stated, answered.answer)).length;
      }),
    ],
    { rounds, roundMs },
  );
  if (sink === 0) throw new Error('nothing was decided');
  return {
    rules: table.rules.length,
    facts: table.facts.length,
    situations: situations.length,
    questions: questions.length,
    rounds,
    encoded,
    answers,
  };
}

// If/else meets what the rules add rule by rule; the product has it in the order of the pack.
function inOrder<T extends { readonly additions: readonly number[] }>(decision: T): T {
  return { ...decision, additions: decision.additions.toSorted((a, b) => a - b) };
}

/** The measurement as text for people. */
export function describeDecisions(bench: DecisionBench): string {
  const { rules, facts, situations, questions, rounds, encoded, answers } = bench;
  const ifElse = encoded[1]?.median ?? 0;
  const row = ({ name, median, min, max }: Rate, ratio: string): string[] => [
    name,
    grouped(median),
    `${grouped(min)} .. ${grouped(max)}`,
    ratio,
  ];
  return `Deciding: ${rules} rules on ${facts} facts. All ways agree on ${grouped(situations)} random situations.
Per second of processor time on one core, median of ${rounds} interleaved rounds.

${textTable([
  ['facts as numbers, to verdict, rules and conditions', 'decisions/s', 'min .. max', 'against if/else'],
  ...encoded.map((rate) => row(rate, `${(rate.median / ifElse).toFixed(2)} x`)),
])}

${textTable([
  [`facts as JSON, ${questions} questions of staff`, 'answers/s', 'min .. max'],
  ...answers.map((rate) => row(rate, '').slice(0, 3)),
])}`;
}
