import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import type { Fact, Organisation, Pack, Rule, Tool } from '#domain/policy/pack.ts';
import { type Change, createComparer, diffPolicies, type PolicyDiff } from '#domain/proof/diff.ts';
import { buildProving } from '#domain/proof/proving.ts';
import { severityOf, type Verdict, verdicts } from '#domain/shared/verdict.ts';
import { answerTo, testDay, testNeeds } from '#test/support/guidance.ts';

const policy = (await testNeeds()).policy();
const { pack } = policy;

const edited = (change: Partial<Pack>): Policy => compilePolicy({ ...pack, ...change }, 'edited');
const withRule = (id: string, change: Partial<Rule>): Policy =>
  edited({ rules: pack.rules.map((rule) => (rule.id === id ? { ...rule, ...change } : rule)) });
const withTools = (change: (tool: Tool) => Tool): Policy =>
  edited({ tools: new Map([...pack.tools].map(([id, tool]) => [id, change(tool)])) });
const withFacts = (change: (fact: Fact) => Fact): Policy =>
  edited({ facts: new Map([...pack.facts].map(([id, fact]) => [id, change(fact)])) });
const diffed = (after: Policy): PolicyDiff => diffPolicies(policy, after, { from: testDay });
const changesOf = ({ loosenings, tightenings }: PolicyDiff): Change[] => [...loosenings, ...tightenings];

/** The verdict one step milder; null where there is none. A rule that decides nothing comes to permit. */
function widened({ verdict }: Rule): Verdict | null {
  if (verdict === null) return 'allowed-with-conditions';
  return verdicts[severityOf(verdict) - 1] ?? null;
}

/** The answers that an example claims are the ones that people get. */
function checkExamples(diff: PolicyDiff, after: Policy): void {
  for (const { name, examples } of changesOf(diff)) {
    assert.ok(examples.length > 0, `${name} has no example`);
    for (const { facts, before, after: now } of examples) {
      const answers = [policy, after].map((one) =>
        answerTo({ policy: () => one, today: () => testDay }, facts),
      );
      assert.deepEqual(
        answers.map(({ verdict, settled }) => ({ verdict, settled })),
        [before, now].map((verdict) => ({ verdict, settled: true })),
        `${name}: ${JSON.stringify(facts)}`,
      );
    }
  }
}

function countsOf({ pack: own, tableOn }: Policy): bigint[] {
  const { space, within } = buildProving(tableOn(testDay), own);
  return space.diagrams.count(within);
}

test('whichever rule is widened by a step, it is named; as responsible wherever an answer changes', () => {
  const comparer = createComparer(policy);
  let responsible = 0;
  const silent: string[] = [];
  for (const rule of pack.rules) {
    const verdict = widened(rule);
    if (verdict === null) continue;
    const after = withRule(rule.id, { verdict });
    const diff = comparer.diff(after, { from: testDay, isOneDay: true });
    const isNamed = changesOf(diff).every(({ causes }) => causes.some(({ id }) => id === rule.id));
    assert.ok(isNamed, `${rule.id} is not named`);
    checkExamples(diff, after);
    if (changesOf(diff).length > 0) responsible++;
    else {
      silent.push(rule.id);
      const other = diff.others.find(({ kind, id }) => kind === 'rule' && id === rule.id);
      assert.deepEqual(
        other?.fields,
        [{ name: 'verdict', before: String(rule.verdict), after: verdict }],
        rule.id,
      );
    }
  }
  assert.ok(responsible > 90, `only ${responsible} rules matter`);
  // What changes nothing changes nothing when everything is counted anew, either.
  const before = countsOf(policy).filter((_, terminal) => terminal > 1);
  for (const id of silent) {
    const verdict = widened(pack.rules.find((rule) => rule.id === id) as Rule);
    const after = countsOf(withRule(id, { verdict }));
    assert.deepEqual(
      after.filter((_, terminal) => terminal > 1),
      before,
      id,
    );
  }
});

test('whichever rule is taken out or lets its conditions fall, it is named wherever that changes something', () => {
  const comparer = createComparer(policy);
  const options = { from: testDay, isOneDay: true };
  for (const rule of pack.rules) {
    for (const after of [
      edited({ rules: pack.rules.filter((one) => one !== rule) }),
      // A rule with a verdict is named for that already.
      ...(rule.verdict === null ? [withRule(rule.id, { adds: [] })] : []),
    ]) {
      const diff = comparer.diff(after, options);
      const named = [
        ...changesOf(diff).flatMap(({ causes }) => causes.map(({ kind, id }) => `${kind} ${id}`)),
        ...diff.others.map(({ kind, id }) => `${kind} ${id}`),
      ];
      assert.deepEqual([...new Set(named)], [`rule ${rule.id}`]);
    }
  }
});

