import { hasBit } from '../decision/bit-set.ts';
import type { Condition, Pack, Rule } from '../policy/pack.ts';
import { verdicts as allVerdicts, severityOf, type Verdict } from '../shared/verdict.ts';
import type { Diagrams, Join, NodeId } from './diagram.ts';
import type { Joint } from './diff-joint.ts';
import {
  conditionMeaning,
  type OtherRule,
  otherRules,
  whereItAdds,
  whereItApplies,
  whereItExplains,
} from './diff-rules.ts';
import type { Verdicts } from './diff-situations.ts';
import { restrict } from './proving.ts';
import { both, cubeOf, either, no, type Space, without, yes } from './space.ts';
import { buildVerdict, joinVerdicts, terminal, terminalOf, verdictAt } from './verdict-diagram.ts';

/** What changes: the verdict, or what a permission takes. */
export type ChangeOf =
  | { readonly kind: 'verdict'; readonly from: Verdict; readonly to: Verdict }
  | {
      readonly kind: 'condition';
      readonly condition: string;
      readonly how: 'dropped' | 'added' | 'weaker' | 'stronger';
    };

/** Why it changes, as far as the packs say. */
export type Cause = {
  readonly kind: 'rule' | 'condition' | 'tool' | 'organisation' | 'fact';
  readonly id: string;
  /** In how many of the changed situations it plays a part. */
  readonly situations: bigint;
};

/** One kind of change, within one group of tools and one period. */
export type FoundChange = {
  readonly of: ChangeOf;
  readonly region: NodeId;
  readonly situations: bigint;
  /** The cause with the most situations first; each with where it plays a part. */
  readonly causes: readonly (Cause & { readonly where: NodeId })[];
};

/** Whether somebody is let do more than before: a milder verdict, or a condition that falls away or gets weaker. */
export function isLoosening(of: ChangeOf): boolean {
  return of.kind === 'verdict'
    ? severityOf(of.to) < severityOf(of.from)
    : of.how === 'dropped' || of.how === 'weaker';
}

/** Everything that changes in the pairs of a joint, with the rules of one day on each side. */
export function findChanges(
  joint: Joint,
  before: Space,
  after: Space,
): { readonly changes: FoundChange[]; readonly verdicts: Verdicts | null } {
  const rules = otherRules(before, after);
  const where = whereToLook(joint, before, after, rules);
  if (where === no) return { changes: [], verdicts: null };
  const verdicts: Verdicts = { before, after, ...verdictsWithin(joint, before, after, rules, where) };
  const finding: Finding = { joint, rules, verdicts };
  return { changes: [...findVerdictChanges(finding), ...findConditionChanges(finding)], verdicts };
}

/** How many situations of one side get each verdict. */
export function countVerdicts(space: Space, where: NodeId): Record<Verdict, bigint> {
  return countsOf(space.diagrams, where === no ? terminal.impossible : verdictOnly(space, where));
}

/** For each tool of a joint how many of its pairs get each verdict, before and after. */
export function countByTool(
  { group, diagrams, after: { space } }: Joint,
  { wasVerdict, isVerdict }: Verdicts,
): { readonly id: string; readonly before: VerdictCounts; readonly after: VerdictCounts }[] {
  const tool = space.table.facts.find(({ fact }) => fact.valuesFrom === 'tools');
  if (tool === undefined) return [];
  return group.names.map((id) => {
    const bits = 1 << (tool.numberOf.get(id) ?? 31);
    const where = cubeOf(space, [{ fact: tool.index, bits }], yes, no);
    const within = (verdict: NodeId): VerdictCounts => countsOf(diagrams, restrict(space, verdict, where));
    return { id, before: within(wasVerdict), after: within(isVerdict) };
  });
}

export type VerdictCounts = Readonly<Record<Verdict, bigint>>;

