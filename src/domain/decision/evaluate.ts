import type { Tool } from '../policy/pack.ts';
import { notApplicable, type Pack } from '../policy/pack.ts';
import type { FactProblem } from './fact-problem.ts';
import type { StatedFacts } from './parse-facts.ts';
import { type CompiledWhen, type Table, type TableFact, toolNumber } from './table.ts';

/** Where the value of a fact comes from. `claimed`: you told us what only a record could know. */
export type FactOrigin = 'asked' | 'claimed' | 'assumed' | 'catalogue' | 'register' | 'record' | 'derived';

/** For each fact the values it can still have, one bit a value. A plain list: making a small typed array takes much longer. */
export type Possible = readonly number[];

/** What is known about every fact: the set of values it can still have, one bit a value, and where that comes from. */
export type Evaluation = {
  readonly possible: Possible;
  /** Null: not stated and not known by itself. */
  readonly origins: readonly (FactOrigin | null)[];
  /** Facts whose value is a default that nobody stated. */
  readonly assumed: readonly number[];
  /** Stated facts that do not apply. */
  readonly ignored: readonly string[];
  readonly problems: readonly FactProblem[];
};

/**
 * What is asked about: the stated facts, and the tool that was named (null: named and not in the catalogue). `recorded` is what
 * somebody who may decide it has put on record for this very question, such as a manager's guidance.
 */
export type Situation = {
  readonly stated: StatedFacts;
  readonly tool: Tool | null | undefined;
  readonly recorded?: StatedFacts | undefined;
};

/**
 * Works out what is known about each fact from what is stated, the catalogue, the register of local rules and the defaults
 * of the pack. What is recorded wins over what is stated, and contradicting it is a problem that names both.
 */
export function evaluate(table: Table, pack: Pack, situation: Situation): Evaluation {
  const stated = byFactNumber(table, situation.stated);
  return new Evaluator(table, pack, situation, { stated, possible: table.nothingKnown.slice() }).run();
}

/**
 * Works out one fact where others are supposed: reads the facts that it hangs on from `possible`, puts the values that it can then
 * have into its place there, and returns them. Call it in the order of the table.
 */
export function settler(
  table: Table,
  pack: Pack,
  situation: Situation,
  possible: number[],
): (fact: number) => number {
  // A copy: the list is filled anew by every evaluation, and this one lasts longer.
  const stated = byFactNumber(table, situation.stated).slice();
  const evaluator = new Evaluator(table, pack, situation, { stated, possible });
  return (fact) => evaluator.settle(fact);
}

/**
 * What would be known if a fact that is not stated had this value. Only what hangs on it is worked out again, so this takes a
 * fraction of the time of a new evaluation, and comes to the same.
 */
export function reevaluate(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
  entry: TableFact,
  value: string,
): Pick<Evaluation, 'possible' | 'problems'> {
  if (reachesBeyond(entry)) {
    const stated = new Map(situation.stated).set(entry.fact.id, value);
    return evaluate(table, pack, { ...situation, stated });
  }
  const stated = byFactNumber(table, situation.stated);
  stated[entry.index] = value;
  return new Evaluator(table, pack, situation, { stated, possible: evaluation.possible.slice() }).again(
    entry,
  );
}

// Whether stating the fact changes more than the facts that hang on it: whether anything is asked at all, the kinds that fit
// what is wanted, or what the register is asked for.
function reachesBeyond(entry: TableFact): boolean {
  const { asksNothingMore, fits, follows } = entry.fact;
  return (
    asksNothingMore.size > 0 || fits !== undefined || follows !== undefined || entry.followers.length > 0
  );
}

/** Whether tests hold: 0 certainly not, 1 perhaps, 2 certainly. */
export function holds(when: CompiledWhen, possible: Possible): 0 | 1 | 2 {
  let certain = true;
  for (let at = 0; at < when.length; at++) {
    const { fact, bits } = when[at] as { fact: number; bits: number };
    const now = possible[fact] as number;
    if ((now & bits) === 0) return 0;
    if ((now & ~bits) !== 0) certain = false;
  }
  return certain ? 2 : 1;
}

