import { hasBit } from '../decision/bit-set.ts';
import { noVerdict } from '../decision/table.ts';
import { canonicalText } from '../policy/canonical.ts';
import type { Condition, Pack, Rule } from '../policy/pack.ts';
import { severityOf, type Verdict } from '../shared/verdict.ts';
import type { NodeId } from './diagram.ts';
import { cubeOf, either, no, type Space, without, yes } from './space.ts';

/** What one rule says on one side: where it applies, how strict it is there, and which conditions it adds. */
export type RuleSide = {
  readonly cube: NodeId;
  readonly severity: number;
  readonly addsConditions: boolean;
  readonly adds: readonly string[];
};

/** A rule that says something else, or somewhere else, after. Null: it is not there, or not in force. */
export type OtherRule = {
  readonly id: string;
  /** Where the rule itself is as it was: the conditions it adds that are not. */
  readonly conditions: readonly string[];
  readonly before: RuleSide | null;
  readonly after: RuleSide | null;
};

/** The rules in force that differ between two sides, other than by their words. A rule that only has a new id is none. */
export function otherRules(before: Space, after: Space): OtherRule[] {
  const old = rulesById(before);
  const young = rulesById(after);
  const gone = [...old.keys()].filter((id) => !young.has(id));
  const come = [...young.keys()].filter((id) => !old.has(id));
  const renamed = new Set<string>();
  for (const id of gone) {
    const other = come.find((one) => !renamed.has(one) && young.get(one)?.meaning === old.get(id)?.meaning);
    if (other !== undefined) renamed.add(id).add(other);
  }
  return [...new Set([...old.keys(), ...young.keys()])].flatMap((id) => {
    const was = old.get(id);
    const is = young.get(id);
    if (renamed.has(id) || was?.meaning === is?.meaning) return [];
    return [
      {
        id,
        conditions: otherConditions(before, after, was?.number, is?.number),
        before: was === undefined ? null : ruleSide(before, was.number),
        after: is === undefined ? null : ruleSide(after, is.number),
      },
    ];
  });
}

/** What a rule decides, as text: when it applies, its verdict, and the conditions it adds with what they are. */
export function ruleMeaning(rule: Rule, { conditions }: Pack): string {
  const adds = rule.adds.flatMap((id) => {
    const condition = conditions.get(id);
    return condition === undefined || condition.kind === 'next-step' ? [] : [conditionMeaning(condition)];
  });
  return canonicalText({ when: rule.when, verdict: rule.verdict, adds: adds.sort() });
}

/** What makes a condition another one, as text. Its wording does not. */
export function conditionMeaning({ id, kind, strength }: Condition): string {
  return `${id} ${kind} ${strength}`;
}

/**
 * Where a rule can be why a verdict changed: on the stricter side it held more than is held on the milder one; or on the milder
 * side it permits what it did not.
 */
export function whereItExplains(
  space: Space,
  { before, after }: OtherRule,
  from: Verdict,
  to: Verdict,
): NodeId {
  return severityOf(to) < severityOf(from)
    ? whereItLoosens(space, before, after, severityOf(from), severityOf(to))
    : whereItLoosens(space, after, before, severityOf(to), severityOf(from));
}

/** Where a rule adds a condition on one side only. */
export function whereItAdds(space: Space, { before, after }: OtherRule, condition: string): NodeId {
  const old = before?.adds.includes(condition) ? before.cube : no;
  const young = after?.adds.includes(condition) ? after.cube : no;
  return either(space.diagrams, without(space.diagrams, old, young), without(space.diagrams, young, old));
}

/** Where a rule applies on one of the sides. */
export function whereItApplies({ diagrams }: Space, { before, after }: OtherRule): NodeId {
  return either(diagrams, before?.cube ?? no, after?.cube ?? no);
}

type Maybe = RuleSide | null;

function whereItLoosens({ diagrams }: Space, strict: Maybe, mild: Maybe, from: number, to: number): NodeId {
  const parts: [Maybe, boolean][] = [];
  const held = strict?.severity ?? noVerdict;
  if (held >= guidance && held > to) parts.push([strict, (mild?.severity ?? noVerdict) >= held]);
  if (to < guidance && from >= guidance && isPermission(mild)) parts.push([mild, isPermission(strict)]);
  if (to === 0 && demands(strict)) parts.push([strict, demands(mild)]);
  let node: NodeId = no;
  for (const [side, isOnBoth] of parts) {
    const other = side === strict ? mild : strict;
    const part = without(diagrams, side?.cube ?? no, isOnBoth ? (other?.cube ?? no) : no);
    node = either(diagrams, node, part);
  }
  return node;
}

function isPermission(side: Maybe): boolean {
  return side !== null && side.severity >= 0 && side.severity < guidance;
}

function demands(side: Maybe): boolean {
  return side !== null && (side.addsConditions || side.severity === severityOf('allowed-with-conditions'));
}

const guidance = severityOf('get-guidance');

function rulesById({ table, pack }: Space): Map<string, { number: number; meaning: string }> {
  return new Map(
    table.rules.map((rule, number) => [rule.id, { number, meaning: ruleMeaning(rule, pack) }] as const),
  );
}

function otherConditions(before: Space, after: Space, was?: number, is?: number): string[] {
  const old = was === undefined ? undefined : before.table.rules[was];
  const young = is === undefined ? undefined : after.table.rules[is];
  if (old === undefined || young === undefined) return [];
  const own = (rule: Rule): string => canonicalText([rule.when, rule.verdict, rule.adds.toSorted()]);
  if (own(old) !== own(young)) return [];
  const meaning = ({ pack }: Space, id: string): string | undefined => {
    const condition = pack.conditions.get(id);
    return condition === undefined ? undefined : conditionMeaning(condition);
  };
  return old.adds.filter((id) => meaning(before, id) !== meaning(after, id));
}

function ruleSide(space: Space, number: number): RuleSide {
  const { table, pack } = space;
  const rule = table.rules[number] as Rule;
  return {
    cube: cubeOf(space, table.tests[number] ?? [], yes, no),
    severity: table.severities[number] as number,
    addsConditions: hasBit(table.conditional, number),
    adds: rule.adds.filter((id) => pack.conditions.get(id)?.kind === 'condition'),
  };
}
