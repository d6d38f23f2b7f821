import { hasBit } from '../decision/bit-set.ts';
import { combineVerdicts } from '../decision/combine-verdicts.ts';
import { decide } from '../decision/decide.ts';
import type { Table, TableFact } from '../decision/table.ts';
import { type Example, otherTool, type Pack, type Rule } from '../policy/pack.ts';
import type { NodeId } from './diagram.ts';
import type { Finding } from './finding.ts';
import { type Proving, preferences } from './proving.ts';
import { both, cubeOf, no, without, yes } from './space.ts';
import { asVerdicts, buildVerdict, joinOf, terminal, terminalOf } from './verdict-diagram.ts';

export type Idle = {
  readonly findings: Finding[];
  /** For each rule whether there is a situation in which it applies. */
  readonly applying: readonly boolean[];
};

/** Rules that never apply, and rules whose absence no situation would notice. */
export function findIdleRules(proving: Proving): Idle {
  const { space, table } = proving;
  const regions = table.tests.map((tests) =>
    both(space.diagrams, cubeOf(space, tests, yes, no), space.possible),
  );
  const findings: Finding[] = [];
  for (const [rule, one] of table.rules.entries()) {
    if (regions[rule] === no)
      findings.push(aboutRule(one, 'never-applies', `the rule \`${one.id}\` can never apply`));
    else if (!isNoticed(proving, rule, regions[rule] as NodeId))
      findings.push(
        aboutRule(
          one,
          'never-decides',
          `the rule \`${one.id}\` never decides a verdict and adds nothing of its own`,
        ),
      );
  }
  return { findings, applying: regions.map((region) => region !== no) };
}

/** Whether some situation of the region would have another verdict, or take something else, without the rule. */
function isNoticed(proving: Proving, rule: number, region: NodeId): boolean {
  return (
    hasWitness(proving, rule, region) ||
    changesVerdict(proving, rule, region) ||
    addsAlone(proving, rule, region)
  );
}

// Most rules are noticed in the first situation that comes to mind: the ordinary one, or one of their own examples.
function hasWitness({ space, table, pack }: Proving, rule: number, region: NodeId): boolean {
  const { examples } = table.rules[rule] as Rule;
  const usual = preferences(space);
  for (const facts of [new Map<string, string>(), ...examples.map((example) => factsOf(pack, example))]) {
    const preferred = usual.map((list, place) => {
      const { fact, numberOf } = table.facts[space.order[place] as number] as TableFact;
      const value = facts.get(fact.id);
      if (value === undefined) return list;
      const number =
        numberOf.get(value) ?? (fact.valuesFrom === 'tools' ? numberOf.get(otherTool) : undefined);
      return number === undefined ? list : [number, ...list];
    });
    const values = space.diagrams.findOne(region, yes, preferred);
    if (values === null) return false;
    const situation = table.facts.map((_, fact) => values[space.placeOf[fact] as number] as number);
    if (isMissed(table, rule, situation, (id) => pack.conditions.get(id)?.kind === 'standing')) return true;
  }
  return false;
}

// What an example states, and what the catalogue holds of the tool that it names.
function factsOf(pack: Pack, { facts }: Example): Map<string, string> {
  const stated = Object.entries(facts).map(([fact, value]) => [fact, String(value)] as const);
  const tool = stated.find(([fact]) => pack.facts.get(fact)?.valuesFrom === 'tools')?.[1] ?? '';
  return new Map([...(pack.tools.get(tool)?.facts ?? []), ...stated]);
}

function isMissed(
  table: Table,
  rule: number,
  situation: readonly number[],
  isStanding: (id: string) => boolean,
): boolean {
  const { verdict, rules } = decide(table, situation);
  const others = rules.filter((one) => one !== rule);
  const held = new Set(others.flatMap((one) => table.adds[one] ?? []));
  if ((table.adds[rule] ?? []).some((added) => !held.has(added) && !isStanding(table.additions[added] ?? '')))
    return true;
  const without = combineVerdicts({
    strictest: Math.max(-1, ...others.map((one) => table.severities[one] as number)),
    isPermitted: others.some((one) => hasBit(table.permissions, one)),
    hasConditions: others.some((one) => hasBit(table.conditional, one)),
  });
  return without !== verdict;
}

// Whether a verdict somewhere in the region would be another without the rule.
function changesVerdict({ space, table }: Proving, rule: number, region: NodeId): boolean {
  const { diagrams } = space;
  // Outside the region everything is settled already, so that only what meets it there is joined.
  const outside = diagrams.map(region, [terminal.notAllowed, terminal.nothing, no, no, no, no, no, no]);
  const others = [...table.rules.keys()].filter((other) => other !== rule && canMeet(table, rule, other));
  const before = buildVerdict(space, others, undefined, outside);
  const own = terminalOf(table.rules[rule] as Rule, hasBit(table.conditional, rule));
  const after = joinOf(space, before, cubeOf(space, table.tests[rule] ?? [], own, terminal.nothing));
  return asVerdicts(space, before) !== asVerdicts(space, after);
}

/** Whether the rule adds something somewhere in the region that no other rule adds there. */
export function addsAlone({ space, table, pack }: Proving, rule: number, region: NodeId): boolean {
  const others = [...table.rules.keys()].filter((other) => other !== rule && canMeet(table, rule, other));
  return (table.adds[rule] ?? []).some((added) => {
    if (pack.conditions.get(table.additions[added] ?? '')?.kind === 'standing') return false;
    let alone = region;
    for (const other of others)
      if (alone !== no && table.adds[other]?.includes(added))
        alone = without(space.diagrams, alone, cubeOf(space, table.tests[other] ?? [], yes, no));
    return alone !== no;
  });
}

/** Whether two rules can apply together, as far as their own tests say. */
export function canMeet(table: Table, a: number, b: number): boolean {
  const theirs = table.tests[b] ?? [];
  return (table.tests[a] ?? []).every(({ fact, bits }) =>
    theirs.every((test) => test.fact !== fact || (test.bits & bits) !== 0),
  );
}

function aboutRule(rule: Rule, kind: 'never-applies' | 'never-decides', text: string): Finding {
  return {
    kind,
    about: [rule.id],
    text,
    situation: null,
    situations: null,
    acknowledged: rule.acknowledged.get(kind) ?? null,
  };
}

/** Conditions and next steps that no rule which can apply ever adds. */
export function findUnreachedConditions({ pack, table }: Proving, { applying }: Idle): Finding[] {
  const reached = new Set(pack.silence.adds);
  for (const [rule, one] of table.rules.entries())
    if (applying[rule]) for (const id of one.adds) reached.add(id);
  return [...pack.conditions.values()]
    .filter(({ id, kind }) => kind !== 'standing' && !reached.has(id))
    .map(
      ({ id, acknowledged }): Finding => ({
        kind: 'never-reached',
        about: [id],
        text: `the condition \`${id}\` never reaches anybody`,
        situation: null,
        situations: 0n,
        acknowledged: acknowledged.get('never-reached') ?? null,
      }),
    );
}
