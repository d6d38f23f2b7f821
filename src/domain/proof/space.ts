import type { CompiledWhen, Table, TableFact } from '../decision/table.ts';
import { notApplicable, type Pack, type When } from '../policy/pack.ts';
import { Diagrams, type Join, type NodeId } from './diagram.ts';

/** The variables of the diagrams: every fact of the table, in an order of its own. */
export type Space = {
  readonly table: Table;
  readonly pack: Pack;
  readonly diagrams: Diagrams;
  /** Fact number by place in the order, and back. */
  readonly order: readonly number[];
  readonly placeOf: readonly number[];
  /** 1 for each situation that can happen: applicability, the catalogue, the register. */
  readonly possible: NodeId;
  /** The same, and everything fits the kind of tool: the situations that somebody is asked about. */
  readonly fitting: NodeId;
  /** Like `possible`, but for any tools that the catalogue may come to hold. Built when it is first wanted. */
  readonly conceivable: () => NodeId;
};

/** Terminals 0 and 1 stand for no and yes in every diagram; the others belong to verdicts (verdict-diagram.ts). */
export const no = 0;
export const yes = 1;

/** As many terminals as the largest lattice needs. */
const terminals = 8;

const and: Join = table2((a, b) => (a === yes && b === yes ? yes : no));
const or: Join = table2((a, b) => (a === yes || b === yes ? yes : no));

/**
 * The space of all situations of a pack on one day, with its facts in the given order. Throws `BudgetExceeded` where its
 * diagrams would need more nodes than `budget`.
 */
export function buildSpace(table: Table, pack: Pack, order: readonly number[], budget?: number): Space {
  const placeOf: number[] = [];
  for (const [place, fact] of order.entries()) placeOf[fact] = place;
  const sizes = order.map((fact) => (table.facts[fact] as TableFact).values.length);
  return buildSpaceIn(newDiagrams(sizes, budget), table, pack, placeOf);
}

/** Room for diagrams over variables with these many values, as spaces and verdicts need it. */
export function newDiagrams(sizes: readonly number[], budget?: number): Diagrams {
  return new Diagrams(sizes, terminals, budget);
}

/**
 * The same among variables that are there already, so that two packs can share them: `placeOf` says which variable each fact
 * is. A variable has as many values as its fact.
 */
export function buildSpaceIn(
  diagrams: Diagrams,
  table: Table,
  pack: Pack,
  placeOf: readonly number[],
): Space {
  const order = [...table.facts.keys()].sort((a, b) => (placeOf[a] as number) - (placeOf[b] as number));
  const builder = new SpaceBuilder(table, pack, diagrams, placeOf);
  const possible = builder.possible();
  let conceivable: NodeId | undefined;
  return {
    table,
    pack,
    diagrams,
    order,
    placeOf,
    possible,
    fitting: builder.and([possible, builder.fits()]),
    conceivable: () => {
      conceivable ??= builder.conceivable();
      return conceivable;
    },
  };
}

/** The node for tests on facts: `met` where all hold, else `otherwise`. */
export function cubeOf(
  space: Pick<Space, 'diagrams' | 'placeOf'>,
  when: CompiledWhen,
  met: NodeId,
  otherwise: NodeId,
): NodeId {
  return space.diagrams.cube(
    when.map(({ fact, bits }) => ({ variable: space.placeOf[fact] as number, bits })),
    met,
    otherwise,
  );
}

/** Both hold. */
export function both(diagrams: Diagrams, a: NodeId, b: NodeId): NodeId {
  return diagrams.combine(a, b, and, no, yes);
}

/** One of them holds. */
export function either(diagrams: Diagrams, a: NodeId, b: NodeId): NodeId {
  return diagrams.combine(a, b, or, yes, no);
}

/** The first holds and the second does not. */
export function without(diagrams: Diagrams, a: NodeId, b: NodeId): NodeId {
  return diagrams.without(a, b);
}

/** Where some values of the facts outside `facts` make it hold. */
export function shadowOn({ diagrams, placeOf }: Space, node: NodeId, facts: readonly number[]): NodeId {
  return diagrams.project(node, new Set(facts.map((fact) => placeOf[fact] as number)), or);
}

/** It does not hold. */
export function not(diagrams: Diagrams, node: NodeId): NodeId {
  return diagrams.without(yes, node);
}

class SpaceBuilder {
  readonly #table: Table;
  readonly #pack: Pack;
  readonly #diagrams: Diagrams;
  readonly #placeOf: readonly number[];
  readonly #quiet: NodeId;

  constructor(table: Table, pack: Pack, diagrams: Diagrams, placeOf: readonly number[]) {
    this.#table = table;
    this.#pack = pack;
    this.#diagrams = diagrams;
    this.#placeOf = placeOf;
    this.#quiet = this.#quietNode();
  }