/** The same for alternatives, of which one must hold. None at all: certainly. */
export function anyHolds(whens: readonly CompiledWhen[], possible: Possible): 0 | 1 | 2 {
  if (whens.length === 0) return 2;
  let best: 0 | 1 | 2 = 0;
  for (let at = 0; at < whens.length; at++) {
    const one = holds(whens[at] as CompiledWhen, possible);
    if (one === 2) return 2;
    if (one > best) best = one;
  }
  return best;
}

class Evaluator {
  readonly #table: Table;
  readonly #pack: Pack;
  readonly #situation: Situation;
  /** What is stated, by the number of the fact. */
  readonly #stated: readonly (string | undefined)[];
  /** What the catalogue holds of the tool, by the number of the fact: the bit of the value, or 0. */
  readonly #held: Int32Array;
  readonly #possible: number[];
  readonly #origins: (FactOrigin | null)[];
  readonly #assumed: number[] = [];
  readonly #ignored: string[] = [];
  readonly #problems: FactProblem[] = [];
  readonly #isQuiet: boolean;
  readonly #onRecord: StatedFacts | undefined;

  constructor(
    table: Table,
    pack: Pack,
    situation: Situation,
    lists: { readonly stated: readonly (string | undefined)[]; readonly possible: number[] },
  ) {
    this.#table = table;
    this.#pack = pack;
    this.#situation = situation;
    this.#stated = lists.stated;
    this.#held = heldBits(table, situation.tool);
    this.#possible = lists.possible;
    this.#origins = table.noOrigins.slice();
    this.#onRecord = situation.recorded;
    this.#isQuiet = isQuiet(table, lists.stated);
  }

  settle(fact: number): number {
    this.#settle(this.#table.facts[fact] as TableFact);
    return this.#possible[fact] as number;
  }

  run(): Evaluation {
    const { order, facts } = this.#table;
    for (let at = 0; at < order.length; at++) this.#settle(facts[order[at] as number] as TableFact);
    return {
      possible: this.#possible,
      origins: this.#origins,
      assumed: this.#assumed,
      ignored: this.#ignored,
      problems: this.#problems,
    };
  }

  /** Works out one fact again, and what hangs on it. */
  again(entry: TableFact): Pick<Evaluation, 'possible' | 'problems'> {
    const { affects, facts } = this.#table;
    this.#settle(entry);
    for (const index of affects[entry.index] as readonly number[]) this.#settle(facts[index] as TableFact);
    return { possible: this.#possible, problems: this.#problems };
  }

  #settle(entry: TableFact): void {
    const { fact, index, naBit } = entry;
    const stated = this.#stated[index];
    const applies = anyHolds(entry.applies, this.#possible);
    if (applies === 0) {
      this.#possible[index] = naBit;
      if (stated !== undefined) this.#ignored.push(fact.id);
      return;
    }
    // Most facts are like this, and everything below is for the others.
    if (stated === undefined && entry.isPlain && this.#onRecord === undefined && this.#held[index] === 0) {
      const usual = this.#defaultBit(entry);
      this.#possible[index] = applies === 1 ? usual | naBit : usual;
      return;
    }
    if (stated === notApplicable && applies === 2 && !fact.mayBeNotApplicable) {
      this.#problems.push({ fact: fact.id, detail: `\`${fact.id}\` applies here, so it cannot be \`n/a\`` });
    }
    const bits = this.#bitsOf(entry, stated);
    this.#possible[index] = applies === 1 ? bits | naBit : bits;
  }

  #bitsOf(entry: TableFact, stated: string | undefined): number {
    const { fact, index } = entry;
    if (fact.valuesFrom === 'tools') return this.#toolBits(entry, stated);
    const recorded = this.#recordedBits(entry);
    if (recorded !== undefined && (stated === undefined || stated !== notApplicable)) {
      this.#origins[index] =
        fact.origin === 'register' || fact.origin === 'record' ? fact.origin : 'catalogue';
      if (stated === undefined) return recorded;
      const bit = 1 << (entry.numberOf.get(stated) ?? 31);
      if ((recorded & bit) === 0) this.#contradiction(entry, stated, recorded);
      return recorded & bit || recorded;
    }
    if (stated !== undefined) return this.#statedBits(entry, stated);
    switch (fact.origin) {
      case 'asked':
        return this.#askedBits(entry);
      case 'derived':
        return this.#derivedBits(entry);
      case 'register':
        return this.#isQuiet ? entry.naBit : this.#anyRegisterBits(entry);
      case 'catalogue':
        // Without a tool nothing is known of what the catalogue would say.
        if (this.#situation.tool === undefined && !this.#isQuiet) return this.#kindsThatFit(entry);
        return this.#defaultBit(entry);
      default:
        return this.#defaultBit(entry);
    }
  }

  #toolBits(entry: TableFact, stated: string | undefined): number {
    if (stated === undefined) return this.#isQuiet ? 1 << toolNumber(this.#table, null) : entry.allBits;
    this.#origins[entry.index] = 'asked';
    return 1 << toolNumber(this.#table, this.#situation.tool?.id ?? null);
  }

  #recordedBits(entry: TableFact): number | undefined {
    const held = this.#held[entry.index] as number;
    if (held !== 0) return held;
    const { follows } = entry.fact;
    // Hardly any question has something on record, and this is asked of every fact.
    if (this.#onRecord !== undefined && entry.fact.origin === 'record') {
      const recorded = this.#onRecord.get(entry.fact.id);
      if (recorded !== undefined) return 1 << (entry.numberOf.get(recorded) ?? 31);
    }
    if (follows === undefined || !this.#situation.stated.has(follows)) return undefined;
    return this.#registerBits(entry, bitOf(this.#holders(follows), this.#situation.stated.get(follows)));
  }

  // What the register would hold for any of the organisations that it can still be, while none is named.
  #anyRegisterBits(entry: TableFact): number {
    const key = this.#holders(entry.fact.follows ?? '');
    const named = key === undefined ? 0 : (this.#possible[key.index] as number) & key.allBits;
    let bits = 0;
    for (const id of this.#pack.organisations.keys()) {
      const holder = bitOf(key, id);
      if (named === 0 || (named & holder) !== 0) bits |= this.#registerBits(entry, holder);
    }
    return bits === 0 ? entry.allBits : bits;
  }

  #holders(follows: string): TableFact | undefined {
    return this.#table.facts[this.#table.factNumber.get(follows) ?? -1];
  }

