import { evaluate } from '../decision/evaluate.ts';
import { parseFacts } from '../decision/parse-facts.ts';
import type { Policy } from '../decision/policy.ts';
import type { TableFact } from '../decision/table.ts';
import type { Example, Tool } from '../policy/pack.ts';
import type { Verdict } from '../shared/verdict.ts';
import type { NodeId } from './diagram.ts';
import type { Joint } from './diff-joint.ts';
import { type SituationFacts, statableFacts } from './situation.ts';
import { both, cubeOf, no, type Space, without, yes } from './space.ts';
import { verdictAt } from './verdict-diagram.ts';

/** One concrete situation whose answer changes. */
export type ChangedSituation = {
  /** The example of a rule that it is; null where none of them is in the changed region. */
  readonly example: { readonly rule: string; readonly name: string } | null;
  /** What somebody in it would state. */
  readonly facts: SituationFacts;
  readonly before: Verdict;
  readonly after: Verdict;
};

/** An example of a rule as the most ordinary of the situations that it leaves open. */
type PlacedExample = {
  readonly rule: string;
  readonly name: string;
  readonly values: readonly number[];
  /** The tool that it is about, which may be one of many that are not told apart. */
  readonly tool: SituationFacts;
};

/** Where examples of a joint come from: the examples of the rules of both packs, each placed once. */
export type Examples = {
  readonly joint: Joint;
  /** Placed examples of a rule. */
  readonly ofRule: (rule: string) => readonly PlacedExample[];
  readonly all: () => Iterable<PlacedExample>;
};

/** The two sides with the rules of a day, and what they amount to in every pair that is looked at. */
export type Verdicts = {
  readonly before: Space;
  readonly after: Space;
  readonly wasVerdict: NodeId;
  readonly isVerdict: NodeId;
};

/** Collects the examples of the rules of two packs. Placing them waits until they are wanted. */
export function collectExamples(joint: Joint, before: Policy, after: Policy): Examples {
  const young = examplesByRule(after);
  const old = examplesByRule(before);
  const ofRule = (id: string): readonly PlacedExample[] => {
    const own = young.get(id) ?? [];
    const gone = (old.get(id) ?? []).filter(({ name }) => !own.some((one) => one.name === name));
    return [
      ...own.flatMap((example) => placed(joint, after, joint.after.space, example, id)),
      ...gone.flatMap((example) => placed(joint, before, joint.before.space, example, id)),
    ];
  };
  function* all(): Generator<PlacedExample> {
    for (const id of new Set([...young.keys(), ...old.keys()])) yield* ofRule(id);
  }
  return { joint, ofRule, all };
}

function examplesByRule({ pack }: Policy): Map<string, readonly Example[]> {
  return new Map(pack.rules.map(({ id, examples }) => [id, examples]));
}

type Placed = Pick<PlacedExample, 'values' | 'tool'>;

// Placing takes a while, and many policies may be compared with one.
const places = new WeakMap<Joint, WeakMap<Example, Placed | null>>();
function placed(joint: Joint, policy: Policy, space: Space, example: Example, rule: string): PlacedExample[] {
  const known = places.get(joint) ?? new WeakMap<Example, Placed | null>();
  places.set(joint, known);
  if (!known.has(example)) known.set(example, place(joint, policy, space, example.facts));
  const where = known.get(example) ?? null;
  return where === null ? [] : [{ rule, name: example.name, ...where }];
}

/**
 * Up to `most` situations in a region: examples of these rules first, then other examples, then the most ordinary situation,
 * and others that differ from it in as wide a way as can be.
 */
export function findSituations(
  examples: Examples,
  verdicts: Verdicts,
  region: NodeId,
  rules: readonly string[],
  most: number,
): ChangedSituation[] {
  const { joint } = examples;
  const { diagrams } = joint;
  const found: ChangedSituation[] = [];
  const take = ({ rule, name, values, tool }: PlacedExample): void => {
    if (found.length >= most || diagrams.valueAt(region, values) !== yes) return;
    const described = describe(verdicts, values);
    if (described !== null)
      found.push({ example: { rule, name }, ...described, facts: { ...described.facts, ...tool } });
  };
  for (const rule of rules) for (const example of examples.ofRule(rule)) take(example);
  if (found.length === 0) {
    for (const example of examples.all()) {
      take(example);
      if (found.length >= most) break;
    }
  }
  const ordinary = found.length < most ? ordinarySituations(joint, verdicts, region, most) : [];
  return [...found, ...ordinary].slice(0, most);
}

function ordinarySituations(
  joint: Joint,
  verdicts: Verdicts,
  region: NodeId,
  most: number,
): ChangedSituation[] {
  const { diagrams } = joint;
  const found: ChangedSituation[] = [];
  let rest = region;
  for (let tries = 0; tries < mostTries && found.length < most; tries++) {
    const values = diagrams.findOne(rest, yes, preferences(joint));
    if (values === null) break;
    const described = describe(verdicts, values);
    if (described !== null) found.push({ example: null, ...described });
    rest = otherwise(joint, rest, values);
  }
  return found;
}

