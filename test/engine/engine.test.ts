import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decide } from '#domain/decision/decide.ts';
import { evaluate } from '#domain/decision/evaluate.ts';
import { findOutcome } from '#domain/decision/outcome.ts';
import { buildTable, type Table, type TableFact } from '#domain/decision/table.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { isPermission, severityOf } from '#domain/shared/verdict.ts';
import {
  answerTo,
  completed,
  ordinaryAnswerTo,
  policyWith,
  testDay,
  testNeeds,
} from '#test/support/guidance.ts';
import { answerQuestion } from '#usecases/answer-question.ts';
import { statedFacts } from './situations.ts';

const needs = await testNeeds();
const policy = needs.policy();
const { pack } = policy;
const table = policy.tableOn(testDay);

// A complete situation in numbers: of everything still possible, the value that `pick` chooses.
function complete(stated: Record<string, string>, pick: (bits: number[]) => number): number[] {
  const all = new Map(Object.entries(stated));
  for (;;) {
    const { possible } = evaluate(table, pack, {
      stated: all,
      tool: pack.tools.get(stated.tool ?? '') ?? null,
    });
    const open = table.order.find((index) => {
      const bits = possible[index] ?? 0;
      return (
        (bits & (bits - 1)) !== 0 &&
        pack.facts.get((table.facts[index] as TableFact).fact.id)?.origin === 'asked'
      );
    });
    if (open === undefined) return [...possible].map((bits) => 31 - Math.clz32(bits));
    const entry = table.facts[open] as TableFact;
    const values = entry.values
      .slice(0, -1)
      .flatMap((_, number) => ((possible[open] ?? 0) & (1 << number) ? [number] : []));
    all.set(entry.fact.id, entry.values[pick(values)] ?? '');
  }
}

// The meaning of a pack in the fewest words: every rule read as it is written.
function decideSlowly(situation: readonly number[]): { rules: string[]; verdict: string } {
  const value = (fact: string) => {
    const entry = table.facts[table.factNumber.get(fact) ?? -1] as TableFact;
    return entry.values[situation[entry.index] ?? 0] ?? '';
  };
  const applying = pack.rules.filter(({ when }) =>
    [...when].every(([fact, values]) => values.has(value(fact))),
  );
  const strictest = Math.max(
    -1,
    ...applying.map(({ verdict }) => (verdict === null ? -1 : severityOf(verdict))),
  );
  const isPermitted = applying.some(({ verdict }) => verdict !== null && isPermission(verdict));
  const hasConditions = applying.some(({ adds }) =>
    adds.some((id) => pack.conditions.get(id)?.kind === 'condition'),
  );
  const verdict =
    strictest >= 3
      ? ['request-review', 'not-allowed'][strictest - 3]
      : strictest === 2 || !isPermitted
        ? 'get-guidance'
        : strictest === 1 || hasConditions
          ? 'allowed-with-conditions'
          : 'allowed';
  return { rules: applying.map(({ id }) => id).sort(), verdict: verdict ?? '' };
}

test('the table decides as the rules read, one by one', () => {
  fc.assert(
    fc.property(statedFacts(pack), fc.nat(), (stated, seed) => {
      const situation = complete(stated, (values) => values[seed % values.length] ?? 0);
      const fast = decide(table, situation);
      const slow = decideSlowly(situation);
      assert.deepEqual(fast.rules.map((rule) => table.rules[rule]?.id).sort(), slow.rules);
      assert.equal(fast.verdict, slow.verdict);
    }),
    { numRuns: 2000 },
  );
});

test('the order of rules changes nothing', () => {
  const reversed = buildTable({ ...pack, rules: pack.rules.toReversed() } satisfies Pack, testDay);
  fc.assert(
    fc.property(statedFacts(pack), fc.nat(), (stated, seed) => {
      const situation = complete(stated, (values) => values[seed % values.length] ?? 0);
      const names = (one: Table, rules: readonly number[]) => rules.map((rule) => one.rules[rule]?.id).sort();
      const here = decide(table, situation);
      const there = decide(reversed, situation);
      assert.equal(here.verdict, there.verdict);
      assert.deepEqual(names(table, here.rules), names(reversed, there.rules));
    }),
    { numRuns: 500 },
  );
});

