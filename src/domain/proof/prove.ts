import { hasBit } from '../decision/bit-set.ts';
import type { Table, TableFact } from '../decision/table.ts';
import { notApplicable, type Pack, type PolicyPromise, type Rule, type When } from '../policy/pack.ts';
import { severityOf, type Verdict, verdicts } from '../shared/verdict.ts';
import type { NodeId } from './diagram.ts';
import { both, buildSpace, cubeOf, either, no, not, type Space, shadowOn, yes } from './space.ts';
import { buildVerdict, isSilence, joinVerdicts, terminal, terminalOf, verdictAt } from './verdict-diagram.ts';

/** One concrete situation, as facts that can be stated: what the catalogue, the register and applicability give is left out. */
export type SituationFacts = Readonly<Record<string, string>>;

/** Something that the proofs found. `acknowledged` is the owner's reason, where there is one. */
export type Finding = {
  readonly kind:
    | 'gap'
    | 'never-decides'
    | 'never-applies'
    | 'never-reached'
    | 'verdict-unreachable'
    | 'overlap';
  /** The rule, condition, verdict or gap it is about; two rules for an overlap. */
  readonly about: readonly string[];
  readonly text: string;
  readonly situation: SituationFacts | null;
  /** How many situations it covers, where that is counted. */
  readonly situations: bigint | null;
  readonly acknowledged: string | null;
};

export type ProvedPromise = {
  readonly promise: PolicyPromise;
  readonly holds: boolean;
  /** The situations the promise speaks of. */
  readonly situations: bigint;
  /** A situation that breaks it, and what the policy says there. */
  readonly broken: { readonly situation: SituationFacts; readonly verdict: Verdict } | null;
};

/** What holds over the whole space of situations of a policy on one day. */
export type Proof = {
  /** Every situation that can happen and that somebody is asked about. */
  readonly situations: bigint;
  readonly byVerdict: Readonly<Record<Verdict, bigint>>;
  readonly promises: readonly ProvedPromise[];
  readonly findings: readonly Finding[];
  readonly nodes: { readonly verdict: number; readonly all: number };
};

/** Told what is being proved, and how far along of the whole (0 to 1). */
export type Progress = (what: string, done: number) => void;

/** The policy of one day as diagrams. */
export type Proving = {
  readonly space: Space;
  readonly pack: Pack;
  readonly table: Table;
  /** What the rules amount to, whatever can happen. */
  readonly verdict: NodeId;
  /** The same where it can happen and fits; `impossible` elsewhere. */
  readonly within: NodeId;
};

/** Compiles the policy into diagrams. Throws `BudgetExceeded` where the rules are too tangled. */
export function buildProving(table: Table, pack: Pack): Proving {
  const space = buildSpace(table, pack, table.order);
  const verdict = buildVerdict(space, [...table.rules.keys()]);
  return { space, pack, table, verdict, within: restrict(space, verdict, space.fitting) };
}

/** Proves everything that `policy prove` reports. */
export function prove(proving: Proving, progress: Progress = () => {}): Proof {
  const { space, within } = proving;
  const { diagrams } = space;
  progress('counting situations', 0.1);
  const counts = diagrams.count(within);
  const byVerdict = Object.fromEntries(verdicts.map((verdict) => [verdict, 0n])) as Record<Verdict, bigint>;
  for (const [node, count] of counts.entries()) {
    const verdict = verdictAt(node);
    if (verdict !== null) byVerdict[verdict] += count;
  }
  progress('promises', 0.2);
  const promises = proving.pack.promises.map((promise) => provePromise(proving, promise));
  progress('gaps', 0.4);
  const gaps = findGaps(proving);
  progress('rules without effect', 0.6);
  const idle = findIdleRules(proving);
  progress('conditions', 0.8);
  const unreached = findUnreachedConditions(proving, idle.applying);
  progress('overlaps', 0.9);
  const overlaps = findOverlaps(proving);
  const missing = verdicts
    .filter((verdict) => byVerdict[verdict] === 0n)
    .map(
      (verdict): Finding => ({
        kind: 'verdict-unreachable',
        about: [verdict],
        text: `no situation gets \`${verdict}\``,
        situation: null,
        situations: 0n,
        acknowledged: null,
      }),
    );
  progress('done', 1);
  return {
    situations: Object.values(byVerdict).reduce((sum, count) => sum + count, 0n),
    byVerdict,
    promises,
    findings: [...gaps, ...idle.findings, ...unreached, ...missing, ...overlaps],
    nodes: { verdict: diagrams.sizeOf(proving.verdict), all: diagrams.sizeOf(within) },
  };
}

