import type { Table, TableFact } from '../decision/table.ts';
import { otherTool, type Pack, type Rule, type Tool } from '../policy/pack.ts';
import { isPermission, severityOf, type Verdict, verdicts } from '../shared/verdict.ts';
import type { NodeId } from './diagram.ts';
import { untangled } from './proving.ts';
import { both, buildSpace, cubeOf, either, no, type Space, without, yes } from './space.ts';

/** A test as a reader needs it: the values that meet it, or those that do not where these are fewer. */
export type PictureTest = {
  readonly fact: string;
  readonly values: readonly string[];
  /** The values are those that do not meet it. */
  readonly isExcept: boolean;
};

/** Rules that lead to one verdict by the same fact, where the same else holds. */
export type PictureStep = {
  /** The test that tells most; null for rules that hold for everything of the kind. */
  readonly test: PictureTest | null;
  /** What must hold too. */
  readonly others: readonly PictureTest[];
  readonly rules: readonly Rule[];
};

/** How the facts that matter for one kind of tool lead to verdicts. */
export type Picture = {
  /** Strictest first. Verdicts that no rule gives are left out. */
  readonly verdicts: readonly { readonly verdict: Verdict; readonly steps: readonly PictureStep[] }[];
  /** Some situations of the kind meet no rule that permits or restricts. */
  readonly hasSilence: boolean;
  /** Rules without a verdict of their own, which only add conditions or next steps. */
  readonly adding: readonly PictureStep[];
};

/**
 * The rules that can apply where a fact has a value (a kind of tool), each with no more tests than it needs there: what always holds
 * for the kind, or follows from the other tests, is left out. Exact: it is read from the diagrams. Throws `TooTangled` where these
 * grow over their budget.
 */
export function findPicture(table: Table, pack: Pack, fact: string, value: string): Picture {
  return untangled(table, [], () => {
    const space = spaceOf(table, pack);
    const kind = table.facts[table.factNumber.get(fact) ?? -1];
    if (kind === undefined) return { verdicts: [], hasSilence: true, adding: [] };
    const cube = cubeOf(space, [{ fact: kind.index, bits: 1 << (kind.numberOf.get(value) ?? 31) }], yes, no);
    const region = [space.possible, cube, ...asking(space), ...fitting(space, fact, value)].reduce(
      (all, node) => both(space.diagrams, all, node),
    );
    return new PictureFinder(space, region).find();
  });
}

const spaces = new WeakMap<Table, { readonly pack: Pack; readonly space: Space }>();

function spaceOf(table: Table, pack: Pack): Space {
  const known = spaces.get(table);
  if (known?.pack === pack) return known.space;
  const space = buildSpace(table, pack, table.order);
  spaces.set(table, { pack, space });
  return space;
}

// Somebody who only wants help is asked nothing of a tool, so those situations say nothing of its kind.
function asking(space: Space): NodeId[] {
  return space.table.facts.flatMap(({ fact, index, numberOf, allBits, naBit }) => {
    let bits = allBits | naBit;
    for (const value of fact.asksNothingMore) bits &= ~(1 << (numberOf.get(value) ?? 31));
    return fact.asksNothingMore.size === 0 ? [] : [cubeOf(space, [{ fact: index, bits }], yes, no)];
  });
}

// What fits a tool of the kind, as somebody is asked: what the tool itself says, and otherwise what its kind says. Tools that no
// rule names are one value of `tool`, so that what fits any of them fits it.
function fitting(space: Space, kindFact: string, kind: string): NodeId[] {
  const { table, pack, diagrams } = space;
  const named = table.facts.find(({ fact }) => fact.valuesFrom === 'tools');
  const kindOf = (tool: Tool) => tool.facts.get(kindFact) ?? pack.facts.get(kindFact)?.default;
  return table.facts.flatMap((entry) => {
    const { id, fits } = entry.fact;
    if (fits?.by !== kindFact || named === undefined) return [];
    const bitsOf = (list: readonly string[]) =>
      list.reduce((bits, one) => bits | (1 << (entry.numberOf.get(one) ?? 31)), entry.naBit);
    const ofKind = bitsOf(fits.values.get(kind) ?? []);
    const ofTool = new Map<number, number>();
    for (const tool of pack.tools.values()) {
      const isOther = !named.numberOf.has(tool.id);
      const own = tool.fits.get(id);
      if (own === undefined || (isOther && kindOf(tool) !== kind)) continue;
      const number = named.numberOf.get(isOther ? otherTool : tool.id) ?? 31;
      ofTool.set(number, (ofTool.get(number) ?? (isOther ? ofKind : 0)) | bitsOf(own));
    }
    const nodes = [...named.values.keys()].map((number) =>
      cubeOf(
        space,
        [
          { fact: named.index, bits: 1 << number },
          { fact: entry.index, bits: ofTool.get(number) ?? ofKind },
        ],
        yes,
        no,
      ),
    );
    return [nodes.reduce((all, node) => either(diagrams, all, node), no as NodeId)];
  });
}

type Test = { readonly fact: number; readonly bits: number };
type Met = { readonly rule: number; readonly tests: readonly Test[] };

// One picture reads the same few diagrams again and again; this class is its memory.
class PictureFinder {
  readonly #space: Space;
  readonly #region: NodeId;
  readonly #possible: readonly number[];