function countsOf(diagrams: Diagrams, node: NodeId): Record<Verdict, bigint> {
  const counts = Object.fromEntries(allVerdicts.map((verdict) => [verdict, 0n])) as Record<Verdict, bigint>;
  for (const [at, count] of diagrams.count(node).entries()) {
    const verdict = verdictAt(at);
    if (verdict !== null) counts[verdict] += count;
  }
  return counts;
}

type Finding = { readonly joint: Joint; readonly rules: readonly OtherRule[]; readonly verdicts: Verdicts };

// Where both packs have the same situations, nothing changes outside the rules that differ.
function whereToLook(joint: Joint, before: Space, after: Space, rules: readonly OtherRule[]): NodeId {
  if (!joint.hasSameSituations || standing(before.pack) !== standing(after.pack)) return joint.compared;
  if (rules.length > mostCubes) return joint.compared;
  let where: NodeId = no;
  for (const rule of rules) where = either(joint.diagrams, where, whereItApplies(before, rule));
  return both(joint.diagrams, joint.compared, where);
}

// Of so many rules the union is no smaller than everything.
const mostCubes = 24;

function verdictsWithin(
  joint: Joint,
  before: Space,
  after: Space,
  others: readonly OtherRule[],
  where: NodeId,
): Pick<Verdicts, 'wasVerdict' | 'isVerdict'> {
  const { diagrams } = joint;
  if (where === joint.compared) {
    // What all rules make is small by itself; cut down first, it would be as large as what it is cut down to.
    const [was, is] = [before, after].map((space) =>
      restrict(space, buildVerdict(space, [...space.table.rules.keys()]), where),
    ) as [NodeId, NodeId];
    return { wasVerdict: diagrams.map(was, plain), isVerdict: diagrams.map(is, plain) };
  }
  const other = new Set(others.map(({ id }) => id));
  const shared = addRules(after, onlyWhere(diagrams, where), ({ id }) => !other.has(id));
  const add = (space: Space): NodeId =>
    diagrams.map(
      addRules(space, shared, ({ id }) => other.has(id)),
      plain,
    );
  return { wasVerdict: add(before), isVerdict: add(after) };
}

// What the rules amount to where a 0/1 diagram is 1, built for no more than that; impossible elsewhere.
function verdictOnly(space: Space, where: NodeId): NodeId {
  return addRules(space, onlyWhere(space.diagrams, where), () => true);
}

function onlyWhere(diagrams: Diagrams, where: NodeId): NodeId {
  return diagrams.map(where, [terminal.impossible, terminal.nothing, no, no, no, no, no, no]);
}

function addRules(
  { diagrams, table, placeOf }: Space,
  start: NodeId,
  isMeant: (rule: Rule) => boolean,
): NodeId {
  let node = start;
  for (const [number, rule] of table.rules.entries()) {
    if (!isMeant(rule)) continue;
    const own = terminalOf(rule, hasBit(table.conditional, number));
    const cube = cubeOf({ diagrams, placeOf }, table.tests[number] ?? [], own, terminal.nothing);
    node = diagrams.combine(node, cube, joinVerdicts, terminal.impossible, terminal.nothing);
  }
  return node;
}

// Silence and a rule that asks for guidance are one verdict.
const plain: readonly NodeId[] = [
  terminal.guidance,
  terminal.guidance,
  terminal.allowed,
  terminal.withConditions,
  terminal.guidance,
  terminal.review,
  terminal.notAllowed,
  terminal.impossible,
];

const terminals = plain.length;

const differ: Join = Int32Array.from({ length: terminals * terminals }, (_, pair) => {
  const [a, b] = [Math.floor(pair / terminals), pair % terminals];
  return a === b || a === terminal.impossible || b === terminal.impossible ? no : yes;
});