  possible(): NodeId {
    return this.and([...this.#parts(), this.#catalogue()]);
  }

  /** Without what the catalogue holds today. */
  conceivable(): NodeId {
    return this.and(this.#parts());
  }

  #parts(): NodeId[] {
    return this.#table.facts
      .flatMap((entry) => [this.#applicability(entry), this.#recorded(entry), this.#derived(entry)])
      .filter((node) => node !== yes);
  }

  /** Every fact with options that follow from another fact has one of them. */
  fits(): NodeId {
    const parts: NodeId[] = [];
    for (const entry of this.#table.facts) {
      const { fits } = entry.fact;
      const by = fits === undefined ? undefined : this.#entry(fits.by);
      if (fits === undefined || by === undefined) continue;
      let node: NodeId = no;
      for (const [value, list] of fits.values) {
        const bits = bitsOf(entry, list) | entry.naBit;
        node = this.#or(
          node,
          this.#cube([
            { fact: by.index, bits: bitsOf(by, [value]) },
            { fact: entry.index, bits },
          ]),
        );
      }
      // What a tool says for itself stands in place of what its kind says, as where it is asked (evaluate.ts).
      for (const { other, own, fits: ownFits } of this.#ownFits(entry))
        node = this.#or(this.and([node, other]), this.and([own, ownFits]));
      parts.push(node);
    }
    return this.and(parts);
  }

  // Tools that rules name may say for themselves what fits them.
  #ownFits(
    entry: TableFact,
  ): { readonly own: NodeId; readonly other: NodeId; readonly fits: NodeId; readonly count: number }[] {
    const tool = this.#table.facts.find(({ fact }) => fact.valuesFrom === 'tools');
    if (tool === undefined) return [];
    return tool.values.flatMap((id, number) => {
      const list = this.#pack.tools.get(id)?.fits.get(entry.fact.id);
      if (list === undefined) return [];
      const other = this.#cube([{ fact: tool.index, bits: (tool.allBits | tool.naBit) & ~(1 << number) }]);
      const fits = this.#cube([{ fact: entry.index, bits: bitsOf(entry, list) | entry.naBit }]);
      const own = this.#cube([{ fact: tool.index, bits: 1 << number }]);
      return [{ own, other, fits, count: list.length }];
    });
  }

  // Where only one value fits it holds without being asked.
  #hasChoice(entry: TableFact): NodeId {
    const { fits } = entry.fact;
    const by = fits === undefined ? undefined : this.#entry(fits.by);
    if (fits === undefined || by === undefined) return entry.values.length > 2 ? yes : no;
    let single = 0;
    for (const [value, list] of fits.values) if (list.length === 1) single |= bitsOf(by, [value]);
    let node: NodeId =
      single === 0 ? yes : this.#cube([{ fact: by.index, bits: ~single & (by.allBits | by.naBit) }]);
    for (const { other, count } of this.#ownFits(entry))
      node = count === 1 ? both(this.#diagrams, node, other) : this.#or(node, not(this.#diagrams, other));
    return node;
  }

  // Small diagrams first: a long conjunction grows least when its parts are joined near each other in the order.
  and(nodes: readonly NodeId[]): NodeId {
    return nodes
      .toSorted((a, b) => this.#diagrams.variableOf(b) - this.#diagrams.variableOf(a))
      .reduce((all, node) => both(this.#diagrams, all, node), yes as NodeId);
  }

  // It is `n/a` just where it does not apply; or where nothing more is asked; or where its followers are claimed.
  #applicability(entry: TableFact): NodeId {
    const { fact, index, naBit } = entry;
    const applies = this.#any(entry.applies);
    const isNa = this.#cube([{ fact: index, bits: naBit }]);
    const mayBeNa =
      fact.mayBeNotApplicable || this.#isFollowed(entry)
        ? yes
        : fact.origin === 'asked' && fact.valuesFrom !== 'tools'
          ? both(this.#diagrams, this.#quiet, this.#hasChoice(entry))
          : fact.origin === 'register'
            ? this.#quiet
            : no;
    const isValue = this.#cube([{ fact: index, bits: statableBits(entry) }]);
    return this.#or(
      both(this.#diagrams, isValue, applies),
      both(this.#diagrams, isNa, this.#or(not(this.#diagrams, applies), mayBeNa)),
    );
  }

  // A derived fact is what its table says: the first row that holds, else its default.
  #derived(entry: TableFact): NodeId {
    if (entry.fact.origin !== 'derived') return yes;
    const is = (bits: number): NodeId => this.#cube([{ fact: entry.index, bits: bits | entry.naBit }]);
    let node = is(entry.defaultNumber < 0 ? 0 : 1 << entry.defaultNumber);
    for (const { when, bit } of entry.table.toReversed()) {
      const here = this.#cube(when);
      node = this.#or(both(this.#diagrams, here, is(bit)), without(this.#diagrams, node, here));
    }
    return node;
  }

  #isFollowed(entry: TableFact): boolean {
    return this.#table.facts.some(({ fact }) => fact.follows === entry.fact.id);
  }

  // What the register holds for an organisation is what the fact is; who names no organisation may claim anything.
  #recorded(entry: TableFact): NodeId {
    const { follows } = entry.fact;
    const key = follows === undefined ? undefined : this.#entry(follows);
    if (key === undefined) return yes;
    const is = (bits: number): NodeId => this.#cube([{ fact: entry.index, bits }]);
    const usual = is(entry.defaultNumber < 0 ? entry.allBits : 1 << entry.defaultNumber);
    let node = this.#cube([{ fact: key.index, bits: key.naBit }]);
    for (const organisation of this.#pack.organisations.values()) {
      const own = this.#cube([{ fact: key.index, bits: bitsOf(key, [organisation.id]) }]);
      let held: NodeId = no;
      let any: NodeId = no;
      for (const { value, when } of organisation.records.filter(({ fact }) => fact === entry.fact.id)) {
        const where = this.#cube(this.#compile(when));
        any = this.#or(any, where);
        held = this.#or(held, both(this.#diagrams, where, is(bitsOf(entry, [value]))));
      }
      const all = this.#or(held, without(this.#diagrams, usual, any));
      node = this.#or(node, both(this.#diagrams, own, all));
    }
    return this.#or(node, without(this.#diagrams, is(entry.naBit), this.#any(entry.applies)));
  }

  // The tuples of catalogue facts that some tool, or a name that nobody knows, can have.
  #catalogue(): NodeId {
    const entries = this.#table.facts.filter(({ fact }) => fact.origin === 'catalogue');
    const tool = this.#table.facts.find(({ fact }) => fact.valuesFrom === 'tools');
    if (tool === undefined) return yes;
    const other = tool.values.length - 2;
    let node: NodeId = no;
    const seen = new Set<string>();
    const add = (number: number, facts: ReadonlyMap<string, string>, isInside: boolean): void => {
      const tests = entries.map((entry) => ({
        fact: entry.index,
        bits: catalogueBits(entry, facts.get(entry.fact.id), isInside) | entry.naBit,
      }));
      const key = `${number} ${tests.map(({ bits }) => bits).join()}`;
      if (seen.has(key)) return;
      seen.add(key);
      node = this.#or(node, this.#cube([{ fact: tool.index, bits: 1 << number }, ...tests]));
    };
    for (const one of this.#pack.tools.values()) add(tool.numberOf.get(one.id) ?? other, one.facts, true);
    add(other, new Map(), false);
    return node;
  }

  #quietNode(): NodeId {
    let node: NodeId = no;
    for (const entry of this.#table.facts) {
      if (entry.fact.asksNothingMore.size > 0)
        node = this.#or(
          node,
          this.#cube([{ fact: entry.index, bits: bitsOf(entry, [...entry.fact.asksNothingMore]) }]),
        );
    }
    return node;
  }

  #any(whens: readonly CompiledWhen[]): NodeId {
    return whens.length === 0
      ? yes
      : whens.reduce((node, when) => this.#or(node, this.#cube(when)), no as NodeId);
  }

  #compile(when: When): CompiledWhen {
    return [...when].flatMap(([name, values]) => {
      const entry = this.#entry(name);
      return entry === undefined ? [] : [{ fact: entry.index, bits: bitsOf(entry, [...values]) }];
    });
  }

