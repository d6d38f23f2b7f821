import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { catalogues, policyWithManyTools } from '#bench/many-tools.ts';
import { seededRandom } from '#bench/random.ts';
import {
  type Alternative,
  factsWithTool,
  findAlternatives,
  findInstead,
  mostAlternatives,
} from '#domain/decision/alternatives.ts';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import type { Pack, Tool } from '#domain/policy/pack.ts';
import { isPermission, severityOf } from '#domain/shared/verdict.ts';
import { answerTo, completed, testDay, testNeeds } from '#test/support/guidance.ts';
import { answerQuestion } from '#usecases/answer-question.ts';
import { statedFacts } from './situations.ts';

const needs = await testNeeds();
const policy = needs.policy();
const { pack } = policy;

const ordinary = {
  account: 'work',
  device: 'moj',
  audience: 'internal',
  classification: 'OFFICIAL',
  sensitive: false,
  personalData: false,
  damageOrDistress: false,
  damagingIfLost: false,
  organisation: 'moj-headquarters',
};

type Find = typeof findAlternatives;

function found(
  facts: Readonly<Record<string, unknown>>,
  find: Find = findAlternatives,
  under: Policy = policy,
): Alternative[] {
  const answered = answerQuestion({ policy: () => under, today: () => testDay }, { facts });
  assert.equal(answered.outcome, 'ok', JSON.stringify(answered));
  return answered.outcome === 'ok' ? find(under, answered.stated, answered.match, testDay) : [];
}

function names(alternatives: readonly Alternative[]): string[] {
  return alternatives.map(({ tool, changes }) => [tool.id, ...changes.map(({ say }) => say)].join(', '));
}

test('an alternative is better, and passes for the same facts', () => {
  fc.assert(
    fc.property(fc.oneof(statedFacts(pack), statedFacts(pack, 30)), (stated) => {
      if (answerQuestion(needs, { facts: stated }).outcome === 'problems') return;
      const now = answerTo(needs, stated);
      const shown = found(stated);
      assert.ok(shown.length <= mostAlternatives);
      for (const { tool, verdict, settled, facts } of shown) {
        const message = `${tool.id} for ${JSON.stringify(stated)}`;
        const answer = answerTo(needs, Object.fromEntries(facts));
        assert.ok(isPermission(verdict) && severityOf(verdict) < severityOf(now.best), message);
        assert.equal(answer.settled, settled, message);
        if (settled) assert.equal(answer.verdict, verdict, message);
        else assert.ok(isPermission(answer.best), message);
        for (const [fact, value] of facts)
          if (fact !== 'tool') assert.equal(value, stated[fact], `${fact} of ${message}`);
      }
      const order = shown.map(({ verdict }) => severityOf(verdict));
      assert.deepEqual(order, order.toSorted(), JSON.stringify(stated));
    }),
    { numRuns: 300 },
  );
});

// The same, tool by tool, without groups: for facts of which nothing is missing.
function oneByOne(facts: Readonly<Record<string, unknown>>, under: Policy = policy): string[] {
  const asking = { policy: () => under, today: () => testDay };
  const answered = answerQuestion(asking, { facts });
  if (answered.outcome === 'problems') return [];
  const { stated, match, answer } = answered;
  const preference = ({ id }: Tool) => (pack.meanwhile.tools.indexOf(id) + 1 || 99) - 1;
  return [...under.pack.tools.values()]
    .filter((tool) => tool.id !== match?.tool?.id && !pack.meanwhile.leavesOut.has(tool.id))
    .filter((tool) => preference(tool) < 98 || tool.task === match?.tool?.task)
    .flatMap((tool) => {
      const purpose = stated.get('purpose');
      if (purpose !== undefined && tool.fits.get('purpose')?.includes(purpose) === false) return [];
      const other = answerQuestion(asking, { facts: Object.fromEntries(factsWithTool(pack, stated, tool)) });
      if (other.outcome === 'problems' || !other.answer.settled) return [];
      const { verdict } = other.answer;
      return isPermission(verdict) && severityOf(verdict) < severityOf(answer.best)
        ? [{ tool, verdict }]
        : [];
    })
    .sort((a, b) => severityOf(a.verdict) - severityOf(b.verdict) || preference(a.tool) - preference(b.tool))
    .map(({ tool }) => tool.id);
}

test('the alternatives that are sure are those that trying every tool finds, in the same order', () => {
  fc.assert(
    fc.property(statedFacts(pack, 30), (stated) => {
      if (answerQuestion(needs, { facts: stated }).outcome === 'problems') return;
      // The ladder and what nothing replaces have cases of their own below.
      if (stated.purpose === 'share-transfer' || stated.purpose === 'delete') return;
      const sure = found(stated).filter(({ settled }) => settled);
      const all = oneByOne(stated);
      assert.deepEqual(names(sure), all.slice(0, sure.length), JSON.stringify(stated));
      if (found(stated).length < mostAlternatives)
        assert.equal(sure.length, all.length, JSON.stringify(stated));
    }),
    { numRuns: 300 },
  );
});