/** The diagram with everything outside `where` made `impossible`. */
export function restrict({ diagrams }: Space, verdict: NodeId, where: NodeId): NodeId {
  const outside = diagrams.map(where, [terminal.impossible, terminal.nothing, no, no, no, no, no, no]);
  return diagrams.combine(verdict, outside, joinVerdicts, terminal.impossible);
}

/** The tests of a `when` as a 0/1 diagram. */
export function nodeOf(space: Space, when: When): NodeId {
  const { table } = space;
  const tests = [...when].flatMap(([name, values]) => {
    const entry = table.facts[table.factNumber.get(name) ?? -1];
    if (entry === undefined) return [];
    let bits = 0;
    for (const value of values)
      bits |= value === notApplicable ? entry.naBit : 1 << (entry.numberOf.get(value) ?? 31);
    return [{ fact: entry.index, bits }];
  });
  return cubeOf(space, tests, yes, no);
}

/** One situation in which a 0/1 diagram is 1, as near to ordinary as can be; null where there is none. */
export function exampleOf(space: Space, node: NodeId): SituationFacts | null {
  const values = space.diagrams.findOne(node, yes, preferences(space));
  return values === null ? null : factsOf(space, values);
}

/** A promise ranges over everything that can happen, whether or not it is ever asked. */
function provePromise({ space, pack, table, verdict }: Proving, promise: PolicyPromise): ProvedPromise {
  const { diagrams } = space;
  const region = both(diagrams, nodeOf(space, promise.when), space.possible);
  const isWrong = (one: Verdict | null) =>
    one !== null &&
    ((promise.always.length > 0 && !promise.always.includes(one)) || promise.never.includes(one));
  const wrong = diagrams.map(
    verdict,
    Array.from({ length: 8 }, (_, node) => (isWrong(verdictAt(node)) ? yes : no)),
  );
  let breaking = both(diagrams, region, wrong);
  for (const id of promise.adds) {
    const adding = presenceOf(space, pack, table, id);
    breaking = either(diagrams, breaking, both(diagrams, region, not(diagrams, adding)));
  }
  const values = breaking === no ? null : diagrams.findOne(breaking, yes, preferences(space));
  const found = values === null ? null : verdictAt(diagrams.valueAt(verdict, values));
  return {
    promise,
    holds: values === null,
    situations: diagrams.count(region)[yes] ?? 0n,
    broken: values === null || found === null ? null : { situation: factsOf(space, values), verdict: found },
  };
}

/** Where a condition, next step or duty is added by some rule. */
export function presenceOf(space: Space, pack: Pack, table: Table, id: string): NodeId {
  if (pack.conditions.get(id)?.kind === 'standing') return yes;
  const number = table.additions.indexOf(id);
  let node: NodeId = no;
  for (const [rule, added] of table.adds.entries()) {
    if (added.includes(number))
      node = either(space.diagrams, node, cubeOf(space, table.tests[rule] ?? [], yes, no));
  }
  return node;
}

