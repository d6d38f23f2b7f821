import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decide } from '#domain/decision/decide.ts';
import { buildTable, type Table, type TableFact } from '#domain/decision/table.ts';
import type { Pack, PolicyPromise, When } from '#domain/policy/pack.ts';
import { prove } from '#domain/proof/prove.ts';
import { buildProving, nodeOf, type Proving, TooTangled } from '#domain/proof/proving.ts';
import { countVerdicts } from '#domain/proof/reach.ts';
import { statableFacts } from '#domain/proof/situation.ts';
import { buildSpace, yes } from '#domain/proof/space.ts';
import { buildVerdict, isSilence, verdictAt } from '#domain/proof/verdict-diagram.ts';
import { isPermission, type Verdict, verdicts } from '#domain/shared/verdict.ts';
import { answerTo, testDay, testNeeds } from '#test/support/guidance.ts';
import { proveGuidance } from '#usecases/prove-guidance.ts';
import { smallPacks } from './small-policies.ts';

const needs = await testNeeds();
const policy = needs.policy();
const { pack } = policy;
const table = policy.tableOn(testDay);
const proving = buildProving(table, pack);

/** A situation by the places of the diagrams' variables, as one by the numbers of facts. */
function byFact({ space }: Proving, values: readonly number[]): number[] {
  return space.table.facts.map((_, fact) => values[space.placeOf[fact] as number] as number);
}

function* everySituation({ space }: Proving): Generator<number[]> {
  const { sizes } = space.diagrams;
  const values = sizes.map(() => 0);
  for (;;) {
    yield values;
    let place = sizes.length - 1;
    while (place >= 0 && ++(values[place] as number) === sizes[place]) values[place--] = 0;
    if (place < 0) return;
  }
}

function meets(one: Table, when: When, situation: readonly number[]): boolean {
  return [...when].every(([name, values]) => {
    const entry = one.facts[one.factNumber.get(name) ?? -1] as TableFact;
    return values.has(entry.values[situation[entry.index] as number] ?? '');
  });
}

function breaks(
  one: Table,
  { always, never, ifVerdict, adds, when }: PolicyPromise,
  situation: number[],
): boolean {
  const { verdict, additions, rules } = decide(one, situation);
  if (!meets(one, when, situation) || (ifVerdict.length > 0 && !ifVerdict.includes(verdict))) return false;
  if (always.length > 0 && !always.includes(verdict)) return true;
  if (never.includes(verdict)) return true;
  const said = new Set(additions.map((addition) => one.additions[addition]));
  if (isSilent(one, rules)) said.add('tell');
  return adds.some((id) => !said.has(id));
}

function isSilent(one: Table, rules: readonly number[]): boolean {
  return rules.every((rule) => (one.severities[rule] ?? 0) < 0);
}