  // What the register holds for the organisation that `holder` is the bit of.
  #registerBits(entry: TableFact, holder: number): number {
    let bits = 0;
    let isCertain = false;
    for (const record of entry.records) {
      if (record.holder !== holder) continue;
      const held = holds(record.when, this.#possible);
      if (held > 0) bits |= record.bit;
      if (held === 2) isCertain = true;
    }
    return isCertain ? bits : bits | (1 << entry.defaultNumber);
  }

  #statedBits(entry: TableFact, stated: string): number {
    const { fact, index } = entry;
    if (stated !== fact.default && fact.isOnlyForOutside && this.#situation.tool) {
      this.#contradiction(entry, stated, 1 << entry.defaultNumber);
    } else if (stated !== notApplicable && fact.mayBeStated !== undefined && !fact.mayBeStated.has(stated)) {
      const may = [...fact.mayBeStated];
      this.#problems.push({
        fact: fact.id,
        detail:
          may.length === 0
            ? `\`${fact.id}\` follows from the tool and cannot be stated`
            : `\`${fact.id}\` cannot be stated as \`${stated}\` for a tool outside the guidance: it can be ${may.join(', ')}`,
      });
    }
    this.#origins[index] =
      fact.origin === 'asked' || fact.origin === 'assumed' || fact.origin === 'catalogue'
        ? 'asked'
        : 'claimed';
    return 1 << (entry.numberOf.get(stated) ?? 31);
  }

  #askedBits(entry: TableFact): number {
    const all = this.#fitting(entry);
    // Whoever claims what the register would say of an organisation need not name it.
    if (entry.followers.some((fact) => this.#situation.stated.has(fact))) return entry.naBit;
    // Where only one value fits there is nothing to ask.
    if (this.#isQuiet) return (all & (all - 1)) === 0 ? all : entry.naBit;
    const asked = anyHolds(entry.askedWhen, this.#possible);
    if (asked === 2) return all;
    const usual = entry.defaultNumber < 0 ? all : 1 << entry.defaultNumber;
    if (asked === 0) this.#assumed.push(entry.index);
    return asked === 1 ? all | usual : usual;
  }

  // The values that fit what is already known: a password manager is not for video calls.
  #fitting(entry: TableFact): number {
    const { fact, numberOf, allBits } = entry;
    const own = this.#situation.tool?.fits.get(fact.id);
    if (own !== undefined) return own.reduce((bits, value) => bits | (1 << (numberOf.get(value) ?? 31)), 0);
    if (fact.fits === undefined) return allBits;
    const by = this.#table.facts[this.#table.factNumber.get(fact.fits.by) ?? -1];
    if (by === undefined) return allBits;
    let bits = 0;
    for (const [value, list] of fact.fits.values) {
      if ((this.#possible[by.index] as number) & (1 << (by.numberOf.get(value) ?? 31))) {
        for (const one of list) bits |= 1 << (numberOf.get(one) ?? 31);
      }
    }
    return bits === 0 ? allBits : bits;
  }

  #kindsThatFit(entry: TableFact): number {
    let bits = entry.allBits;
    for (const { fact } of this.#table.facts) {
      const stated = this.#situation.stated.get(fact.id);
      if (fact.fits?.by !== entry.fact.id || stated === undefined) continue;
      let fitting = 0;
      for (const [kind, list] of fact.fits.values)
        if (list.includes(stated)) fitting |= 1 << (entry.numberOf.get(kind) ?? 31);
      if ((bits & fitting) !== 0) bits &= fitting;
    }
    return bits;
  }

  #derivedBits(entry: TableFact): number {
    this.#origins[entry.index] = 'derived';
    let bits = 0;
    for (const { when, bit } of entry.table) {
      const held = holds(when, this.#possible);
      if (held > 0) bits |= bit;
      if (held === 2) return bits;
    }
    return bits | (entry.defaultNumber < 0 ? 0 : 1 << entry.defaultNumber);
  }

  #defaultBit(entry: TableFact): number {
    this.#assumed.push(entry.index);
    return entry.defaultNumber < 0 ? entry.allBits : 1 << entry.defaultNumber;
  }

  #contradiction(entry: TableFact, stated: string, recorded: number): void {
    const held = entry.values.filter((_, number) => recorded & (1 << number)).join(' or ');
    const { fact } = entry;
    const source = sources[fact.origin] ?? 'the catalogue';
    this.#problems.push({
      fact: fact.id,
      detail: `\`${fact.id}\` is stated as \`${stated}\`, but ${source} says \`${held}\``,
      suggestion: held,
    });
  }
}

