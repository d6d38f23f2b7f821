import { type Evaluation, type Situation, settler } from '../decision/evaluate.ts';
import type { Table, TableFact } from '../decision/table.ts';
import { hangsOn } from '../policy/checks/facts.ts';
import type { Pack } from '../policy/pack.ts';
import type { Diagrams, NodeId } from './diagram.ts';

/** What chances are worked out from: the policy of one day, an order of its facts, and how likely their values are. */
export type Odds = {
  readonly table: Table;
  readonly pack: Pack;
  /** Fact numbers: everything that a fact, or how likely its values are, hangs on comes before it. */
  readonly order: readonly number[];
  readonly placeOf: readonly number[];
  /** For each fact those that it hangs on. */
  readonly parents: readonly (readonly number[])[];
  /** For each fact how likely its values are, by the number of the value; null where the pack does not say. */
  readonly rows: readonly (Rows | null)[];
};

type Rows = {
  /** The fact that it hangs on, -1 for none. */
  readonly by: number;
  /** The general row comes first. */
  readonly rows: readonly Float64Array[];
  /** Which of them holds for each value of `by`. */
  readonly rowOf: readonly number[];
};

/** How likely each value of a fact is together with each outcome: `joint[value * outcomes + outcome]`, which adds up to 1. */
export type Joint = Float64Array;

/** Prepares the priors of a pack for one table. Throws where facts hang on each other in a circle. */
export function buildOdds(table: Table, pack: Pack): Odds {
  const numberOf = (id: string | undefined): number => table.factNumber.get(id ?? '') ?? -1;
  const parents = table.facts.map(({ fact, index }) => {
    const by = pack.priors?.of.get(fact.id)?.by;
    const names = [...hangsOn(pack, fact.id), ...(by === undefined ? [] : [by])];
    return [...new Set(names.map(numberOf))].filter((one) => one >= 0 && one !== index);
  });
  const order = inOrder(table.order, parents);
  const placeOf: number[] = [];
  for (const [place, fact] of order.entries()) placeOf[fact] = place;
  return {
    table,
    pack,
    order,
    placeOf,
    parents,
    rows: table.facts.map((entry) => rowsOf(table, pack, entry)),
  };
}

// What the pack calls impossible is only very unlikely: somebody may still say it.
const leastShare = 1e-4;

function rowsOf(table: Table, pack: Pack, { fact, values }: TableFact): Rows | null {
  const prior = pack.priors?.of.get(fact.id);
  if (prior === undefined) return null;
  const row = (shares: ReadonlyMap<string, number>): Float64Array =>
    Float64Array.from(values, (value) => Math.max(shares.get(value) ?? 0, leastShare));
  const general = row(prior.shares);
  const by = table.facts[table.factNumber.get(prior.by ?? '') ?? -1];
  if (by === undefined) return { by: -1, rows: [general], rowOf: [] };
  const rows = [general];
  const rowOf = by.values.map((value) => {
    const own = prior.given.get(value);
    return own === undefined ? 0 : rows.push(row(own)) - 1;
  });
  return { by: by.index, rows, rowOf };
}

function inOrder(authored: readonly number[], parents: readonly (readonly number[])[]): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  const visit = (fact: number): void => {
    if (seen.has(fact)) return;
    seen.add(fact);
    for (const parent of parents[fact] ?? []) visit(parent);
    order.push(fact);
  };
  for (const fact of authored) visit(fact);
  return order;
}

/**
 * How likely everything is that is still open in one situation. The facts that matter are gone through in order; at each of them
 * everything that could have come before is known only by what it means for the rest: the values that later facts can
 * still have (`Course`), and what a diagram comes to (its node). So the same rest is worked out once.
 */
export class Chances {
  readonly #odds: Odds;
  readonly #diagrams: Diagrams;
  /** For each fact the values it can still have. */
  readonly #now: readonly number[];
  /** The open facts that matter, in order, and the place of each fact among them, -1 for the others. */
  readonly #open: readonly number[];
  readonly #levelOf: Int32Array;
  readonly #isCandidate: readonly boolean[];
  readonly #courses: Courses;

