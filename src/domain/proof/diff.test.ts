import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import { notApplicable, otherTool, type Pack, type Rule } from '#domain/policy/pack.ts';
import { isInForce } from '#domain/shared/day.ts';
import { isPermission, severityOf, type Verdict } from '#domain/shared/verdict.ts';
import { smallPolicy, twoSmallPacks } from '#test/support/small-packs.ts';
import { type Change, diffPolicies, type PolicyDiff } from './diff.ts';

const start = '2000-01-01';

type Situation = Readonly<Record<string, string>>;

// The tools that have a word of their own in the comparison.
function toolWords(before: Pack, after: Pack): string[] {
  const named = [before, after].flatMap(({ facts }) => facts.get('tool')?.values.map(({ id }) => id) ?? []);
  const ids = [...new Set([...before.tools.keys(), ...after.tools.keys()])];
  const moved = ids.filter(
    (id) => before.tools.get(id)?.facts.get('kind') !== after.tools.get(id)?.facts.get('kind'),
  );
  return [...new Set([...named, ...moved, otherTool])];
}

// Every situation of a pack, by trying every combination and keeping what the pack says can happen.
function situationsOf(pack: Pack, words: readonly string[]): Situation[] {
  let all: Situation[] = [{}];
  for (const { id, values } of pack.facts.values()) {
    const own = id === 'tool' ? words : [...values.map((value) => value.id), notApplicable];
    all = all.flatMap((situation) => own.map((value) => ({ ...situation, [id]: value })));
  }
  return all.filter((situation) => canHappen(pack, situation, words));
}

function canHappen(pack: Pack, situation: Situation, words: readonly string[]): boolean {
  return [...pack.facts.values()].every((fact) => {
    const value = situation[fact.id] ?? '';
    if (fact.id === 'tool') return true;
    if (!applies(pack, situation, fact.id)) return value === notApplicable;
    if (fact.id === 'organisation') return true;
    if (value === notApplicable) return false;
    if (fact.id === 'kind') return kindsOf(pack, situation.tool ?? '', words).includes(value);
    if (fact.id === 'local') {
      if (situation.organisation === notApplicable) return true;
      const [record] = pack.organisations.get(situation.organisation ?? '')?.records ?? [];
      return value === (record?.value ?? fact.default);
    }
    if (fact.id === 'risk')
      return value === (meets(fact.table[0]?.when ?? new Map(), situation) ? 'high' : 'low');
    return true;
  });
}

function kindsOf(pack: Pack, tool: string, words: readonly string[]): string[] {
  const fact = pack.facts.get('kind');
  const free = [fact?.default ?? '', ...(fact?.mayBeStated ?? [])];
  if (tool !== otherTool) {
    const recorded = pack.tools.get(tool)?.facts.get('kind');
    // What may be stated only in part may be stated only of tools outside the catalogue.
    return recorded === undefined ? (fact?.isOnlyForOutside ? [fact.default ?? ''] : free) : [recorded];
  }
  const others = [...pack.tools.values()].filter(({ id }) => !words.includes(id));
  return [...free, ...others.flatMap(({ facts }) => facts.get('kind') ?? [])];
}

function applies(pack: Pack, situation: Situation, id: string): boolean {
  const whens = pack.facts.get(id)?.applies ?? [];
  return whens.length === 0 || whens.some((when) => meets(when, situation));
}

function meets(when: Rule['when'], situation: Situation): boolean {
  return [...when].every(([fact, values]) => values.has(situation[fact] ?? ''));
}

function fits(pack: Pack, situation: Situation): boolean {
  const { fits } = pack.facts.get('purpose') ?? {};
  return (
    fits === undefined || (fits.values.get(situation.kind ?? '') ?? []).includes(situation.purpose ?? '')
  );
}

// Whether somebody who was in the one situation can be in the other after.
function belong(before: Pack, after: Pack, a: Situation, b: Situation): boolean {
  const recorded = ({ tools }: Pack) => tools.get(a.tool ?? '')?.facts.get('kind');
  // What is not recorded is its default, unless somebody claims another value.
  const isUsual = (pack: Pack, situation: Situation) =>
    recorded(pack) !== undefined || situation.kind === pack.facts.get('kind')?.default;
  return [...before.facts.values()].every(({ id }) => {
    if (id === 'kind' && recorded(before) !== recorded(after)) return isUsual(before, a) && isUsual(after, b);
    if (!after.facts.has(id) || a[id] === b[id]) return true;
    if (id === 'risk') return true;
    if (id === 'local' && a.organisation !== notApplicable) return true;
    return (
      (a[id] === notApplicable && !applies(before, a, id)) ||
      (b[id] === notApplicable && !applies(after, b, id))
    );
  });
}