function findVerdictChanges(finding: Finding): FoundChange[] {
  const { joint, verdicts } = finding;
  const { diagrams } = joint;
  const changed = diagrams.combine(verdicts.wasVerdict, verdicts.isVerdict, differ);
  const found: FoundChange[] = [];
  for (const [own, from] of verdictTerminals) {
    const part = both(diagrams, changed, whereIs(diagrams, verdicts.wasVerdict, own));
    if (part === no) continue;
    for (const [other, to] of verdictTerminals) {
      const region = own === other ? no : both(diagrams, part, whereIs(diagrams, verdicts.isVerdict, other));
      if (region === no) continue;
      const of: ChangeOf = { kind: 'verdict', from, to };
      found.push(explained(finding, of, region, (rule) => whereItExplains(verdicts.before, rule, from, to)));
    }
  }
  return found;
}

const verdictTerminals: readonly (readonly [NodeId, Verdict])[] = [
  [terminal.allowed, 'allowed'],
  [terminal.withConditions, 'allowed-with-conditions'],
  [terminal.guidance, 'get-guidance'],
  [terminal.review, 'request-review'],
  [terminal.notAllowed, 'not-allowed'],
];

function whereIs(diagrams: Diagrams, node: NodeId, one: NodeId): NodeId {
  return diagrams.map(
    node,
    plain.map((_, other) => (other === one ? yes : no)),
  );
}

// Conditions count where somebody may go ahead before and after.
function findConditionChanges(finding: Finding): FoundChange[] {
  const { joint, verdicts } = finding;
  const { diagrams } = joint;
  const isPermitted = (node: NodeId): NodeId =>
    either(
      diagrams,
      whereIs(diagrams, node, terminal.allowed),
      whereIs(diagrams, node, terminal.withConditions),
    );
  const permitted = both(diagrams, isPermitted(verdicts.wasVerdict), isPermitted(verdicts.isVerdict));
  if (permitted === no) return [];
  return conditionsToLookAt(finding).flatMap((id) => changesOfCondition(finding, permitted, id));
}

function conditionsToLookAt({ joint, rules, verdicts: { before, after } }: Finding): string[] {
  const all = [...new Set([...before.pack.conditions.keys(), ...after.pack.conditions.keys()])];
  if (!joint.hasSameSituations) return all;
  const added = new Set(rules.flatMap((rule) => [...(rule.before?.adds ?? []), ...(rule.after?.adds ?? [])]));
  return all.filter((id) => added.has(id) || meaningOf(before.pack, id) !== meaningOf(after.pack, id));
}

function changesOfCondition(finding: Finding, permitted: NodeId, id: string): FoundChange[] {
  const { joint, verdicts } = finding;
  const { diagrams } = joint;
  const was = both(diagrams, permitted, presence(verdicts.before, permitted, id));
  const is = both(diagrams, permitted, presence(verdicts.after, permitted, id));
  const change = (how: Extract<ChangeOf, { kind: 'condition' }>['how'], region: NodeId): FoundChange[] =>
    region === no
      ? []
      : [
          explained(finding, { kind: 'condition', condition: id, how }, region, (rule) =>
            whereItAdds(verdicts.before, rule, id),
          ),
        ];
  const steps = strengthOf(verdicts.after.pack, id) - strengthOf(verdicts.before.pack, id);
  return [
    ...change('dropped', without(diagrams, was, is)),
    ...change('added', without(diagrams, is, was)),
    ...(steps === 0 ? [] : change(steps > 0 ? 'weaker' : 'stronger', both(diagrams, was, is))),
  ];
}

// Where a condition has to be met. A standing duty always has to.
function presence(space: Space, within: NodeId, id: string): NodeId {
  const kind = space.pack.conditions.get(id)?.kind;
  if (kind === 'standing') return yes;
  if (kind !== 'condition') return no;
  const { diagrams, table } = space;
  let node: NodeId = no;
  for (const [rule, { adds }] of table.rules.entries()) {
    if (adds.includes(id))
      node = either(diagrams, node, both(diagrams, within, cubeOf(space, table.tests[rule] ?? [], yes, no)));
  }
  return node;
}

