import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Change,
  changed,
  changesThatCanBeMade,
  findChanges,
  mostChanges,
  mostParts,
} from '#domain/decision/changes.ts';
import { evaluate } from '#domain/decision/evaluate.ts';
import { findOutcome } from '#domain/decision/outcome.ts';
import { parseFacts } from '#domain/decision/parse-facts.ts';
import { findReach } from '#domain/decision/reach.ts';
import type { PossibleChange } from '#domain/policy/pack.ts';
import { isPermission, severityOf, type Verdict } from '#domain/shared/verdict.ts';
import { answerTo, completed, testDay, testNeeds } from '#test/support/guidance.ts';
import { answerQuestion } from '#usecases/answer-question.ts';
import { statedFacts } from './situations.ts';

const needs = await testNeeds();
const policy = needs.policy();
const { pack } = policy;
const table = policy.tableOn(testDay);

type Facts = Readonly<Record<string, string | boolean>>;

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

function changesFor(facts: Readonly<Record<string, unknown>>): Change[] {
  const answered = answerQuestion(needs, { facts });
  assert.equal(answered.outcome, 'ok');
  return answered.outcome === 'ok' ? findChanges(policy, answered.stated, answered.match, testDay) : [];
}

function shownFor(facts: Facts): string[] {
  return changesFor(facts).map(({ text, isEnough }) => (isEnough ? text : `not enough: ${text}`));
}

// Every set of changes there is, smallest first, each answered: what is found must be the first that pass of these.
function tryEverything(facts: Readonly<Record<string, string>>): string[] {
  const { stated } = parseFacts(pack, facts);
  const name = stated.get('tool');
  const found = name === undefined ? undefined : policy.catalogue.find(name);
  const situation = { stated, tool: found?.ok ? found.match.tool : undefined };
  const evaluation = evaluate(table, pack, situation);
  if (evaluation.problems.length > 0 || isPermission(findOutcome(table, evaluation).best)) return [];
  const possible = changesThatCanBeMade(table, pack, situation, evaluation);
  const passing: PossibleChange[][] = [];
  for (let size = 1; size <= mostParts; size++) {
    for (const parts of choose(possible, size)) {
      if (passing.some((smaller) => smaller.every((part) => parts.includes(part))) || contradicts(parts))
        continue;
      if (findReach(table, pack, changed(pack, situation, parts)) !== null) passing.push(parts);
    }
  }
  return passing.slice(0, mostChanges).map((parts) => parts.map(({ say }) => say).join(' + '));
}

function choose<T>(from: readonly T[], count: number): T[][] {
  if (count === 0) return [[]];
  return from.flatMap((first, place) =>
    choose(from.slice(place + 1), count - 1).map((rest) => [first, ...rest]),
  );
}

function contradicts(parts: readonly PossibleChange[]): boolean {
  const sets = parts.flatMap(({ fact, to, with: others }) => [[fact, to] as const, ...others]);
  return sets.some(([fact, value]) => sets.some(([other, its]) => other === fact && its !== value));
}

test('the changes that are found are those that trying every set of changes finds', () => {
  fc.assert(
    fc.property(fc.oneof(statedFacts(pack), statedFacts(pack, 30)), (stated) => {
      if (answerQuestion(needs, { facts: stated }).outcome === 'problems') return;
      const found = changesFor(stated).filter(({ isEnough }) => isEnough);
      assert.deepEqual(
        found.map(({ parts }) => parts.map(({ say }) => say).join(' + ')),
        tryEverything(stated),
        JSON.stringify(stated),
      );
    }),
    { numRuns: 400 },
  );
});

test('a change that is shown gives what it promises, and touches nothing that never changes', () => {
  fc.assert(
    fc.property(fc.oneof(statedFacts(pack), statedFacts(pack, 30)), (stated) => {
      if (answerQuestion(needs, { facts: stated }).outcome === 'problems') return;
      for (const change of changesFor(stated)) {
        const facts = Object.fromEntries(change.facts);
        const answer = answerTo(needs, facts);
        const message = `${change.text}: ${JSON.stringify(stated)}`;
        for (const never of pack.neverChanges) {
          if (pack.aboutTool.has(never)) continue;
          assert.equal(facts[never], stated[never], `${never}, ${message}`);
        }
        assert.equal(answer.settled, change.settled, message);
        if (!change.isEnough) {
          assert.ok(change.inTheWay.length > 0, message);
          assert.ok(severityOf(answer.best) >= severityOf('get-guidance'), message);
        } else if (change.settled) assert.equal(answer.verdict, change.verdict, message);
        // Of a name that nobody knows the kind is asked, and another kind than the assumed one may do even better.
        else assert.ok(severityOf(answerAlong(facts)) <= severityOf(change.verdict), message);
      }
    }),
    { numRuns: 400 },
  );
});

// The mildest verdict that some answers to the questions lead to, asked as the pages ask.
function answerAlong(facts: Readonly<Record<string, string | boolean>>): Verdict {
  const { settled, verdict, best, next } = answerTo(needs, facts);
  if (settled || next === null) return verdict;
  const ends = (
    next.fact === 'tool'
      ? [{ sets: { tool: 'microsoft-teams' } }, { sets: { tool: 'trello' } }]
      : next.options
  ).map(({ sets }) => {
    const more = { ...facts, ...sets };
    return isPermission(answerTo(needs, more).best) ? answerAlong(more) : ('not-allowed' as const);
  });
  for (const end of ['allowed', 'allowed-with-conditions'] as const) if (ends.includes(end)) return end;
  return isPermission(best) ? 'get-guidance' : best;
}