  #entry(name: string): TableFact | undefined {
    return this.#table.facts[this.#table.factNumber.get(name) ?? -1];
  }

  #cube(when: CompiledWhen): NodeId {
    return cubeOf({ diagrams: this.#diagrams, placeOf: this.#placeOf }, when, yes, no);
  }

  #or(a: NodeId, b: NodeId): NodeId {
    return either(this.#diagrams, a, b);
  }
}

function catalogueBits(entry: TableFact, recorded: string | undefined, isInside: boolean): number {
  if (recorded !== undefined) return bitsOf(entry, [recorded]);
  const { mayBeStated } = entry.fact;
  const usual = entry.defaultNumber < 0 ? entry.allBits : 1 << entry.defaultNumber;
  if (isInside && entry.fact.isOnlyForOutside) return usual;
  return mayBeStated === undefined ? entry.allBits : usual | bitsOf(entry, [...mayBeStated]);
}

// Of what the catalogue or a register would know, the records say what it can be; of the rest, what may be stated.
function statableBits(entry: TableFact): number {
  const { mayBeStated, origin } = entry.fact;
  if (mayBeStated === undefined || origin === 'catalogue' || origin === 'register') return entry.allBits;
  return (entry.defaultNumber < 0 ? 0 : 1 << entry.defaultNumber) | bitsOf(entry, [...mayBeStated]);
}

function bitsOf(entry: TableFact, values: readonly string[]): number {
  let bits = 0;
  for (const value of values)
    bits |= value === notApplicable ? entry.naBit : 1 << (entry.numberOf.get(value) ?? 31);
  return bits;
}

function table2(of: (a: number, b: number) => number): Join {
  const join = new Int32Array(terminals * terminals);
  for (let a = 0; a < terminals; a++) for (let b = 0; b < terminals; b++) join[a * terminals + b] = of(a, b);
  return join;
}