test('a tool that is taken off the list shows what becomes of it', () => {
  const listed = [...pack.tools.values()].find(({ id }) => id === 'trello') as Tool;
  const after = withTools((tool) => (tool === listed ? { ...tool, facts: new Map() } : tool));
  const diff = diffed(after);
  checkExamples(diff, after);
  const stricter = diff.tightenings.find(
    ({ name }) => name === 'allowed-with-conditions-to-request-review:trello',
  );
  assert.ok((stricter?.counts[0]?.situations ?? 0n) > 0n);
  assert.deepEqual(
    diff.tools.map(({ id }) => id),
    ['trello'],
  );
  assert.ok(
    (diff.tools[0]?.before['allowed-with-conditions'] ?? 0n) >
      (diff.tools[0]?.after['allowed-with-conditions'] ?? 0n),
  );
  assert.deepEqual(diff.others, []);
});

test('a new tool that no rule names changes no answer', () => {
  const [any] = pack.tools.values();
  const tool = {
    ...(any as Tool),
    id: 'new-tool',
    name: 'New tool',
    facts: new Map(),
    aliases: [],
    domains: [],
  };
  const diff = diffed(edited({ tools: new Map([...pack.tools, [tool.id, tool]]) }));
  assert.deepEqual(changesOf(diff), []);
  assert.deepEqual(diff.others, [{ kind: 'tool', id: 'new-tool', how: 'added', fields: [] }]);
});

test('an end date shows from its day on', () => {
  const diff = diffed(withRule('acceptable-in-2018', { to: '2027-03-31' }));
  assert.deepEqual(
    diff.periods.map(({ from, before }) => [from, before]),
    [
      [testDay, '2027-04-01'],
      ['2027-04-01', null],
    ],
  );
  const [change, ...others] = diff.tightenings;
  assert.equal(change?.name, 'allowed-with-conditions-to-get-guidance:acceptable-in-2018');
  assert.deepEqual(
    change?.counts.map(({ period }) => period),
    [1],
  );
  assert.equal(change?.examples[0]?.example?.rule, 'acceptable-in-2018');
  assert.deepEqual([diff.loosenings, others], [[], []]);
});

test('a rule that is only renamed changes no answer', () => {
  const diff = diffed(withRule('acceptable-in-2018', { id: 'fine-in-2018' }));
  assert.deepEqual(changesOf(diff), []);
  assert.deepEqual(diff.others, [
    { kind: 'rule', id: 'fine-in-2018', how: 'renamed', was: 'acceptable-in-2018', fields: [] },
  ]);
});

test('other words change no answer', () => {
  const diff = diffed(withRule('acceptable-in-2018', { because: 'It is old.', cites: [] }));
  assert.deepEqual(changesOf(diff), []);
  assert.deepEqual(
    diff.others.map(({ kind, id, fields }) => [kind, id, fields.map(({ name }) => name)]),
    [['rule', 'acceptable-in-2018', ['because', 'cites']]],
  );
});

test('another record of an organisation is named', () => {
  const own = pack.organisations.get('hmcts') as Organisation;
  const records = [{ fact: 'localRules', value: 'prohibits', when: new Map() }];
  const after = edited({ organisations: new Map([...pack.organisations, ['hmcts', { ...own, records }]]) });
  const diff = diffed(after);
  checkExamples(diff, after);
  assert.deepEqual(diff.loosenings, []);
  assert.ok(diff.tightenings.every(({ causes }) => causes.length === 1 && causes[0]?.id === 'hmcts'));
  assert.ok(diff.tightenings.some(({ of }) => of.kind === 'verdict' && of.to === 'not-allowed'));
});

test('a value that is new can be compared with nothing, and a fact that is new with everything', () => {
  const value = { id: 'new-value', label: 'New' };
  const withValue = diffed(
    withFacts((fact) => (fact.id === 'audience' ? { ...fact, values: [...fact.values, value] } : fact)),
  );
  assert.deepEqual(changesOf(withValue), []);
  assert.deepEqual(withValue.notes, [
    '`audience` gains `new-value`: there is no answer before to compare with.',
  ]);
  assert.ok((withValue.periods[0]?.gained['not-allowed'] ?? 0n) > 0n);

  const own = pack.facts.get('doubt') as Fact;
  const withFact = diffed(
    edited({ facts: new Map([...pack.facts, ['new-fact', { ...own, id: 'new-fact' }]]) }),
  );
  assert.deepEqual(changesOf(withFact), []);
  assert.equal(withFact.periods[0]?.situations, 2n * (diffed(policy).periods[0]?.situations ?? 0n));
});

test('a fact that applies elsewhere is named for what it changes', () => {
  const after = withFacts((fact) => (fact.id === 'account' ? { ...fact, applies: [] } : fact));
  const diff = diffed(after);
  assert.ok(changesOf(diff).length > 0);
  for (const { causes } of changesOf(diff))
    assert.deepEqual(
      causes.map(({ kind, id }) => `${kind} ${id}`),
      ['fact account'],
    );
});

test('a condition that becomes weaker is a loosening', () => {
  const [id, own] =
    [...pack.conditions].find(([, { kind, strength }]) => kind === 'condition' && strength === 'must') ?? [];
  assert.ok(id !== undefined && own !== undefined);
  const diff = diffed(
    edited({ conditions: new Map([...pack.conditions, [id, { ...own, strength: 'should' }]]) }),
  );
  assert.deepEqual(
    diff.loosenings.map(({ name }) => name),
    [`${id}-weaker:${id}`],
  );
  assert.deepEqual(diff.tightenings, []);
});