const strengths: readonly Condition['strength'][] = ['must', 'should', 'good idea'];

function strengthOf({ conditions }: Pack, id: string): number {
  const strength = conditions.get(id)?.strength;
  return strength === undefined ? 0 : strengths.indexOf(strength);
}

function explained(
  { joint, rules, verdicts }: Finding,
  of: ChangeOf,
  region: NodeId,
  partOf: (rule: OtherRule) => NodeId,
): FoundChange {
  const { diagrams } = joint;
  const parts = new Map<string, { kind: Cause['kind']; id: string; where: NodeId }>();
  const add = (kind: Cause['kind'], id: string, where: NodeId): void => {
    const known = parts.get(`${kind} ${id}`);
    parts.set(`${kind} ${id}`, { kind, id, where: either(diagrams, known?.where ?? no, where) });
  };
  let rest = region;
  for (const rule of rules) {
    const where = both(diagrams, region, partOf(rule));
    if (where === no) continue;
    rest = without(diagrams, rest, where);
    // The rule may be as it was, and only a condition that it adds be another one.
    if (rule.conditions.length === 0) add('rule', rule.id, where);
    else for (const id of rule.conditions) add('condition', id, where);
  }
  if (of.kind === 'condition' && rest !== no && isOtherCondition(verdicts, of.condition)) {
    add('condition', of.condition, rest);
    rest = no;
  }
  for (const { kind, id, where } of givenCauses(joint, rest)) add(kind, id, where);
  const causes = [...parts.values()]
    .map((part) => ({ ...part, situations: countOf(diagrams, part.where) }))
    .sort((a, b) =>
      a.situations < b.situations ? 1 : a.situations > b.situations ? -1 : a.id < b.id ? -1 : 1,
    );
  return { of, region, situations: countOf(diagrams, region), causes };
}

// What no rule explains follows from what is recorded, or from when facts apply.
function givenCauses(joint: Joint, region: NodeId): { kind: Cause['kind']; id: string; where: NodeId }[] {
  if (joint.hasSameSituations || region === no) return [];
  const { diagrams, group, otherKeys, otherFacts } = joint;
  const { space } = joint.after;
  let rest = region;
  const found: { kind: Cause['kind']; id: string; where: NodeId }[] = [];
  const look = (kind: Cause['kind'], id: string, fact: string | undefined, value: string): void => {
    const entry = space.table.facts.find((one) => one.fact.id === fact);
    const bits = 1 << (entry?.numberOf.get(value) ?? 31);
    const where =
      entry === undefined
        ? no
        : both(diagrams, region, cubeOf(space, [{ fact: entry.index, bits }], yes, no));
    if (where === no) return;
    found.push({ kind, id, where });
    rest = without(diagrams, rest, where);
  };
  const tool = space.table.facts.find(({ fact }) => fact.valuesFrom === 'tools')?.fact.id;
  if (group.isMoved) for (const id of group.names) look('tool', id, tool, id);
  for (const { fact, value } of otherKeys) look('organisation', value, fact, value);
  if (rest !== no) for (const id of otherFacts) found.push({ kind: 'fact', id, where: rest });
  return found;
}

function isOtherCondition({ before, after }: Verdicts, id: string): boolean {
  return meaningOf(before.pack, id) !== meaningOf(after.pack, id);
}

function meaningOf({ conditions }: Pack, id: string): string | undefined {
  const condition = conditions.get(id);
  return condition === undefined ? undefined : conditionMeaning(condition);
}

function standing({ conditions }: Pack): string {
  return [...conditions.values()]
    .filter(({ kind }) => kind === 'standing')
    .map(conditionMeaning)
    .sort()
    .join();
}

function countOf(diagrams: Diagrams, node: NodeId): bigint {
  return diagrams.count(node)[yes] ?? 0n;
}