  /**
   * `candidates` are the facts that could be asked next, and `beside` those that the same questions set, which would otherwise
   * keep their default. `roots` are the diagrams that chances are wanted of.
   */
  constructor(
    odds: Odds,
    diagrams: Diagrams,
    situation: Situation,
    evaluation: Evaluation,
    wanted: {
      readonly candidates: readonly number[];
      readonly beside: readonly number[];
      readonly roots: readonly NodeId[];
    },
  ) {
    this.#odds = odds;
    this.#diagrams = diagrams;
    const now = evaluation.possible.slice();
    for (const fact of wanted.beside) {
      const { allBits, naBit } = odds.table.facts[fact] as TableFact;
      now[fact] = (now[fact] as number) & naBit ? allBits | naBit : allBits;
    }
    this.#now = now;
    const stated = new Set([...situation.stated.keys()].map((id) => odds.table.factNumber.get(id) ?? -1));
    const matter = this.#matter([...wanted.candidates, ...wanted.beside], wanted.roots, stated);
    this.#open = matter;
    this.#levelOf = new Int32Array(now.length).fill(-1);
    for (const [level, fact] of matter.entries()) this.#levelOf[fact] = level;
    const asked = new Set([...wanted.candidates, ...wanted.beside]);
    this.#isCandidate = matter.map((fact) => asked.has(fact));
    this.#courses = new Courses(odds, situation, now, matter, { beside: new Set(wanted.beside), stated });
  }

