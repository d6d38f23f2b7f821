import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Evaluation, evaluate, type Situation } from '#domain/decision/evaluate.ts';
import { missingFacts, nextQuestion, openPages, relevantRules } from '#domain/decision/next-question.ts';
import { findOutcome } from '#domain/decision/outcome.ts';
import { effectOf } from '#domain/decision/question-effect.ts';
import { buildTable, type Table, type TableFact } from '#domain/decision/table.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { gainsOf } from '#domain/proof/rank-questions.ts';
import { answerTo, testDay, testNeeds } from '#test/support/guidance.ts';
import { whyAsked } from '#usecases/why-asked.ts';
import { smallPacks } from './small-packs.ts';

const day = testDay;

// Some facts stated, in any order, so that a fact may be known before the one that it hangs on.
const someStated = fc.array(
  fc.tuple(fc.constantFrom('one', 'two', 'three', 'four', 'five', 'part'), fc.nat()),
  { maxLength: 3 },
);

function situationOf(pack: Pack, given: readonly (readonly [string, number])[]): Situation {
  const stated = new Map([['tool', 'kettle']]);
  for (const [fact, number] of given) {
    const all = pack.facts.get(fact)?.values ?? [];
    stated.set(fact, all[number % all.length]?.id ?? '');
  }
  return { stated, tool: pack.tools.get('kettle') ?? null };
}

type Complete = {
  readonly weight: number;
  readonly evaluation: Evaluation;
  readonly stated: ReadonlyMap<string, string>;
};

// Every way in which the open facts can turn out, with its weight: asked facts one by one, in the order of the table.
function completions(table: Table, pack: Pack, situation: Situation): Complete[] {
  const found: Complete[] = [];
  const walk = (stated: ReadonlyMap<string, string>, weight: number, from: number): void => {
    const evaluation = evaluate(table, pack, { ...situation, stated });
    const at = table.order.findIndex((fact, place) => place >= from && isAsked(table, fact));
    if (at < 0) {
      found.push({ weight, evaluation, stated });
      return;
    }
    const entry = table.facts[table.order[at] as number] as TableFact;
    const bits = evaluation.possible[entry.index] as number;
    if (bits === entry.naBit) {
      walk(stated, weight, at + 1);
      return;
    }
    for (const [number, value] of entry.values.entries()) {
      if ((bits & (1 << number)) === 0 || 1 << number === entry.naBit) continue;
      walk(
        new Map(stated).set(entry.fact.id, value),
        weight * shareOf(table, pack, evaluation, entry, value),
        at + 1,
      );
    }
  };
  walk(situation.stated, 1, 0);
  return found;
}

function isAsked(table: Table, fact: number): boolean {
  const { origin, valuesFrom } = (table.facts[fact] as TableFact).fact;
  return origin === 'asked' && valuesFrom !== 'tools';
}

function shareOf(
  table: Table,
  pack: Pack,
  { possible }: Evaluation,
  { fact }: TableFact,
  value: string,
): number {
  const prior = pack.priors?.of.get(fact.id);
  const by = table.facts[table.factNumber.get(prior?.by ?? '') ?? -1];
  const held = by?.values[31 - Math.clz32(possible[by.index] as number)] ?? '';
  return (prior?.given.get(held) ?? prior?.shares)?.get(value) ?? 0;
}

// By the definition: what is expected to be left to find out, before and after.
function gainByHand(
  all: readonly Complete[],
  outcomeIn: (one: Complete) => string,
  valueIn: (one: Complete) => string,
) {
  const total = all.reduce((sum, { weight }) => sum + weight, 0);
  const chances = (keyOf: (one: Complete) => string): Map<string, number> => {
    const sums = new Map<string, number>();
    for (const one of all) sums.set(keyOf(one), (sums.get(keyOf(one)) ?? 0) + one.weight / total);
    return sums;
  };
  const entropy = (sums: ReadonlyMap<string, number>): number =>
    [...sums.values()].reduce((sum, chance) => sum - (chance > 0 ? chance * Math.log2(chance) : 0), 0);
  return (
    entropy(chances(outcomeIn)) +
    entropy(chances(valueIn)) -
    entropy(chances((one) => `${outcomeIn(one)} ${valueIn(one)}`))
  );
}