for (const kind of catalogues) {
  test(`the same in a large catalogue: ${kind}`, () => {
    const many = policyWithManyTools(policy, kind, 400, seededRandom(1));
    fc.assert(
      fc.property(statedFacts(pack, 30), (stated) => {
        if (answerQuestion(needs, { facts: stated }).outcome === 'problems') return;
        if (stated.purpose === 'share-transfer' || stated.purpose === 'delete') return;
        const sure = found(stated, findAlternatives, many).filter(({ settled }) => settled);
        assert.deepEqual(names(sure), oneByOne(stated, many).slice(0, sure.length), JSON.stringify(stated));
      }),
      { numRuns: 60 },
    );
  });
}

type Facts = Readonly<Record<string, string | boolean>>;
const outside = { ...ordinary, audience: 'external' };
const cases: readonly (readonly [what: string, facts: Facts, shown: readonly string[]])[] = [
  [
    'a tool that nobody lists',
    { tool: 'miro', purpose: 'collaborate', ...ordinary },
    ['microsoft-teams', 'lucidchart'],
  ],
  [
    'a call with a tool that is closed now',
    { tool: 'zoom', purpose: 'video-call', ...ordinary },
    ['microsoft-teams'],
  ],
  [
    'a message',
    { tool: 'whatsapp', purpose: 'communicate', ...ordinary },
    ['microsoft-teams', 'moj-email', 'telephone', 'slack'],
  ],
  [
    'sharing with somebody who has Teams',
    { tool: 'dropbox', purpose: 'share-transfer', ...outside, teamsPracticable: true },
    ['microsoft-teams'],
  ],
  [
    'sharing with somebody who has CJSM and not Teams',
    {
      tool: 'moj-email',
      purpose: 'share-transfer',
      ...outside,
      teamsPracticable: false,
      cjPracticable: true,
    },
    ['cjsm', 'cjse'],
  ],
  [
    'sharing with somebody who has neither',
    {
      tool: 'moj-email',
      purpose: 'share-transfer',
      ...outside,
      teamsPracticable: false,
      cjPracticable: false,
    },
    [],
  ],
  ['SECRET', { tool: 'slack', purpose: 'communicate', ...ordinary, classification: 'SECRET' }, []],
  ['deleting', { tool: 'trello', purpose: 'delete', ...ordinary, preservedInMojSystem: false }, []],
  ['something that went wrong', { tool: 'slack', incident: true }, []],
  ['a plain yes', { tool: 'moj-email', purpose: 'communicate', ...ordinary }, []],
];

for (const [what, facts, shown] of cases)
  test(`what else could be used: ${what}`, () => assert.deepEqual(names(found(facts)), shown));

test('what can be used today says when it takes another account or device', () => {
  const facts = {
    tool: 'slack',
    purpose: 'communicate',
    ...ordinary,
    account: 'personal',
    device: 'personal',
    sendsWorkMaterialToPersonal: false,
  };
  assert.deepEqual(names(found(facts)), ['telephone']);
  const other = 'use your own MoJ sign-in, use a device that the MoJ gave you';
  assert.deepEqual(names(found(facts, findInstead)), [
    'telephone',
    `microsoft-teams, ${other}`,
    `moj-email, ${other}`,
  ]);
  for (const { settled, verdict, facts: then } of found(facts, findInstead))
    if (settled) assert.equal(answerTo(needs, Object.fromEntries(then)).verdict, verdict);
});

test('what a tool leaves open is counted in pages, and answers lead to the promise', () => {
  const [teams] = found({ tool: 'zoom', purpose: 'communicate', ...ordinary });
  assert.equal(teams?.tool.id, 'microsoft-teams');
  assert.equal(teams?.settled, false);
  assert.equal(teams?.countPages(), 1);
  const facts = completed(needs, Object.fromEntries(teams?.facts ?? []));
  assert.equal(answerTo(needs, facts).verdict, teams?.verdict);
});

test('50,000 tools give the same as the few, for those that are the few', () => {
  const tools = new Map(pack.tools);
  const patterns = [...pack.tools.values()];
  for (let number = 0; number < 50_000; number++) {
    const pattern = patterns[number % patterns.length] as Tool;
    const id = `tool-${number}`;
    tools.set(id, {
      ...pattern,
      id,
      name: `Tool ${number}`,
      aliases: [],
      oldNames: [],
      domains: [],
      task: 'another',
    });
  }
  const many = compilePolicy({ ...pack, tools } as Pack, 'many');
  for (const facts of [
    { tool: 'miro', purpose: 'collaborate', ...ordinary },
    { tool: 'zoom', purpose: 'video-call', ...ordinary },
    { tool: 'slack', purpose: 'communicate', ...ordinary, account: 'personal' },
  ])
    assert.deepEqual(names(found(facts, findAlternatives, many)), names(found(facts)));
});
