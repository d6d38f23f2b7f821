import type { Answered } from '../decision/answer.ts';
import type { Day } from '../shared/day.ts';
import type { Verdict } from '../shared/verdict.ts';
import type { Example, Pack, Rule } from './pack.ts';
import type { Place } from './problem.ts';

type Facts = Readonly<Record<string, string | boolean>>;

/** Answers the facts of an example on a day. */
export type AnswerExample = (facts: Facts, on: Day) => ExampleAnswered;
export type ExampleAnswered =
  | Pick<Extract<Answered, { ok: true }>, 'ok' | 'answer'>
  | Extract<Answered, { ok: false }>;

/** What became of one example. It passed where `failures` is empty. */
export type ExampleRun = {
  readonly rule: string;
  readonly name: string;
  readonly at: Place;
  /** The day it was answered for: today, or the nearest day on which the rule is in force. */
  readonly on: Day;
  /** With the ordinary values that completed it. */
  readonly facts: Facts;
  readonly expected: Verdict;
  /** Null where the facts could not be answered. */
  readonly actual: Verdict | null;
  /** The rules that applied. */
  readonly applied: readonly string[];
  /** Each a phrase such as `expected `allowed`, got `not-allowed``. */
  readonly failures: readonly string[];
};

/** Runs every example of every rule, in the order of the pack. */
export function runExamples(pack: Pack, today: Day, answer: AnswerExample): ExampleRun[] {
  return pack.rules.flatMap((rule) =>
    rule.examples.map((example) => runExample(pack, rule, example, { today, answer })),
  );
}

type Running = { readonly today: Day; readonly answer: AnswerExample };

function runExample(pack: Pack, rule: Rule, example: Example, { today, answer }: Running): ExampleRun {
  const on = dayInForce(rule, today);
  const { facts, answered, open } = complete(pack, example.facts, (stated) => answer(stated, on));
  const run = { rule: rule.id, name: example.name, at: example.at, on, facts, expected: example.verdict };
  if (!answered.ok) {
    const details = answered.problems.map(({ detail }) => detail).join(', ');
    return { ...run, actual: null, applied: [], failures: [`its facts cannot be answered: ${details}`] };
  }
  const { verdict, reasons, conditions, nextSteps, standing } = answered.answer;
  const applied = reasons.map((reason) => reason.rule);
  const tags = new Set([...conditions, ...nextSteps, ...standing].map(({ id }) => id));
  const failures = [
    ...(verdict === example.verdict ? [] : [`expected \`${example.verdict}\`, got \`${verdict}\``]),
    ...(example.applies && !applied.includes(rule.id) ? ['the rule itself does not apply'] : []),
    ...(!example.applies && applied.includes(rule.id) ? ['the rule itself applies'] : []),
    ...example.tags.filter((tag) => !tags.has(tag)).map((tag) => `\`${tag}\` is not in the answer`),
    ...open.map((fact) => `\`${fact}\` is open and has no ordinary value`),
  ];
  return { ...run, actual: verdict, applied, failures };
}

type Completed = {
  readonly facts: Facts;
  readonly answered: ExampleAnswered;
  readonly open: readonly string[];
};

// An example names what matters; what it leaves open takes the ordinary value, until nothing is missing.
function complete(pack: Pack, given: Facts, answer: (facts: Facts) => ExampleAnswered): Completed {
  let facts = given;
  // What the record of an organisation would say can be claimed only while no organisation is named.
  const claimed = new Set(Object.keys(given).map((id) => pack.facts.get(id)?.follows));
  for (;;) {
    const answered = answer(facts);
    if (!answered.ok) return { facts, answered, open: [] };
    const missing = answered.answer.missing.filter((id) => !claimed.has(id));
    const found = missing.flatMap((id) => {
      const ordinary = pack.facts.get(id)?.ordinary;
      return ordinary === undefined || facts[id] !== undefined ? [] : [[id, ordinary] as const];
    });
    if (found.length === 0) return { facts, answered, open: missing };
    facts = { ...facts, ...Object.fromEntries(found) };
  }
}

function dayInForce({ from, to }: Rule, today: Day): Day {
  if (from !== undefined && today < from) return from;
  return to !== undefined && today > to ? to : today;
}

/** The facts of a run in one line: `tool trello, account personal`. */
export function factsInWords(facts: Facts): string {
  return Object.entries(facts)
    .map(([id, value]) => `${id} ${value}`)
    .join(', ');
}
