import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import { randomAddresses } from '#bench/addresses.ts';
import { rulesAsIfElse, rulesAsPlainIfElse } from '#bench/if-else.ts';
import { measureInterleaved, summaryOf } from '#bench/measure.ts';
import { missingPeers, startPeerEngines } from '#bench/peer-engines.ts';
import { conclusion, decideByName, factsByName } from '#bench/peer-policy.ts';
import { realisticQuestions } from '#bench/questions.ts';
import { seededRandom, shuffled } from '#bench/random.ts';
import { randomSituations } from '#bench/situations.ts';
import { textTable } from '#bench/text-table.ts';
import { decide } from '#domain/decision/decide.ts';
import { evaluate, reevaluate } from '#domain/decision/evaluate.ts';
import { testDay, testNeeds } from '#test/support/guidance.ts';
import { answerAsJson } from '#usecases/answer-as-json.ts';
import { answerQuestion } from '#usecases/answer-question.ts';
import { jsonBytes } from '#usecases/kept-json.ts';

const needs = await testNeeds();
const policy = needs.policy();
const table = policy.tableOn(testDay);

describe('the bench', () => {
  it('holds the table against the same rules as if/else, which say the same of every situation', () => {
    const [plain, tuned] = [rulesAsPlainIfElse(table), rulesAsIfElse(table)];
    for (const situation of randomSituations(policy, testDay, 500, seededRandom(1))) {
      const expected = decide(table, situation);
      for (const { verdict, rules, additions } of [plain(situation), tuned(situation)]) {
        assert.deepEqual({ verdict, rules, additions: additions.toSorted((a, b) => a - b) }, expected);
      }
    }
  });

  it('has names for the same decisions', () => {
    const byName = decideByName(table);
    for (const situation of randomSituations(policy, testDay, 200, seededRandom(4))) {
      const facts = factsByName(table, situation);
      const { verdict, rules, additions } = decide(table, situation);
      const expected = {
        verdict,
        rules: rules.map((rule) => table.rules[rule]?.id),
        additions: additions.map((addition) => table.additions[addition]),
      };
      assert.deepEqual(byName(facts), expected);
      const turned = Object.fromEntries(Object.entries(facts).reverse());
      assert.deepEqual(byName(turned), expected);
      assert.deepEqual(conclusion(table)(expected.rules.map(String).reverse()), expected);
    }
    assert.throws(() => byName({}), /0 facts are not the \d+ of a situation/);
    assert.throws(() => byName({ tool: 'nothing' }), /`tool` cannot be `nothing`/);
  });

  it('gives other engines the same rules, which say the same of every situation', {
    skip: missingPeers() ?? false,
  }, async () => {
    const facts = randomSituations(policy, testDay, 100, seededRandom(5)).map((one) =>
      factsByName(table, one),
    );
    const expected = facts.map(decideByName(table));
    for (const engine of startPeerEngines(table)) {
      assert.deepEqual(await engine.decide(facts), expected, engine.name);
      engine.close();
    }
  });

  it('asks questions that are settled', () => {
    const questions = realisticQuestions(needs);
    assert.ok(questions.length > 100, `only ${questions.length}`);
    for (const facts of questions) {
      const answered = answerQuestion(needs, { facts });
      assert.ok(answered.outcome === 'ok' && answered.answer.settled, JSON.stringify(facts));
      const json = answerAsJson(policy.pack, answered.stated, answered.answer);
      assert.equal(String(jsonBytes(json)), JSON.stringify(json));
    }
  });

  it('asks for pages that are all different, half questions and half answers, the same in every run', () => {
    const addresses = randomAddresses(needs, 60, seededRandom(2));
    assert.equal(new Set(addresses).size, 60);
    assert.equal(addresses.filter((address) => address.startsWith('/answer?')).length, 30);
    assert.deepEqual(randomAddresses(needs, 60, seededRandom(2)), addresses);
  });

  it('gives each contestant the same rounds, also one that has to be waited for', async () => {
    const runs = { a: 0, b: 0, later: 0 };
    const contestant = (name: 'a' | 'b') => ({
      name,
      run() {
        runs[name] += 1;
        return 1;
      },
    });
    const later = {
      name: 'later',
      async run() {
        await setImmediate();
        runs.later += 1;
        return 1;
      },
    };
    const rates = await measureInterleaved([contestant('a'), contestant('b'), later], {
      rounds: 2,
      roundMs: 1,
    });
    assert.deepEqual(
      rates.map(({ name }) => name),
      ['a', 'b', 'later'],
    );
    for (const { min, median, max } of rates) assert.ok(min <= median && median <= max && min > 0);
    assert.ok(runs.a >= 3 && runs.b >= 3 && runs.later >= 3);
  });

  it('sums figures up, shuffles and prints tables', () => {
    assert.deepEqual(summaryOf([3, 1, 2]), { median: 2, min: 1, max: 3 });
    assert.deepEqual(summaryOf([4, 1, 2, 3]), { median: 2.5, min: 1, max: 4 });
    assert.throws(() => summaryOf([]), /nothing was measured/);
    assert.deepEqual(shuffled([1, 2, 3, 4, 5], seededRandom(3)).sort(), [1, 2, 3, 4, 5]);
    assert.equal(
      textTable([
        ['name', 'n'],
        ['a', '10'],
        ['long name', '1'],
      ]),
      'name        n\n---------  --\na          10\nlong name   1',
    );
  });
});

it('what is known after one more statement is the same, worked out again in part or whole', () => {
  for (const facts of realisticQuestions(needs)) {
    const stated = new Map(Object.entries(facts).map(([fact, value]) => [fact, String(value)]));
    const found = policy.catalogue.find(stated.get('tool') ?? '');
    const situation = { stated, tool: stated.has('tool') && found.ok ? found.match.tool : undefined };
    const evaluation = evaluate(table, policy.pack, situation);
    for (const index of evaluation.assumed) {
      const entry = table.facts[index];
      for (const { id } of entry?.fact.values ?? []) {
        if (entry === undefined) continue;
        const again = reevaluate(table, policy.pack, situation, evaluation, entry, id);
        const whole = evaluate(table, policy.pack, {
          ...situation,
          stated: new Map(stated).set(entry.fact.id, id),
        });
        assert.deepEqual(
          [again.possible, again.problems],
          [whole.possible, whole.problems],
          `${entry.fact.id}: ${id}`,
        );
      }
    }
  }
});