function decide(pack: Pack, situation: Situation, day: string): { verdict: Verdict; takes: Set<string> } {
  const applying = pack.rules.filter((rule) => isInForce(rule, day) && meets(rule.when, situation));
  const takes = new Set<string>();
  for (const { id, kind } of pack.conditions.values())
    if (kind === 'standing' || (kind === 'condition' && applying.some(({ adds }) => adds.includes(id))))
      takes.add(id);
  const demands = applying.some(({ adds }) =>
    adds.some((id) => pack.conditions.get(id)?.kind === 'condition'),
  );
  const given = applying
    .flatMap(({ verdict }) => verdict ?? [])
    .sort((a, b) => severityOf(b) - severityOf(a));
  const [strictest] = given;
  if (strictest === undefined || !given.some(isPermission))
    return { verdict: strictest ?? 'get-guidance', takes };
  const verdict = strictest === 'allowed' && demands ? 'allowed-with-conditions' : strictest;
  return { verdict, takes };
}

// What the comparison must count, by the name of the change; and what only one side can describe.
function countSlowly(before: Policy, after: Policy, day: string): Map<string, number> {
  const [old, young] = [before.pack, after.pack];
  const words = toolWords(old, young);
  const counts = new Map<string, number>();
  const add = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const a = situationsOf(old, words);
  const b = situationsOf(young, words);
  const reached = new Set<Situation>();
  const known = new Set<Situation>();
  // These always apply, so that only situations with the same of them can belong together.
  const shared = ({ tool, organisation, purpose }: Situation): string => `${tool} ${organisation} ${purpose}`;
  const bShared = Map.groupBy(b, shared);
  for (const one of a) {
    for (const other of bShared.get(shared(one)) ?? []) {
      if (!belong(old, young, one, other)) continue;
      reached.add(other);
      known.add(one);
      if (!fits(old, one) && !fits(young, other)) continue;
      add('compared');
      const was = decide(old, one, day);
      const is = decide(young, other, day);
      if (was.verdict !== is.verdict) add(`${was.verdict}-to-${is.verdict}`);
      if (!isPermission(was.verdict) || !isPermission(is.verdict)) continue;
      for (const id of was.takes) if (!is.takes.has(id)) add(`${id}-dropped`);
      for (const id of is.takes) if (!was.takes.has(id)) add(`${id}-added`);
    }
  }
  for (const one of a) if (fits(old, one) && !known.has(one)) add(`lost ${decide(old, one, day).verdict}`);
  for (const other of b)
    if (fits(young, other) && !reached.has(other)) add(`gained ${decide(young, other, day).verdict}`);
  return counts;
}

function countFast(diff: PolicyDiff, period: number): Map<string, number> {
  const counts = new Map<string, number>();
  const set = (name: string, count: bigint | undefined): void => {
    if (count !== undefined && count > 0n) counts.set(name, Number(count));
  };
  const one = diff.periods[period];
  set('compared', one?.situations);
  for (const side of ['lost', 'gained'] as const)
    for (const [verdict, count] of Object.entries(one?.[side] ?? {})) set(`${side} ${verdict}`, count);
  for (const change of [...diff.loosenings, ...diff.tightenings])
    set(nameOf(change), change.counts.find((count) => count.period === period)?.situations);
  return counts;
}

function nameOf({ name }: Change): string {
  return name.split(':')[0] ?? '';
}

test('counts what every situation, tried one by one, counts', () => {
  fc.assert(
    fc.property(twoSmallPacks, ([one, other]) => {
      const [before, after] = [smallPolicy(one), smallPolicy(other)];
      const diff = diffPolicies(before, after, { from: start });
      for (const [index, { from }] of diff.periods.entries())
        assert.deepEqual(
          Object.fromEntries([...countFast(diff, index)].sort()),
          Object.fromEntries([...countSlowly(before, after, from)].sort()),
        );
    }),
    { numRuns: 100 },
  );
});

test('names somebody responsible for every change', () => {
  fc.assert(
    fc.property(twoSmallPacks, ([one, other]) => {
      const diff = diffPolicies(smallPolicy(one), smallPolicy(other), { from: start });
      for (const { name, causes } of [...diff.loosenings, ...diff.tightenings])
        assert.ok(causes.length > 0, name);
    }),
    { numRuns: 100 },
  );
});

test('finds nothing between a policy and itself', () => {
  fc.assert(
    fc.property(twoSmallPacks, ([one]) => {
      const policy = smallPolicy(one);
      const { loosenings, tightenings, tools, others } = diffPolicies(
        policy,
        compilePolicy(policy.pack, 'other'),
        { from: start },
      );
      assert.deepEqual(
        { loosenings, tightenings, tools, others },
        { loosenings: [], tightenings: [], tools: [], others: [] },
      );
    }),
    { numRuns: 50 },
  );
});