  /** For each candidate its values together with the outcomes of a diagram, where `outcomeOf` groups terminals. */
  of(root: NodeId, outcomeOf: ArrayLike<number>, outcomes: number): Map<number, Joint> {
    const down = this.#down(root);
    const up = this.#up(down, outcomeOf, outcomes);
    const joints = new Map<number, Joint>();
    const total = (up[0] as Float64Array).reduce((sum, chance) => sum + chance, 0);
    for (const [level, fact] of this.#open.entries()) {
      if (!this.#isCandidate[level]) continue;
      const joint = new Float64Array((this.#odds.table.facts[fact] as TableFact).values.length * outcomes);
      const { mass, first, edges } = down[level] as Level;
      const below = up[level + 1] as Float64Array;
      for (let state = 0; state < mass.length; state++) {
        for (let at = first[state] as number; at < (first[state + 1] as number); at += 3) {
          const weight = ((mass[state] as number) * (edges[at + 1] as number)) / total;
          const child = (edges[at + 2] as number) * outcomes;
          const value = (edges[at] as number) * outcomes;
          for (let outcome = 0; outcome < outcomes; outcome++)
            joint[value + outcome] =
              (joint[value + outcome] as number) + weight * (below[child + outcome] as number);
        }
      }
      joints.set(fact, joint);
    }
    return joints;
  }

  // From the first open fact to the last: how likely it is to get to each state.
  #down(root: NodeId): Level[] {
    const levels: Level[] = [];
    let here: States = { nodes: [this.#settled(root)], courses: [this.#courses.start], mass: [1] };
    for (const fact of this.#open) {
      const { nodes, courses, mass } = here;
      const place = this.#odds.placeOf[fact] as number;
      const next: States = { nodes: [], courses: [], mass: [] };
      const known = new Map<number, number>();
      const first: number[] = [];
      const edges: number[] = [];
      for (let state = 0; state < nodes.length; state++) {
        first.push(edges.length);
        const node = nodes[state] as number;
        const isBranch = this.#diagrams.variableOf(node) === place;
        for (const { value, weight, course } of this.#courses.from(courses[state] as Course)) {
          const child = isBranch ? this.#settled(this.#diagrams.childOf(node, value)) : node;
          const key = child * mostCourses + course.id;
          let to = known.get(key);
          if (to === undefined) {
            to = next.nodes.length;
            known.set(key, to);
            next.nodes.push(child);
            next.courses.push(course);
            next.mass.push(0);
          }
          next.mass[to] = (next.mass[to] as number) + (mass[state] as number) * weight;
          edges.push(value, weight, to);
        }
      }
      first.push(edges.length);
      levels.push({ mass, first, edges });
      here = next;
    }
    levels.push({ mass: here.mass, first: [], edges: here.nodes });
    return levels;
  }

  // And back: how likely each outcome is from each state on.
  #up(down: readonly Level[], outcomeOf: ArrayLike<number>, outcomes: number): Float64Array[] {
    const last = down.length - 1;
    const up: Float64Array[] = [];
    const ends = (down[last] as Level).edges;
    const end = new Float64Array(ends.length * outcomes);
    for (const [state, node] of ends.entries()) end[state * outcomes + (outcomeOf[node] as number)] = 1;
    up[last] = end;
    for (let level = last - 1; level >= 0; level--) {
      const { mass, first, edges } = down[level] as Level;
      const below = up[level + 1] as Float64Array;
      const here = new Float64Array(mass.length * outcomes);
      for (let state = 0; state < mass.length; state++) {
        for (let at = first[state] as number; at < (first[state + 1] as number); at += 3) {
          const weight = edges[at + 1] as number;
          const child = (edges[at + 2] as number) * outcomes;
          for (let outcome = 0; outcome < outcomes; outcome++)
            here[state * outcomes + outcome] =
              (here[state * outcomes + outcome] as number) + weight * (below[child + outcome] as number);
        }
      }
      up[level] = here;
    }
    return up;
  }

  // Past the facts whose value is known.
  #settled(node: NodeId): NodeId {
    let at = node;
    while (!this.#diagrams.isTerminal(at)) {
      const fact = this.#odds.order[this.#diagrams.variableOf(at)] as number;
      if ((this.#levelOf[fact] as number) >= 0) break;
      at = this.#diagrams.childOf(at, 31 - Math.clz32(this.#now[fact] as number));
    }
    return at;
  }

  // The open facts that the diagrams still look at, those that could be asked, and what these hang on.
  #matter(candidates: readonly number[], roots: readonly NodeId[], stated: ReadonlySet<number>): number[] {
    const found = new Set<number>();
    const add = (fact: number): void => {
      const bits = this.#now[fact] as number;
      if ((bits & (bits - 1)) === 0 || found.has(fact)) return;
      found.add(fact);
      for (const parent of this.#odds.parents[fact] ?? []) add(parent);
    };
    for (const fact of candidates) add(fact);
    const seen = new Set<NodeId>();
    const walk = (node: NodeId): void => {
      if (this.#diagrams.isTerminal(node) || seen.has(node)) return;
      seen.add(node);
      const fact = this.#odds.order[this.#diagrams.variableOf(node)] as number;
      add(fact);
      for (let bits = this.#now[fact] as number; bits !== 0; bits &= bits - 1)
        walk(this.#diagrams.childOf(node, 31 - Math.clz32(bits & -bits)));
    };
    for (const root of roots) walk(root);
    this.#addHints(found, stated);
    return [...found].sort((a, b) => (this.#odds.placeOf[a] as number) - (this.#odds.placeOf[b] as number));
  }

  // A stated fact says something about the open ones that it hangs on, also through others.
  #addHints(found: Set<number>, stated: ReadonlySet<number>): void {
    const above = (fact: number, into: Set<number>): Set<number> => {
      for (const parent of this.#odds.parents[fact] ?? []) {
        const bits = this.#now[parent] as number;
        if ((bits & (bits - 1)) === 0 || into.has(parent)) continue;
        above(parent, into.add(parent));
      }
      return into;
    };
    for (let before = -1; before !== found.size; ) {
      before = found.size;
      for (const fact of stated) {
        const parents = above(fact, new Set());
        if (![...parents].some((parent) => found.has(parent))) continue;
        for (const one of [fact, ...parents]) found.add(one);
      }
    }
  }
}

type States = { readonly nodes: NodeId[]; readonly courses: Course[]; readonly mass: number[] };

/** All states before one fact. Edges are threes of value, weight and next state; `first` says where those of a state start. */
type Level = {
  readonly mass: readonly number[];
  readonly first: readonly number[];
  readonly edges: readonly number[];
};

/** What came before the fact of one level, as far as anything later hangs on it. */
type Course = {
  readonly id: number;
  readonly level: number;
  /**
   * For each open fact the number of what is known of it: before its level its possible values, once what it hangs on is known;
   * after its level its value, as long as a later fact waits for it; else 0.
   */
  readonly slots: readonly number[];
  ways: readonly Way[] | null;
};

type Way = { readonly value: number; readonly weight: number; readonly course: Course };

/** More than there can be in any one situation; only keys are made of it. */
const mostCourses = 1 << 20;

/** The values that a fact can have, and the row of its prior. */
type Known = { readonly bits: number; readonly row: number };
const rowUnit = 2 ** 31;

class Courses {
  readonly #odds: Odds;
  readonly #open: readonly number[];
  readonly #levelOf = new Map<number, number>();
  /** For each level the last one that its fact hangs on; -1 for none. After that its values are known. */
  readonly #lastParent: readonly number[];
  /** For each level the one after which nothing waits for its value any more. */
  readonly #wantedUntil: readonly number[];
  readonly #beside: ReadonlySet<number>;
  readonly #stated: ReadonlySet<number>;
  readonly #scratch: number[];
  readonly #settle: (fact: number) => number;
  // Whatever is known of facts is numbered, so that courses are told apart by short texts.
  readonly #knowns: Known[] = [{ bits: 0, row: 0 }];
  readonly #numberOf = new Map<number, number>([[0, 0]]);
  readonly #courses = new Map<string, Course>();
  readonly start: Course;

  constructor(
    odds: Odds,
    situation: Situation,
    now: readonly number[],
    open: readonly number[],
    which: { readonly beside: ReadonlySet<number>; readonly stated: ReadonlySet<number> },
  ) {
    this.#odds = odds;
    this.#open = open;
    this.#beside = which.beside;
    this.#stated = which.stated;
    for (const [level, fact] of open.entries()) this.#levelOf.set(fact, level);
    const parents = open.map((fact) =>
      (odds.parents[fact] as readonly number[]).flatMap((parent) => this.#levelOf.get(parent) ?? []),
    );
    this.#lastParent = parents.map((levels) => Math.max(-1, ...levels));
    this.#wantedUntil = open.map((_, level) =>
      Math.max(
        -1,
        ...parents.map((levels, child) =>
          levels.includes(level) ? (this.#lastParent[child] as number) : -1,
        ),
      ),
    );
    this.#scratch = now.slice();
    this.#settle = settler(odds.table, odds.pack, situation, this.#scratch);
    this.start = this.#course(
      0,
      open.map((_, level) => (this.#lastParent[level] === -1 ? this.#resolved(level) : 0)),
    );
  }

  /** The values that the next fact can have after what came before, how likely each is, and where it leads. */
  from(course: Course): readonly Way[] {
    course.ways ??= this.#ways(course);
    return course.ways;
  }

  #ways({ level, slots }: Course): Way[] {
    const fact = this.#open[level] as number;
    const { bits, row } = this.#knowns[slots[level] as number] as Known;
    const weights = this.#weights(fact, bits, row);
    return [...weights].map(([value, weight]) => ({
      value,
      weight,
      course: this.#after(level, slots, value),
    }));
  }

  // Shares of the values that are still possible; where only one is, a stated answer counts as likely as it was.
  #weights(fact: number, bits: number, row: number): Map<number, number> {
    const shares = this.#odds.rows[fact]?.rows[row];
    const { naBit } = this.#odds.table.facts[fact] as TableFact;
    const weights = new Map<number, number>();
    let total = 0;
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const value = 31 - Math.clz32(rest & -rest);
      const weight = shares === undefined || rest & -rest & naBit ? 1 : (shares[value] as number);
      weights.set(value, weight);
      total += weight;
    }
    if (this.#stated.has(fact)) return weights;
    for (const [value, weight] of weights) weights.set(value, weight / total);
    return weights;
  }

  #after(level: number, slots: readonly number[], value: number): Course {
    const next = slots.slice();
    next[level] = this.#number(1 << value, 0);
    for (let earlier = 0; earlier <= level; earlier++) {
      const { bits } = this.#knowns[next[earlier] as number] as Known;
      if (bits !== 0) this.#scratch[this.#open[earlier] as number] = bits;
    }
    for (let later = level + 1; later < next.length; later++)
      if (this.#lastParent[later] === level) next[later] = this.#resolved(later);
    for (let earlier = 0; earlier <= level; earlier++)
      if ((this.#wantedUntil[earlier] as number) <= level) next[earlier] = 0;
    return this.#course(level + 1, next);
  }

  #resolved(level: number): number {
    const fact = this.#open[level] as number;
    const { allBits, naBit } = this.#odds.table.facts[fact] as TableFact;
    const settled = this.#settle(fact);
    // Its question is still to be asked, so it is not the default yet.
    const bits = this.#beside.has(fact) && (settled & naBit) === 0 ? allBits : settled;
    const rows = this.#odds.rows[fact];
    if (rows === null || rows === undefined || rows.by < 0) return this.#number(bits, 0);
    const by = this.#scratch[rows.by] as number;
    const isOne = by !== 0 && (by & (by - 1)) === 0;
    return this.#number(bits, isOne ? (rows.rowOf[31 - Math.clz32(by)] as number) : 0);
  }

  #number(bits: number, row: number): number {
    const key = bits + row * rowUnit;
    const known = this.#numberOf.get(key);
    if (known !== undefined) return known;
    const number = this.#knowns.push({ bits, row }) - 1;
    this.#numberOf.set(key, number);
    return number;
  }

  #course(level: number, slots: readonly number[]): Course {
    const key = String.fromCharCode(level, ...slots);
    const known = this.#courses.get(key);
    if (known !== undefined) return known;
    const made: Course = { id: this.#courses.size, level, slots, ways: null };
    this.#courses.set(key, made);
    return made;
  }
}