const cases: readonly (readonly [what: string, facts: Facts, shown: readonly string[]])[] = [
  [
    'an account of one’s own',
    { tool: 'trello', purpose: 'collaborate', ...ordinary, account: 'personal' },
    ['Use your own MoJ sign-in'],
  ],
  [
    'a login that several share',
    { tool: 'slack', purpose: 'communicate', ...ordinary, accountShared: true },
    ['Give everybody their own MoJ sign-in'],
  ],
  [
    'a tool that nobody lists',
    { tool: 'miro', purpose: 'collaborate', ...ordinary },
    ['Get a formal approval after a security review'],
  ],
  [
    'information about people in Trello without their consent',
    {
      tool: 'trello',
      purpose: 'store',
      ...ordinary,
      personalData: true,
      storesPersonalData: true,
      personalDataConsent: false,
    },
    [
      'Leave out everything about people',
      'Get agreement in advance from everybody and get your line manager’s go-ahead',
    ],
  ],
  ['SECRET in Slack', { tool: 'slack', purpose: 'communicate', ...ordinary, classification: 'SECRET' }, []],
  [
    'SECRET in an account of one’s own',
    { tool: 'slack', purpose: 'communicate', ...ordinary, classification: 'SECRET', account: 'personal' },
    ['not enough: Use your own MoJ sign-in'],
  ],
  [
    'SECRET in a tool that nobody lists: no review is worth asking for',
    { tool: 'zoom', purpose: 'communicate', ...ordinary, classification: 'SECRET' },
    [],
  ],
  [
    'something that would hurt somebody',
    { tool: 'slack', purpose: 'communicate', ...ordinary, damageOrDistress: true },
    [],
  ],
  [
    'a manager who said no',
    { tool: 'trello', purpose: 'collaborate', ...ordinary, lineManagerGuidance: 'given-refusal' },
    [],
  ],
  [
    'a review that was refused',
    { tool: 'miro', purpose: 'collaborate', ...ordinary, reviewStatus: 'rejected' },
    [],
  ],
  [
    'a marking that nobody knows',
    { tool: 'trello', purpose: 'collaborate', ...ordinary, classification: 'unknown' },
    [],
  ],
  [
    'sharing by email with somebody who has Teams',
    {
      tool: 'moj-email',
      purpose: 'share-transfer',
      ...ordinary,
      audience: 'external',
      teamsPracticable: true,
      cjPracticable: true,
    },
    ['Share it through the MoJ’s own Teams'],
  ],
  [
    'sharing by email with somebody who has CJSM and not Teams',
    {
      tool: 'moj-email',
      purpose: 'share-transfer',
      ...ordinary,
      audience: 'external',
      teamsPracticable: false,
      cjPracticable: true,
    },
    ['Share it through CJSM'],
  ],
  [
    'sharing by email with somebody who has neither',
    {
      tool: 'moj-email',
      purpose: 'share-transfer',
      ...ordinary,
      audience: 'external',
      teamsPracticable: false,
      cjPracticable: false,
    },
    [],
  ],
  [
    'a call without a password',
    { tool: 'slack', purpose: 'video-call', ...ordinary, joinPassword: false },
    ['Set a password for the call'],
  ],
  [
    'deleting before saving',
    { tool: 'trello', purpose: 'delete', ...ordinary, preservedInMojSystem: false },
    ['Save it in an MoJ system first'],
  ],
  [
    'an exam on an MoJ laptop',
    { tool: 'proctoring-software', purpose: 'exam', device: 'moj' },
    ['Use a device of your own with nothing from the MoJ on it'],
  ],
  ['something that went wrong', { tool: 'slack', incident: true }, []],
  ['an answer that is a yes', { tool: 'trello', purpose: 'collaborate', ...ordinary }, []],
  ['an answer that may still be a yes', { tool: 'trello' }, []],
];

for (const [what, facts, shown] of cases)
  test(`what would make it all right: ${what}`, () => assert.deepEqual(shownFor(facts), shown));

test('who else has to agree is named', () => {
  const [review] = changesFor({ tool: 'miro', purpose: 'collaborate', ...ordinary });
  assert.deepEqual(
    review?.parts.map(({ decidedBy }) => decidedBy),
    ['the security team'],
  );
});

test('a change that is not enough names what is left in the way', () => {
  const [change] = changesFor({
    tool: 'slack',
    purpose: 'communicate',
    ...ordinary,
    classification: 'SECRET',
    account: 'personal',
  });
  assert.deepEqual(
    change?.inTheWay.map(({ rule }) => rule),
    ['above-official-in-internet-tool'],
  );
  assert.equal(change?.verdict, 'not-allowed');
});

test('where facts are missing, what can still be reached is said with the pages that remain', () => {
  const [change] = changesFor({ tool: 'trello', purpose: 'collaborate', account: 'personal' });
  assert.equal(change?.settled, false);
  assert.equal(change?.verdict, 'allowed-with-conditions');
  const pages = change?.countPages() ?? 0;
  const facts = Object.fromEntries(change?.facts ?? []);
  assert.ok(pages > 0 && pages < Object.keys(completed(needs, facts)).length, String(pages));
});