// What nothing permits and nothing restricts, described by the facts that permissions test.
function findGaps({ space, pack, within, table }: Proving): Finding[] {
  const { diagrams } = space;
  let silent = diagrams.map(
    within,
    Array.from({ length: 8 }, (_, node) => (isSilence(node) ? yes : no)),
  );
  const findings: Finding[] = [];
  for (const gap of pack.gaps) {
    const known = both(diagrams, silent, nodeOf(space, gap.when));
    findings.push({
      kind: 'gap',
      about: [gap.id],
      text: known === no ? `the acknowledged gap \`${gap.id}\` is no gap any more` : gap.because,
      situation: exampleOf(space, known),
      situations: diagrams.count(known)[yes] ?? 0n,
      acknowledged: known === no ? null : (gap.ambiguity ?? gap.because),
    });
    silent = both(diagrams, silent, not(diagrams, known));
  }
  const facts = describedBy(table);
  for (let found = 0; found < mostGaps && silent !== no; found++) {
    const values = diagrams.findOne(silent, yes, preferences(space));
    if (values === null) break;
    const tests = widened(space, shadowOn(space, silent, facts), facts, values);
    const region = both(diagrams, silent, diagrams.cube(tests, yes, no));
    const words = tests
      .map(({ variable, bits }) => wordsOf(space, variable, bits))
      .filter((text) => text !== null);
    findings.push({
      kind: 'gap',
      about: [],
      text: `no rule permits: ${words.join(', ')}`,
      situation: factsOf(space, values),
      situations: diagrams.count(region)[yes] ?? 0n,
      acknowledged: null,
    });
    silent = both(diagrams, silent, not(diagrams, region));
  }
  return findings;
}

type Test = { readonly variable: number; readonly bits: number };

// From one situation to as many like it as one sentence can say: every value that keeps all of them gaps is let in.
function widened(
  { diagrams, placeOf }: Space,
  shadow: NodeId,
  facts: readonly number[],
  values: readonly number[],
): Test[] {
  const tests = facts.map((fact) => ({
    variable: placeOf[fact] as number,
    bits: 1 << (values[placeOf[fact] as number] as number),
  }));
  const outside = not(diagrams, shadow);
  for (const test of tests) {
    for (let value = 0; value < (diagrams.sizes[test.variable] as number); value++) {
      const before = test.bits;
      test.bits |= 1 << value;
      if (both(diagrams, diagrams.cube(tests, yes, no), outside) !== no) test.bits = before;
    }
  }
  return tests;
}

const mostGaps = 25;

// The facts that most permissions test say best what a gap is about.
function describedBy(table: Table): number[] {
  const uses = new Map<number, number>();
  for (const [rule, tests] of table.tests.entries())
    if (hasBit(table.permissions, rule))
      for (const { fact } of tests) uses.set(fact, (uses.get(fact) ?? 0) + 1);
  return [...uses].filter(([, count]) => count >= 3).map(([fact]) => fact);
}

type Idle = { readonly findings: Finding[]; readonly applying: readonly boolean[] };

/** Rules that never apply, and rules whose absence no situation would notice. */
function findIdleRules({ space, pack, table }: Proving): Idle {
  const { diagrams } = space;
  const cubes = table.rules.map((_, rule) =>
    both(diagrams, cubeOf(space, table.tests[rule] ?? [], yes, no), space.possible),
  );
  const applying = cubes.map((cube) => cube !== no);
  const findings: Finding[] = [];
  for (const [rule, one] of table.rules.entries()) {
    if (!applying[rule])
      findings.push(aboutRule(one, 'never-applies', `the rule \`${one.id}\` can never apply`));
  }
  const candidates = [...table.rules.keys()].filter(
    (rule) => applying[rule] && !hasWitness(space, pack, table, cubes, rule),
  );
  for (const rule of candidates) {
    const one = table.rules[rule] as Rule;
    findings.push(
      aboutRule(
        one,
        'never-decides',
        `the rule \`${one.id}\` never decides a verdict and adds nothing of its own`,
      ),
    );
  }
  return { findings, applying };
}

// A situation that notices the rule: without it, the verdict or what it takes would be another.
function hasWitness(space: Space, pack: Pack, table: Table, cubes: readonly NodeId[], rule: number): boolean {
  const { diagrams } = space;
  const here = cubes[rule] as NodeId;
  const one = table.rules[rule] as Rule;
  // Other rules matter only where this one applies, so each is cut down to that before it is joined.
  const others = [...table.rules.keys()].filter((other) => other !== rule && overlaps(table, rule, other));
  for (const id of one.adds) {
    if (pack.conditions.get(id)?.kind === 'standing') continue;
    const number = table.additions.indexOf(id);
    let alone = here;
    for (const other of others)
      if ((table.adds[other] as readonly number[]).includes(number))
        alone = both(diagrams, alone, not(diagrams, cubeOf(space, table.tests[other] ?? [], yes, no)));
    if (alone !== no) return true;
  }
  const own = terminalOf(one, hasBit(table.conditional, rule));
  // Where nothing as strict or stricter applies too, the rule decides.
  let deciding = here;
  for (const other of others) {
    if (deciding === no) return false;
    const theirs = terminalOf(table.rules[other] as Rule, hasBit(table.conditional, other));
    if (joinVerdicts[own * 8 + theirs] === theirs)
      deciding = both(diagrams, deciding, not(diagrams, cubeOf(space, table.tests[other] ?? [], yes, no)));
  }
  if (deciding === no) return false;
  if (own >= terminal.guidance) return own !== terminal.guidance || noticed(space, table, others, deciding);
  return noticedPermission(space, table, others, deciding, own);
}