const mostTries = 12;

// What is left without all that is like a situation in the first fact that can be otherwise.
function otherwise({ diagrams }: Joint, region: NodeId, values: readonly number[]): NodeId {
  for (const [variable, value] of values.entries()) {
    const rest = without(diagrams, region, diagrams.cube([{ variable, bits: 1 << value }], yes, no));
    if (rest !== no) return rest;
  }
  return no;
}

function describe(
  { before, after, wasVerdict, isVerdict }: Verdicts,
  values: readonly number[],
): Omit<ChangedSituation, 'example'> | null {
  const was = verdictAt(after.diagrams.valueAt(wasVerdict, values));
  const is = verdictAt(after.diagrams.valueAt(isVerdict, values));
  if (was === null || is === null) return null;
  // What only one of the packs asks about is stated too; the other one does not mind.
  const old = before.placeOf === after.placeOf ? {} : statableFacts(before, values);
  const young = statableFacts(after, values);
  return old === null || young === null ? null : { facts: { ...old, ...young }, before: was, after: is };
}

// An example with what it leaves open as it ordinarily is, and one of the situations of the other side that belong to it.
function place(
  joint: Joint,
  { pack, catalogue }: Policy,
  space: Space,
  facts: Readonly<Record<string, string | boolean>>,
): Placed | null {
  const { stated, problems } = parseFacts(pack, facts);
  const tool = toolOf(joint, space, catalogue, stated);
  if (problems.length > 0 || tool === null) return null;
  const values = complete(space, stated, tool.tool);
  if (values === null) return null;
  const own = space.table.facts.map(({ index }) => ({ fact: index, bits: 1 << (values[index] as number) }));
  const open = both(joint.diagrams, joint.compared, cubeOf(space, own, yes, no));
  const found = open === no ? null : joint.diagrams.findOne(open, yes, preferences(joint));
  return found === null ? null : { values: found, tool: tool.named };
}

type ToolOf = { readonly tool: Tool | null | undefined; readonly named: SituationFacts };

// Null where the joint is not about the tool.
function toolOf(
  { group }: Joint,
  { table, pack }: Space,
  catalogue: Policy['catalogue'],
  stated: ReadonlyMap<string, string>,
): ToolOf | null {
  const fact = table.facts.find((entry) => entry.fact.valuesFrom === 'tools')?.fact.id;
  const name = fact === undefined ? undefined : stated.get(fact);
  if (fact === undefined || name === undefined) return { tool: undefined, named: {} };
  const found = catalogue.find(name);
  if (!found.ok) return null;
  const { tool } = found.match;
  if (tool === null) return group.hasOthers ? { tool, named: { [fact]: name } } : null;
  const own = pack.tools.get(tool.id);
  return own === undefined ? null : { tool: own, named: { [fact]: tool.id } };
}

// What is still open takes its ordinary value, one fact after the other, since each may settle others.
function complete(
  { table, pack }: Space,
  given: ReadonlyMap<string, string>,
  tool: ToolOf['tool'],
): number[] | null {
  const stated = new Map(given);
  for (;;) {
    const { possible, problems } = evaluate(table, pack, { stated, tool });
    if (problems.length > 0) return null;
    const open = table.order
      .map((index) => table.facts[index] as TableFact)
      .find(({ index, fact }) => isSeveral(possible[index] as number) && !stated.has(fact.id));
    if (open === undefined)
      return possible.some(isSeveral) ? null : possible.map((bits) => 31 - Math.clz32(bits));
    const { ordinary, default: usual } = open.fact;
    const value = [ordinary, usual].find(
      (one) => one !== undefined && (possible[open.index] as number) & (1 << (open.numberOf.get(one) ?? 31)),
    );
    if (value === undefined) return null;
    stated.set(open.fact.id, value);
  }
}

function isSeveral(bits: number): boolean {
  return (bits & (bits - 1)) !== 0;
}

const preferred = new WeakMap<Joint, readonly (readonly number[])[]>();

// What is ordinary, then what is assumed; the other way round where it is seldom asked.
function preferences(joint: Joint): readonly (readonly number[])[] {
  const known = preferred.get(joint);
  if (known !== undefined) return known;
  const made: number[][] = joint.diagrams.sizes.map(() => []);
  for (const { space } of [joint.before, joint.after]) {
    for (const { fact, index, numberOf } of space.table.facts) {
      const usual = [fact.ordinary, fact.default].flatMap((value) =>
        value === undefined ? [] : [numberOf.get(value) ?? 0],
      );
      made[space.placeOf[index] as number] = usual;
    }
  }
  preferred.set(joint, made);
  return made;
}