test('what no rule permits is never a permission', () => {
  fc.assert(
    fc.property(statedFacts(pack), (stated) => {
      const answered = answerQuestion(needs, { facts: stated });
      if (answered.outcome === 'problems' || !isPermission(answered.answer.verdict)) return;
      assert.ok(answered.answer.reasons.some(({ verdict }) => verdict !== null && isPermission(verdict)));
      assert.ok(answered.answer.reasons.every(({ citations }) => citations.length > 0));
    }),
    { numRuns: 2000 },
  );
});

test('a settled verdict cannot be changed by a fact that is still missing, and lies between best and worst before that', () => {
  fc.assert(
    fc.property(statedFacts(pack, 1), fc.nat(), (stated, seed) => {
      const answered = answerQuestion(needs, { facts: stated });
      if (answered.outcome === 'problems') return;
      const { answer } = answered;
      const situation = complete(stated, (values) => values[seed % values.length] ?? 0);
      const final = decide(table, situation).verdict;
      if (answer.settled) assert.equal(final, answer.verdict);
      assert.ok(severityOf(final) >= severityOf(answer.best), `${final} is milder than best ${answer.best}`);
      assert.ok(
        severityOf(final) <= severityOf(answer.worst),
        `${final} is stricter than worst ${answer.worst}`,
      );
      if (!answer.settled) assert.ok(severityOf(answer.verdict) >= severityOf('get-guidance'));
    }),
    { numRuns: 3000 },
  );
});

test('a complete answer keeps its conditions whatever is still missing', () => {
  fc.assert(
    fc.property(statedFacts(pack, 1), fc.nat(), (stated, seed) => {
      const answered = answerQuestion(needs, { facts: stated });
      if (answered.outcome === 'problems' || !answered.answer.complete) return;
      const situation = complete(stated, (values) => values[seed % values.length] ?? 0);
      const { additions } = decide(table, situation);
      const names = additions
        .map((number) => table.additions[number] ?? '')
        .filter((id) => pack.conditions.get(id)?.kind === 'condition')
        .sort();
      assert.deepEqual(names, answered.answer.conditions.map(({ id }) => id).sort());
    }),
    { numRuns: 2000 },
  );
});

test('asking what is next, over and over, ends, and never asks twice', () => {
  fc.assert(
    fc.property(fc.constantFrom(...pack.tools.keys()), fc.infiniteStream(fc.nat()), (tool, numbers) => {
      const stated: Record<string, string> = { tool };
      for (let page = 0; page < 15; page++) {
        const { next } = answerTo(needs, stated);
        if (next === null) return;
        for (const fact of next.facts) {
          assert.equal(stated[fact], undefined, `${fact} is asked again`);
          const values = pack.facts.get(fact)?.values ?? [];
          stated[fact] = values[(numbers.next().value ?? 0) % values.length]?.id ?? '';
        }
      }
      assert.fail(`more than 15 pages for ${JSON.stringify(stated)}`);
    }),
    { numRuns: 500 },
  );
});

test('an assumption is listed exactly where another value changes the verdict or what it takes', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(statedFacts(pack, 1), (some) => {
      if (answerQuestion(needs, { facts: some }).outcome === 'problems') return;
      const stated = completed(needs, some);
      const answer = answerTo(needs, stated);
      seen.set(answer.verdict, (seen.get(answer.verdict) ?? 0) + 1);
      const listed = new Set(answer.assumptions.map(({ fact }) => fact));
      for (const { fact, index } of table.facts) {
        if (fact.origin !== 'assumed' || stated[fact.id] !== undefined || fact.default === 'n/a') continue;
        const changes = fact.values.some(({ id }) => {
          if (id === fact.default) return false;
          const other = answerQuestion(needs, { facts: { ...stated, [fact.id]: id } });
          if (other.outcome === 'problems' || other.answer.ignored.includes(fact.id)) return false;
          if (!other.answer.settled || other.answer.verdict !== answer.verdict) return true;
          const takes = (one: typeof answer) =>
            [...one.conditions, ...one.nextSteps]
              .map((addition) => addition.id)
              .sort()
              .join();
          // Where it opens a question that could add something, it can change what it takes.
          const isOpened = answer.complete && !other.answer.complete;
          return isPermission(answer.verdict) && (isOpened || takes(other.answer) !== takes(answer));
        });
        assert.equal(
          listed.has(fact.id),
          changes,
          `${fact.id} (${index}) for ${JSON.stringify(stated)}: ${answer.verdict}`,
        );
      }
    }),
    { numRuns: 2000 },
  );
  // Without enough of each the test would say nothing.
  for (const verdict of ['allowed-with-conditions', 'get-guidance', 'request-review', 'not-allowed'])
    assert.ok((seen.get(verdict) ?? 0) > 20, `${verdict}: ${seen.get(verdict)}`);
});