  constructor(space: Space, region: NodeId) {
    this.#space = space;
    this.#region = region;
    this.#possible = space.table.facts.map((entry) => this.#valuesIn(region, entry));
  }

  find(): Picture {
    const { table } = this.#space;
    const met = [...table.rules.keys()].flatMap((rule) => this.#needed(rule));
    const shares = this.#timesTested(met);
    const stepsOf = (verdict: Verdict | null): PictureStep[] => {
      const own = met.filter(({ rule }) => table.rules[rule]?.verdict === verdict);
      return this.#steps(own, shares);
    };
    return {
      verdicts: verdicts
        .toReversed()
        .map((verdict) => ({ verdict, steps: stepsOf(verdict) }))
        .filter(({ steps }) => steps.length > 0),
      hasSilence: this.#hasSilence(met),
      adding: stepsOf(null),
    };
  }

  // The rule with the tests that say something here; nothing where it can never apply.
  #needed(rule: number): Met[] {
    const { diagrams, table } = this.#space;
    const tests = table.tests[rule] ?? [];
    if (both(diagrams, this.#region, this.#cube(tests)) === no) return [];
    let left: readonly Test[] = tests.toSorted((a, b) => this.#share(b) - this.#share(a));
    for (const test of left) {
      const others = left.filter((one) => one !== test);
      const where = both(diagrams, this.#region, this.#cube(others));
      if (without(diagrams, where, this.#cube([test])) === no) left = others;
    }
    return [{ rule, tests: left }];
  }

  #hasSilence(met: readonly Met[]): boolean {
    const { diagrams, table } = this.#space;
    const speaking = met.filter(({ rule }) => {
      const verdict = table.rules[rule]?.verdict ?? null;
      return verdict !== null && (isPermission(verdict) || severityOf(verdict) >= severityOf('get-guidance'));
    });
    return (
      speaking.reduce((left, { tests }) => without(diagrams, left, this.#cube(tests)), this.#region) !== no
    );
  }

  #timesTested(met: readonly Met[]): ReadonlyMap<number, number> {
    const times = new Map<number, number>();
    for (const { tests } of met) for (const { fact } of tests) times.set(fact, (times.get(fact) ?? 0) + 1);
    return times;
  }

  #steps(met: readonly Met[], times: ReadonlyMap<number, number>): PictureStep[] {
    const { table } = this.#space;
    const groups = new Map<string, { lead: Test | undefined; others: readonly Test[]; rules: number[] }>();
    for (const { rule, tests } of met) {
      const lead = this.#lead(tests, times);
      const others = tests.filter((test) => test !== lead).toSorted((a, b) => a.fact - b.fact);
      const key = JSON.stringify([lead?.fact ?? null, others.map(({ fact, bits }) => [fact, bits])]);
      const known = groups.get(key);
      if (known === undefined) groups.set(key, { lead, others, rules: [rule] });
      else {
        known.rules.push(rule);
        if (lead !== undefined) known.lead = { fact: lead.fact, bits: (known.lead?.bits ?? 0) | lead.bits };
      }
    }
    return [...groups.values()]
      .toSorted((a, b) => (a.lead?.fact ?? -1) - (b.lead?.fact ?? -1))
      .map(({ lead, others, rules }) => ({
        test: lead === undefined ? null : this.#test(lead),
        others: others.map((test) => this.#test(test)),
        rules: rules.flatMap((rule) => table.rules[rule] ?? []),
      }));
  }

  // What few rules look at says most of when a rule applies; of two such facts, the narrower test.
  #lead(tests: readonly Test[], times: ReadonlyMap<number, number>): Test | undefined {
    return tests.toSorted(
      (a, b) =>
        (times.get(a.fact) ?? 0) - (times.get(b.fact) ?? 0) ||
        this.#share(a) - this.#share(b) ||
        a.fact - b.fact,
    )[0];
  }

  #share({ fact, bits }: Test): number {
    const possible = this.#possible[fact] ?? 0;
    return countBits(possible & bits) / Math.max(1, countBits(possible));
  }

  #test({ fact, bits }: Test): PictureTest {
    const entry = this.#space.table.facts[fact] as TableFact;
    const possible = this.#possible[fact] ?? 0;
    const named = (set: number): string[] => entry.values.filter((_, number) => (set & (1 << number)) !== 0);
    const [met, unmet] = [named(possible & bits), named(possible & ~bits & entry.allBits)];
    // Nobody knows a tool by not being another one.
    const mayBeExcept = entry.fact.valuesFrom !== 'tools' && (bits & entry.naBit) === 0;
    const isExcept = mayBeExcept && met.length > mostNamed && unmet.length > 0 && unmet.length < met.length;
    return { fact: entry.fact.id, values: isExcept ? unmet : met, isExcept };
  }

  #valuesIn(region: NodeId, { index, values }: TableFact): number {
    const { diagrams } = this.#space;
    let bits = 0;
    for (const number of values.keys()) {
      if (both(diagrams, region, this.#cube([{ fact: index, bits: 1 << number }])) !== no)
        bits |= 1 << number;
    }
    return bits;
  }

  #cube(tests: readonly Test[]): NodeId {
    return cubeOf(this.#space, tests, yes, no);
  }
}

/** A test with more values than this is told by those that do not meet it, where they are fewer. */
const mostNamed = 3;

function countBits(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}