const sources: Readonly<Record<string, string>> = {
  register: 'the register of local rules',
  record: 'what is recorded',
};

// Whether a value is stated after which nothing more is asked.
function isQuiet({ quiet }: Table, stated: readonly (string | undefined)[]): boolean {
  for (let at = 0; at < quiet.length; at++) {
    const { fact, index } = quiet[at] as TableFact;
    const value = stated[index];
    if (value !== undefined && fact.asksNothingMore.has(value)) return true;
  }
  return false;
}

// The bit of a value; the last one, which no value has, where the fact does not have it.
function bitOf(entry: TableFact | undefined, value: string | undefined): number {
  return 1 << (entry?.numberOf.get(value ?? '') ?? 31);
}

// One list for all calls: an evaluation is over before the next one starts.
const numbered: (string | undefined)[] = [];
function byFactNumber(table: Table, stated: StatedFacts): (string | undefined)[] {
  if (numbered.length < table.facts.length) numbered.length = table.facts.length;
  numbered.fill(undefined);
  for (const [fact, value] of stated) {
    const number = table.factNumber.get(fact);
    if (number !== undefined) numbered[number] = value;
  }
  return numbered;
}

// The same for every question about a tool, so it is worked out once for each.
const heldOfTools = new WeakMap<Table, WeakMap<Pick<Tool, 'facts'>, Int32Array>>();
function heldBits(table: Table, tool: Tool | null | undefined): Int32Array {
  const ofTools = heldOfTools.get(table) ?? new WeakMap<Pick<Tool, 'facts'>, Int32Array>();
  heldOfTools.set(table, ofTools);
  const key = tool ?? noTool;
  const known = ofTools.get(key);
  if (known !== undefined) return known;
  const made = Int32Array.from(table.facts, ({ fact, numberOf }) => {
    const value = key.facts.get(fact.id);
    return value === undefined ? 0 : 1 << (numberOf.get(value) ?? 31);
  });
  ofTools.set(key, made);
  return made;
}

// Stands for a name that the catalogue does not know, and for no name at all: nothing is held.
const noTool: Pick<Tool, 'facts'> = { facts: new Map() };