test('that something has gone wrong is listed where saying so ends the asking, and with it what nobody was asked', () => {
  const stated = {
    tool: '1password',
    organisation: 'moj-headquarters',
    account: 'work',
    device: 'moj',
    deviceKind: 'dom1',
    inOfficialInstaller: 'true',
    classification: 'OFFICIAL',
    sensitive: 'false',
    personalData: 'false',
    reviewStatus: 'rejected',
  };
  const answer = answerTo(needs, stated);
  assert.equal(answer.verdict, 'request-review');
  assert.equal(answerTo(needs, { ...stated, incident: 'true' }).verdict, 'get-guidance');
  assert.ok(answer.assumptions.some(({ fact }) => fact === 'incident'));
});

test('a rule that cannot be evaluated makes the answer more careful, and says so', async () => {
  const broken = await policyWith(
    'rules/broken.yaml',
    `topic: Broken
owner: x
lastConfirmed: 2026-11-22
reviewBy: 2027-11-22
rules:
  - id: broken
    title: Broken
    when: { tool: trello, colour: blue }
    verdict: allowed
    because: It cannot be read.
    cites: [GAG-102]
    examples: []
`,
  );
  const facts = { tool: 'trello', purpose: 'collaborate' };
  assert.equal(ordinaryAnswerTo(needs, facts).verdict, 'allowed-with-conditions');
  const answer = ordinaryAnswerTo({ policy: () => broken, today: () => testDay }, facts);
  assert.equal(answer.verdict, 'get-guidance');
  assert.deepEqual(answer.faults, [{ rule: 'broken', detail: 'unknown fact `colour`' }]);
  assert.deepEqual(
    ordinaryAnswerTo({ policy: () => broken, today: () => testDay }, { ...facts, tool: 'slack' }).faults,
    [],
  );
});

test('a rule is in force from its first day to its last, both included', async () => {
  const dated = await policyWith(
    'rules/dated.yaml',
    `topic: Dated
owner: x
lastConfirmed: 2026-11-22
reviewBy: 2027-11-22
rules:
  - id: closed-for-a-week
    title: Closed for a week
    when: { tool: trello, purpose: business }
    verdict: not-allowed
    because: It is closed.
    cites: [GAG-102]
    from: 2026-12-24
    to: 2026-12-31
    examples: []
`,
  );
  const on = (day: string) =>
    ordinaryAnswerTo({ policy: () => dated, today: () => day }, { tool: 'trello', purpose: 'collaborate' })
      .verdict;
  assert.deepEqual(['2026-12-23', '2026-12-24', '2026-12-31', '2027-01-01'].map(on), [
    'allowed-with-conditions',
    'not-allowed',
    'not-allowed',
    'allowed-with-conditions',
  ]);
});

test('the same situation is the same answer, byte for byte', () => {
  fc.assert(
    fc.property(statedFacts(pack, 2), (stated) => {
      const backwards = Object.fromEntries(Object.entries(stated).reverse());
      assert.equal(
        JSON.stringify(answerQuestion(needs, { facts: stated })).replace(/"stated":\{\}/, ''),
        JSON.stringify(answerQuestion(needs, { facts: backwards })).replace(/"stated":\{\}/, ''),
      );
    }),
    { numRuns: 500 },
  );
});

test('an undecided situation has an outcome with a rule or its absence to show', () => {
  const evaluation = evaluate(table, pack, {
    stated: new Map([['tool', 'trello']]),
    tool: pack.tools.get('trello') ?? null,
  });
  const outcome = findOutcome(table, evaluation);
  assert.equal(outcome.settled, false);
  assert.equal(outcome.verdict, 'get-guidance');
  assert.equal(outcome.best, 'allowed-with-conditions');
  assert.equal(outcome.worst, 'not-allowed');
});