// A rule that asks for guidance is noticed only where a permission would otherwise stand.
function noticed(space: Space, table: Table, others: readonly number[], where: NodeId): boolean {
  const { diagrams } = space;
  return others.some(
    (other) =>
      hasBit(table.permissions, other) &&
      both(diagrams, where, cubeOf(space, table.tests[other] ?? [], yes, no)) !== no,
  );
}

// A permission is noticed where nothing restricts.
function noticedPermission(
  space: Space,
  table: Table,
  others: readonly number[],
  where: NodeId,
  own: NodeId,
): boolean {
  if (own === terminal.nothing || own === terminal.conditionsOnly) return false;
  const { diagrams } = space;
  let free = where;
  for (const other of others)
    if ((table.severities[other] as number) >= severityOf('get-guidance'))
      free = both(diagrams, free, not(diagrams, cubeOf(space, table.tests[other] ?? [], yes, no)));
  return free !== no;
}

function overlaps(table: Table, a: number, b: number): boolean {
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

function findUnreachedConditions({ pack, table }: Proving, applying: readonly boolean[]): Finding[] {
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

/** A permission and a prohibition that can both apply: right as long as somebody has looked at it. */
function findOverlaps({ space, table }: Proving): Finding[] {
  const { diagrams } = space;
  const findings: Finding[] = [];
  for (const [ban, prohibition] of table.rules.entries()) {
    if (prohibition.verdict !== 'not-allowed') continue;
    for (const [permit, permission] of table.rules.entries()) {
      if (!hasBit(table.permissions, permit) || !overlaps(table, ban, permit)) continue;
      const shared = both(
        diagrams,
        both(
          diagrams,
          cubeOf(space, table.tests[ban] ?? [], yes, no),
          cubeOf(space, table.tests[permit] ?? [], yes, no),
        ),
        space.fitting,
      );
      if (shared === no) continue;
      findings.push({
        kind: 'overlap',
        about: [prohibition.id, permission.id],
        text: `\`${prohibition.id}\` forbids what \`${permission.id}\` permits`,
        situation: exampleOf(space, shared),
        situations: diagrams.count(shared)[yes] ?? 0n,
        acknowledged: prohibition.acknowledged.get('overlaps') ?? null,
      });
    }
  }
  return findings;
}

function preferences({ table, order }: Space): number[][] {
  return order.map((fact) => {
    const entry = table.facts[fact] as TableFact;
    return [entry.fact.ordinary, entry.fact.default].flatMap((value) =>
      value === undefined ? [] : [entry.numberOf.get(value) ?? 0],
    );
  });
}

function wordsOf({ table, order }: Space, variable: number, bits: number): string | null {
  const entry = table.facts[order[variable] as number] as TableFact;
  const values = entry.values.filter((_, number) => bits & (1 << number));
  const named = values.filter((value) => value !== notApplicable);
  return named.length === 0 || values.length === entry.values.length
    ? null
    : `${entry.fact.id} ${named.join(' or ')}`;
}

/** The facts of a situation in numbers by place, as somebody could state them. */
export function factsOf({ table, placeOf }: Space, values: readonly number[]): SituationFacts {
  const facts: Record<string, string> = {};
  for (const entry of table.facts) {
    const value = entry.values[values[placeOf[entry.index] as number] as number] ?? '';
    if (value !== notApplicable) facts[entry.fact.id] = value;
  }
  return facts;
}