test('the gain of a page is what the definition says, over every way in which things can turn out', () => {
  let compared = 0;
  fc.assert(
    fc.property(smallPacks, someStated, (pack, given) => {
      const table = buildTable(pack, day);
      const situation = situationOf(pack, given);
      const evaluation = evaluate(table, pack, situation);
      const outcome = findOutcome(table, evaluation);
      const pages = openPages(pack, new Set(missingFacts(table, evaluation, outcome.undecided)));
      if (pages.length === 0) return;
      const toRank = pages.map(({ facts }) => ({
        facts: facts.map((fact) => table.factNumber.get(fact) ?? -1),
        beside: [],
      }));
      const all = completions(table, pack, situation);
      const verdictIn = (one: Complete): string => findOutcome(table, one.evaluation).verdict;
      const gains = gainsOf(table, pack, situation, evaluation, toRank, { kind: 'verdict' });
      for (const [index, { facts }] of pages.entries()) {
        const byHand = facts.reduce(
          (sum, fact) => sum + gainByHand(all, verdictIn, ({ stated }) => stated.get(fact) ?? ''),
          0,
        );
        assert.ok(
          Math.abs((gains?.bits[index] ?? -1) - byHand) < 1e-9,
          `${facts}: ${gains?.bits[index]} ${byHand}`,
        );
        compared++;
      }
      for (const addition of table.additions.keys()) {
        const added = (one: Complete): string =>
          `${findOutcome(table, one.evaluation).rules.some((rule) => table.adds[rule]?.includes(addition))}`;
        const { bits } = gainsOf(table, pack, { ...situation }, evaluation, toRank, {
          kind: 'additions',
          additions: [addition],
        }) ?? { bits: [] };
        for (const [index, { facts }] of pages.entries()) {
          const byHand = facts.reduce(
            (sum, fact) => sum + gainByHand(all, added, ({ stated }) => stated.get(fact) ?? ''),
            0,
          );
          assert.ok(Math.abs((bits[index] ?? -1) - byHand) < 1e-9, `${facts}: ${bits[index]} ${byHand}`);
        }
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(compared > 200, `only ${compared} pages were compared`);
});

test('only what can matter is asked, and asking ends with a settled answer', () => {
  fc.assert(
    fc.property(smallPacks, fc.infiniteStream(fc.nat()), (pack, numbers) => {
      const table = buildTable(pack, day);
      let situation = situationOf(pack, []);
      for (let page = 0; page < 12; page++) {
        const evaluation = evaluate(table, pack, situation);
        const outcome = findOutcome(table, evaluation);
        const next = nextQuestion(table, pack, situation, evaluation, outcome);
        if (next === null) {
          assert.ok(outcome.settled, `not settled: ${JSON.stringify([...situation.stated])}`);
          return;
        }
        const missing = missingFacts(table, evaluation, relevantRules(table, outcome));
        assert.ok(next.facts.length > 0);
        assert.deepEqual(
          next.facts.filter((fact) => !missing.includes(fact) || situation.stated.has(fact)),
          [],
        );
        const stated = new Map(situation.stated);
        for (const fact of next.facts) {
          const values = pack.facts.get(fact)?.values ?? [];
          stated.set(fact, values[(numbers.next().value ?? 0) % values.length]?.id ?? '');
        }
        situation = { ...situation, stated };
      }
      assert.fail('more than 12 pages');
    }),
    { numRuns: 500 },
  );
});

test('the page that is asked has the most to tell, and the first of equals is asked', () => {
  fc.assert(
    fc.property(smallPacks, (pack) => {
      const table = buildTable(pack, day);
      const situation = situationOf(pack, []);
      const evaluation = evaluate(table, pack, situation);
      const outcome = findOutcome(table, evaluation);
      const next = nextQuestion(table, pack, situation, evaluation, outcome);
      if (next === null || outcome.settled) return;
      const all = completions(table, pack, situation);
      const pages = openPages(pack, new Set(missingFacts(table, evaluation, relevantRules(table, outcome))));
      const gains = pages.map(({ facts }) =>
        facts.reduce(
          (sum, fact) =>
            sum +
            gainByHand(
              all,
              (one) => findOutcome(table, one.evaluation).verdict,
              ({ stated }) => stated.get(fact) ?? '',
            ),
          0,
        ),
      );
      const most = Math.max(...gains);
      if (most > 1e-6)
        assert.equal(next.page.id, pages[gains.findIndex((gain) => gain > most - 1e-9)]?.page.id);
    }),
    { numRuns: 300 },
  );
});

test('without priors, and before the tool is known, questions come in the order in which they were written', async () => {
  const { pack } = (await testNeeds()).policy();
  const bare = { ...pack, priors: null };
  const table = buildTable(bare, day);
  for (const tool of [...pack.tools.values()].slice(0, 40)) {
    const situation = { stated: new Map([['tool', tool.id]]), tool };
    const evaluation = evaluate(table, bare, situation);
    const outcome = findOutcome(table, evaluation);
    const [first] = openPages(bare, new Set(missingFacts(table, evaluation, relevantRules(table, outcome))));
    assert.equal(nextQuestion(table, bare, situation, evaluation, outcome)?.page.id, first?.page.id);
  }
  const nothing = { stated: new Map(), tool: undefined };
  const evaluation = evaluate(table, pack, nothing);
  const next = nextQuestion(table, pack, nothing, evaluation, findOutcome(table, evaluation));
  assert.equal(next?.page.id, pack.pages[0]?.id);
});

test('the same facts lead to the same question, however they were given', async () => {
  const { pack } = (await testNeeds()).policy();
  const again = buildTable(pack, day);
  const table = buildTable(pack, day);
  const facts = [...pack.facts.values()].filter(
    ({ origin, valuesFrom }) => origin === 'asked' && valuesFrom !== 'tools',
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...pack.tools.values()),
      fc.subarray(facts, { maxLength: 5 }),
      fc.nat(),
      (tool, some, seed) => {
        const given = some.map(({ id, values }) => [id, values[seed % values.length]?.id ?? ''] as const);
        const ask = (one: Table, list: readonly (readonly [string, string])[]): unknown => {
          const situation = { stated: new Map([...list, ['tool', tool.id] as const]), tool };
          const evaluation = evaluate(one, pack, situation);
          return nextQuestion(one, pack, situation, evaluation, findOutcome(one, evaluation))?.facts ?? null;
        };
        assert.deepEqual(ask(table, given), ask(again, given.toReversed()));
      },
    ),
    { numRuns: 200 },
  );
});

test('every question that is asked says what its answer can still change', () => {
  fc.assert(
    fc.property(smallPacks, someStated, (pack, given) => {
      const table = buildTable(pack, day);
      const situation = situationOf(pack, given);
      const evaluation = evaluate(table, pack, situation);
      const next = nextQuestion(table, pack, situation, evaluation, findOutcome(table, evaluation));
      for (const question of next?.questions ?? []) {
        const effect = effectOf(table, pack, situation, question);
        assert.ok(effect !== null);
        assert.ok(effect.kind === 'can-add' ? effect.what.length > 0 : effect.verdicts.length > 0);
        if (effect.kind !== 'decides') continue;
        const best = question.facts.flatMap((fact) =>
          (pack.facts.get(fact)?.values ?? []).map(
            ({ id }) =>
              findOutcome(
                table,
                evaluate(table, pack, { ...situation, stated: new Map([...situation.stated, [fact, id]]) }),
              ).best,
          ),
        );
        assert.deepEqual(new Set(effect.verdicts), new Set(best));
      }
    }),
    { numRuns: 300 },
  );
});

test('why we ask is worked out from what the answer can still change', async () => {
  const needs = await testNeeds();
  const board = { tool: 'trello', purpose: 'collaborate', account: 'work', device: 'moj' };
  const harmless = {
    classification: 'OFFICIAL',
    sensitive: false,
    personalData: false,
    damageOrDistress: false,
  };
  const why = (facts: Record<string, unknown>) => whyAsked(answerTo(needs, facts).next?.effect ?? null);
  assert.equal(why({}), '');
  assert.equal(
    why(board),
    'It decides what the answer can become at best: “You can use it, if …”, “Ask first” or “Do not use it”.',
  );
  assert.equal(
    why({ ...board, ...harmless, organisation: 'hmcts' }),
    'It decides what the answer can become at best: “You can use it, if …” or “Ask first”.',
  );
});