describe('small policies', () => {
  test('every situation, every count, every promise and every gap is what brute force finds', () => {
    const seen = { situations: 0, broken: 0, proved: 0, gaps: 0 };
    fc.assert(
      fc.property(smallPacks, (small) => {
        const smallTable = buildTable(small, testDay);
        const own = buildProving(smallTable, small);
        const { space } = own;
        const counts = new Map<Verdict, number>();
        const silent = { known: 0, other: 0 };
        const broken = new Map<string, number>();
        for (const values of everySituation(own)) {
          const situation = byFact(own, values);
          const { verdict, rules } = decide(smallTable, situation);
          assert.equal(verdictAt(space.diagrams.valueAt(own.verdict, values)), verdict);
          const isPossible = space.diagrams.valueAt(space.possible, values) === yes;
          assert.equal(isPossible, statableFacts(space, values) !== null, JSON.stringify(values));
          if (!isPossible) continue;
          seen.situations++;
          for (const promise of small.promises)
            if (breaks(smallTable, promise, situation))
              broken.set(promise.id, (broken.get(promise.id) ?? 0) + 1);
          const within = space.diagrams.valueAt(own.within, values);
          if (space.diagrams.valueAt(space.fitting, values) !== yes) {
            assert.equal(verdictAt(within), null);
            continue;
          }
          counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
          assert.equal(isSilence(within), isSilent(smallTable, rules));
          const [gap] = small.gaps;
          if (isSilence(within))
            silent[gap !== undefined && meets(smallTable, gap.when, situation) ? 'known' : 'other']++;
        }
        const proof = prove(own);
        for (const verdict of verdicts)
          assert.equal(proof.byVerdict[verdict], BigInt(counts.get(verdict) ?? 0), verdict);
        for (const { promise, holds, broken: example } of proof.promises) {
          assert.equal(holds, !broken.has(promise.id), promise.id);
          seen[holds ? 'proved' : 'broken']++;
          if (holds) continue;
          const values = valuesOf(own, example?.situation ?? {});
          assert.ok(breaks(smallTable, promise, byFact(own, values)), `${promise.id}: no counterexample`);
        }
        const gaps = proof.findings.filter(({ kind }) => kind === 'gap');
        const covered = gaps.filter(({ about }) => about.length === 0);
        const sum = (list: typeof gaps) => list.reduce((all, { situations }) => all + (situations ?? 0n), 0n);
        assert.equal(sum(gaps.filter(({ about }) => about.length > 0)), BigInt(silent.known));
        if (covered.length < 25) assert.equal(sum(covered), BigInt(silent.other));
        seen.gaps += covered.length;
      }),
      // Of 12, one run in some hundreds had too few broken promises to say anything.
      { numRuns: 30 },
    );
    // Without enough of each the test would say nothing.
    for (const [what, count] of Object.entries(seen)) assert.ok(count > 3, `${what}: ${count}`);
  });

  test('the order of facts and of rules changes no count', () => {
    fc.assert(
      fc.property(smallPacks, fc.infiniteStream(fc.nat()), (small, numbers) => {
        const smallTable = buildTable(small, testDay);
        const straight = buildProving(smallTable, small);
        const shuffled = smallTable.order
          .map((fact) => ({ fact, at: numbers.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ fact }) => fact);
        const space = buildSpace(smallTable, small, shuffled);
        const rules = [...smallTable.rules.keys()].reverse();
        assert.deepEqual(
          countVerdicts(space, buildVerdict(space, rules), space.fitting),
          countVerdicts(straight.space, straight.within),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('removing a rule that is found to decide nothing and to add nothing changes no situation', () => {
    let found = 0;
    fc.assert(
      fc.property(smallPacks, (small) => {
        const smallTable = buildTable(small, testDay);
        const own = buildProving(smallTable, small);
        const idle = prove(own)
          .findings.filter(({ kind }) => kind === 'never-decides' || kind === 'never-applies')
          .map(({ about }) => about[0]);
        for (const id of smallTable.rules.map((rule) => rule.id)) {
          const without = buildTable(
            { ...small, rules: small.rules.filter((rule) => rule.id !== id) },
            testDay,
          );
          let isNoticed = false;
          for (const values of everySituation(own)) {
            if (own.space.diagrams.valueAt(own.space.possible, values) !== yes) continue;
            const situation = byFact(own, values);
            const [before, after] = [decide(smallTable, situation), decide(without, situation)];
            isNoticed ||=
              before.verdict !== after.verdict || before.additions.length !== after.additions.length;
          }
          assert.equal(idle.includes(id), !isNoticed, `${id} of ${JSON.stringify(idle)}`);
          if (!isNoticed) found++;
        }
      }),
      { numRuns: 6 },
    );
    assert.ok(found > 0);
  });
});

/** The situation that stated facts lead to: the only one in which they are what can be stated. */
function valuesOf(own: Proving, facts: Readonly<Record<string, string>>): number[] {
  const wanted = JSON.stringify(facts);
  for (const values of everySituation(own))
    if (
      own.space.diagrams.valueAt(own.space.possible, values) === yes &&
      JSON.stringify(statableFacts(own.space, values)) === wanted
    )
      return values;
  return assert.fail(`no situation has ${wanted}`);
}

describe('the pack that ships', () => {
  const { space } = proving;
  const { diagrams } = space;

  function agree(values: readonly number[]): void {
    const drawn = verdictAt(diagrams.valueAt(proving.verdict, values));
    const decided = decide(table, byFact(proving, values)).verdict;
    if (drawn !== decided) assert.fail(`${drawn} and ${decided} for ${describeSituation(values)}`);
  }

  function describeSituation(values: readonly number[]): string {
    return space.order
      .map((fact, place) => {
        const entry = table.facts[fact] as TableFact;
        return `${entry.fact.id} ${entry.values[values[place] as number]}`;
      })
      .join(', ');
  }

  test('the table and the diagrams agree on a million random situations', () => {
    const next = randomNumbers(20_261_122);
    const values = diagrams.sizes.map(() => 0);
    for (let count = 0; count < 1_000_000; count++) {
      for (let place = 0; place < values.length; place++)
        values[place] = next() % (diagrams.sizes[place] as number);
      agree(values);
    }
  });

  test('they agree on every boundary: whatever differs from the edge of a rule in one fact', () => {
    let count = 0;
    for (const tests of table.tests) {
      for (const values of edgesOf(tests)) {
        agree(values);
        for (const [place, size] of diagrams.sizes.entries()) {
          const before = values[place] as number;
          for (let value = 0; value < size; value++) {
            values[place] = value;
            agree(values);
            count++;
          }
          values[place] = before;
        }
      }
    }
    assert.ok(count > 100_000, `only ${count}`);
  });

  // For each value that a rule tests, the most ordinary situation with it in which the rule applies.
  function* edgesOf(tests: Table['tests'][number]): Generator<number[]> {
    for (const { fact, bits } of tests) {
      for (let value = 0; bits >> value > 0; value++) {
        if ((bits & (1 << value)) === 0) continue;
        const situation = table.facts.map((entry, index) => {
          const own = tests.find((test) => test.fact === index);
          if (index === fact) return value;
          const usual = entry.numberOf.get(entry.fact.ordinary ?? entry.fact.default ?? '') ?? 0;
          return own === undefined || own.bits & (1 << usual) ? usual : 31 - Math.clz32(own.bits);
        });
        yield space.order.map((index) => situation[index] as number);
      }
    }
  }

  test('whoever states what a situation was told as stands in it, and gets its verdict', () => {
    const next = randomNumbers(42);
    const seen = new Set<Verdict>();
    for (let count = 0; count < 3000; count++) {
      const values = randomSituation(count % 2 === 0 ? space.possible : space.fitting, next);
      const facts = statableFacts(space, values);
      assert.ok(facts !== null, describeSituation(values));
      const { verdict, settled } = answerTo(needs, facts);
      assert.ok(settled, JSON.stringify(facts));
      assert.equal(verdict, verdictAt(diagrams.valueAt(proving.verdict, values)), JSON.stringify(facts));
      seen.add(verdict);
    }
    assert.ok(seen.size >= 3);
  });

  function randomSituation(region: number, next: () => number): number[] {
    const values = diagrams.sizes.map((size) => next() % size);
    let node = region;
    while (node !== yes) {
      const variable = diagrams.variableOf(node);
      const open = Array.from({ length: diagrams.sizes[variable] as number }, (_, value) => value).filter(
        (value) => diagrams.childOf(node, value) !== 0,
      );
      values[variable] = open[next() % open.length] as number;
      node = diagrams.childOf(node, values[variable] as number);
    }
    return values;
  }

  test('every promise is proved, and somebody has looked at every finding', () => {
    const proof = prove(proving);
    assert.deepEqual(
      proof.promises.filter(({ holds }) => !holds).map(({ promise, broken }) => [promise.id, broken]),
      [],
    );
    assert.deepEqual(
      proof.findings.filter(({ acknowledged }) => acknowledged === null).map(({ text }) => text),
      [],
    );
    for (const { promise, situations } of proof.promises)
      assert.ok(situations > 0n, `\`${promise.id}\` speaks of nothing`);
    for (const { id, ambiguity } of pack.gaps) assert.match(ambiguity ?? '', /^A\d+$/, id);
    for (const { text, situations, situation } of proof.findings)
      assert.ok(situations === null || situations === 0n || situation !== null, `no example: ${text}`);
  });

  test('the counts do not depend on the order of facts', () => {
    const before = countVerdicts(space, proving.within);
    const authored = table.facts.map(({ index }) => index);
    const inPairs = table.order.map((fact, place) => table.order[place ^ 1] ?? fact);
    for (const order of [authored, inPairs]) {
      const other = buildSpace(table, pack, order);
      const verdict = buildVerdict(other, [...table.rules.keys()]);
      assert.deepEqual(countVerdicts(other, verdict, other.fitting), before);
    }
  });

  test('a permission is never silence', () => {
    const node = nodeOf(space, new Map());
    assert.equal(node, yes);
    for (let terminal = 0; terminal < diagrams.terminals; terminal++) {
      const verdict = verdictAt(terminal);
      if (verdict !== null && isSilence(terminal)) assert.ok(!isPermission(verdict));
    }
  });

  test('where the diagrams need too many nodes the tangled rules are named, and deciding goes on', () => {
    const names = new Set(pack.rules.map(({ id }) => id));
    // Of the space alone, while rules are joined, and while promises are proved.
    for (const budget of [20_000, 50_000, 120_000]) {
      const { periods, isSound } = proveGuidance(policy, testDay, { budget });
      const [period] = periods;
      assert.ok(period?.result.outcome === 'tangled', `${budget} nodes were enough`);
      assert.equal(isSound, false);
      assert.equal(period.result.nodes, budget);
      for (const rule of period.result.rules) assert.ok(names.has(rule), rule);
      assert.equal(period.result.rules.length > 0, budget >= 50_000);
    }
    assert.throws(() => buildProving(table, pack, 20_000), TooTangled);
    assert.equal(
      answerTo(needs, { tool: 'trello', account: 'personal', purpose: 'store' }).verdict,
      'not-allowed',
    );
  });

  test('rules that come into force later are proved for their own period', () => {
    const [rule] = pack.rules;
    assert.ok(rule !== undefined);
    const closed = { ...rule, id: 'closed', when: new Map(), from: '2027-01-01', to: '2027-01-31' };
    const later: Pack = { ...pack, rules: [...pack.rules, { ...closed, verdict: 'not-allowed' }] };
    const dated = { pack: later, tableOn: (day: string) => buildTable(later, day) };
    const { periods, isSound } = proveGuidance(dated, testDay);
    assert.equal(isSound, false);
    assert.deepEqual(
      periods.map(({ from, until, result }) => [
        from,
        until,
        result.outcome === 'proved' && result.proof.promises.every(({ holds }) => holds),
      ]),
      [
        [testDay, '2027-01-01', true],
        ['2027-01-01', '2027-02-01', false],
        ['2027-02-01', null, true],
      ],
    );
  });
});

/** The same numbers every time (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
