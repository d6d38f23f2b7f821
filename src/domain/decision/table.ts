import { type Fact, notApplicable, otherTool, type Pack, type Rule, type When } from '../policy/pack.ts';
import { type Day, isInForce, nextDay } from '../shared/day.ts';
import { isPermission, severityOf, type Verdict, verdicts } from '../shared/verdict.ts';
import { setBit } from './bit-set.ts';
import { buildColumns, type Columns } from './columns.ts';

/** A fact whose default was taken, with that default. */
export type Assumption = { readonly fact: string; readonly value: string };

/** One fact in the table. Values are numbered; `n/a` is the last one. */
export type TableFact = {
  readonly fact: Fact;
  readonly index: number;
  /** Value names by number, with `n/a` last. */
  readonly values: readonly string[];
  readonly numberOf: ReadonlyMap<string, number>;
  /** Bits of all values but `n/a`. */
  readonly allBits: number;
  readonly naBit: number;
  readonly defaultNumber: number;
  /** What is taken of it where nobody states it: one for all answers. */
  readonly assumption: Assumption;
  /** Where its rows start in `masks`; -1 where no rule tests it. */
  readonly row: number;
  readonly applies: readonly CompiledWhen[];
  readonly askedWhen: readonly CompiledWhen[];
  readonly table: readonly { readonly when: CompiledWhen; readonly bit: number }[];
  /** Where it follows another fact: the situations that its records are for, whose record it is, and the bit of the value it gives. */
  readonly records: readonly { readonly when: CompiledWhen; readonly holder: number; readonly bit: number }[];
  /** The facts that follow this one. */
  readonly followers: readonly string[];
  /** Whether the applicability or value of another fact hangs on this one. */
  readonly gates: boolean;
  /** Nothing but a statement, a record, or what the catalogue holds of the tool gives it another value than its default. */
  readonly isPlain: boolean;
  /**
   * For each other value than the default that may be stated, the rules whose test of this fact it meets and the default does not,
   * or the other way round. Values that come to the same as the default are left out.
   */
  readonly swings: readonly (readonly Swing[])[];
};

/** Tests as pairs of a fact's place and the bits of the values that meet it. */
export type CompiledWhen = readonly { readonly fact: number; readonly bits: number }[];

/** A rule whose test of one fact another value than the default turns over, and its tests of other facts. */
export type Swing = { readonly rule: number; readonly comesIn: boolean; readonly others: CompiledWhen };

/**
 * The bitset form of a pack on one day: for each value of each tested fact the set of rules that admit it, one bit a rule.
 * A decision is the intersection of one set per fact. Rules stand strictest verdict first, so that reading the bits in
 * order gives the reasons in the order they are shown.
 */
export type Table = {
  readonly facts: readonly TableFact[];
  readonly factNumber: ReadonlyMap<string, number>;
  /** Facts in an order in which everything a fact hangs on comes before it. */
  readonly order: readonly number[];
  /** For each fact the others that hang on it, also through further ones, in that order. */
  readonly affects: readonly (readonly number[])[];
  /** Facts with a value after which nothing more is asked. */
  readonly quiet: readonly TableFact[];
  /** Nothing known of any fact, and no origin: to be copied, which is much faster than filling new lists. */
  readonly nothingKnown: readonly number[];
  readonly noOrigins: readonly null[];
  readonly tested: readonly number[];
  readonly rules: readonly Rule[];
  readonly tests: readonly CompiledWhen[];
  readonly words: number;
  readonly masks: Int32Array;
  /** For each severity the set of rules with that verdict. */
  readonly byVerdict: readonly Int32Array[];
  readonly severities: readonly number[];
  readonly faulty: Int32Array;
  readonly permissions: Int32Array;
  /** Rules that add a condition (not only next steps). */
  readonly conditional: Int32Array;
  /** For each rule the numbers of the conditions and next steps it adds. */
  readonly adds: readonly (readonly number[])[];
  readonly additions: readonly string[];
  /** The same as sets, `additionWords` words for each rule. */
  readonly additionSets: Int32Array;
  readonly additionWords: number;
  /** The same rules arranged for complete situations. */
  readonly columns: Columns;
  /** For each fact the rules that test it. */
  readonly rulesOf: readonly (readonly number[])[];
};

/** Severity of a rule without a verdict. */
export const noVerdict = -1;

/** Builds the table of the rules in force on `day`. Throws where facts hang on each other in a circle. */
export function buildTable(pack: Pack, day: Day): Table {
  const rules = pack.rules
    .filter((rule) => isInForce(rule, day))
    .map((rule, index) => ({ rule, index }))
    .sort((a, b) => severityOfRule(b.rule) - severityOfRule(a.rule) || a.index - b.index)
    .map(({ rule }) => rule);
  const words = Math.max(1, Math.ceil(rules.length / 32));
  const list = [...pack.facts.values()];
  const factNumber = new Map(list.map((fact, index) => [fact.id, index]));
  const values = list.map((fact) => [...fact.values.map(({ id }) => id), notApplicable]);
  const numbers = values.map((names) => new Map(names.map((name, number) => [name, number])));
  const compile = (when: When): CompiledWhen =>
    [...when].map(([fact, allowed]) => {
      const index = factNumber.get(fact) ?? -1;
      let bits = 0;
      for (const value of allowed) bits |= 1 << (numbers[index]?.get(value) ?? 31);
      return { fact: index, bits };
    });
  const tests = rules.map((rule) => compile(rule.when));
  const rulesOf = list.map((_, index) =>
    tests.flatMap((test, rule) => (test.some(({ fact }) => fact === index) ? [rule] : [])),
  );
  const recordsOf = (fact: Fact): TableFact['records'] => {
    const holders = numbers[factNumber.get(fact.follows ?? '') ?? -1];
    if (holders === undefined) return [];
    return [...pack.organisations.values()].flatMap(({ id, records }) =>
      records
        .filter((record) => record.fact === fact.id)
        .map((record) => ({
          when: compile(record.when),
          holder: 1 << (holders.get(id) ?? 31),
          bit: 1 << (numbers[factNumber.get(fact.id) ?? -1]?.get(record.value) ?? 31),
        })),
    );
  };
  const compiled = list.map((fact) => ({
    applies: fact.applies.map(compile),
    askedWhen: fact.askedWhen.map(compile),
    table: fact.table.map((row) => ({ when: compile(row.when), value: row.value })),
  }));
  const hangsOn = list.map((fact, index) => {
    const own = compiled[index];
    const tested = [
      ...(own?.applies ?? []),
      ...(own?.askedWhen ?? []),
      ...(own?.table.map(({ when }) => when) ?? []),
    ].flatMap((when) => when.map(({ fact: on }) => on));
    const others = [fact.follows, fact.fits?.by].flatMap((name) =>
      name === undefined ? [] : [factNumber.get(name) ?? -1],
    );
    const recorded =
      fact.follows === undefined
        ? []
        : [...pack.organisations.values()].flatMap(({ records }) =>
            records
              .filter((record) => record.fact === fact.id)
              .flatMap(({ when }) => [...when.keys()].map((name) => factNumber.get(name) ?? -1)),
          );
    const tool = fact.origin === 'catalogue' ? [factNumber.get('tool') ?? -1] : [];
    return new Set([...tested, ...others, ...recorded, ...tool].filter((on) => on >= 0 && on !== index));
  });
  const order = inOrder(hangsOn, list);
  let rows = 0;
  const facts = list.map((fact, index): TableFact => {
    const names = values[index] ?? [];
    const isTested = (rulesOf[index]?.length ?? 0) > 0;
    const row = isTested ? rows : -1;
    if (isTested) rows += names.length * words;
    const own = compiled[index];
    const defaultNumber = numbers[index]?.get(fact.default ?? '') ?? -1;
    const entry = {
      fact,
      index,
      values: names,
      numberOf: numbers[index] ?? new Map(),
      allBits: (1 << (names.length - 1)) - 1,
      naBit: 1 << (names.length - 1),
      defaultNumber,
      assumption: { fact: fact.id, value: names.find((name) => name === fact.default) ?? '' },
      row,
      applies: own?.applies ?? [],
      askedWhen: own?.askedWhen ?? [],
      table: (own?.table ?? []).map(({ when, value }) => ({
        when,
        bit: 1 << (numbers[index]?.get(value) ?? 31),
      })),
      records: recordsOf(fact),
      followers: list.filter(({ follows }) => follows === fact.id).map(({ id }) => id),
      gates: hangsOn.some((on) => on.has(index)),
      isPlain: (fact.origin === 'assumed' || fact.origin === 'record') && fact.follows === undefined,
    };
    return { ...entry, swings: swingsOf(tests, rulesOf[index] ?? [], entry) };
  });
  const masks = new Int32Array(rows);
  for (const { row, values: names, index } of facts) {
    if (row < 0) continue;
    for (const number of names.keys()) {
      for (const [rule, test] of tests.entries()) {
        const own = test.find(({ fact }) => fact === index);
        if (own === undefined || own.bits & (1 << number)) setBit(masks, row + number * words, rule);
      }
    }
  }
  const set = (member: (rule: Rule) => boolean): Int32Array => {
    const bits = new Int32Array(words);
    for (const [index, rule] of rules.entries()) if (member(rule)) setBit(bits, 0, index);
    return bits;
  };
  const additions = [...pack.conditions.keys()];
  const additionNumber = new Map(additions.map((id, number) => [id, number]));
  const adds = rules.map((rule) => rule.adds.flatMap((id) => additionNumber.get(id) ?? []));
  const additionWords = Math.max(1, Math.ceil(additions.length / 32));
  const additionSets = new Int32Array(rules.length * additionWords);
  for (const [rule, added] of adds.entries())
    for (const addition of added) setBit(additionSets, rule * additionWords, addition);
  return {
    facts,
    factNumber,
    order,
    affects: affectedBy(hangsOn, order),
    quiet: facts.filter(({ fact }) => fact.asksNothingMore.size > 0),
    nothingKnown: facts.map(() => 0),
    noOrigins: facts.map(() => null),
    tested: facts.filter(({ row }) => row >= 0).map(({ index }) => index),
    rules,
    tests,
    words,
    masks,
    byVerdict: verdicts.map((verdict) => set((rule) => severityOfRule(rule) === severityOf(verdict))),
    severities: rules.map(severityOfRule),
    faulty: set((rule) => rule.faults.length > 0),
    permissions: set(
      (rule) => rule.verdict !== null && isPermission(rule.verdict) && rule.faults.length === 0,
    ),
    conditional: set((rule) => rule.adds.some((id) => pack.conditions.get(id)?.kind === 'condition')),
    adds,
    additions,
    additionSets,
    additionWords,
    columns: buildColumns({
      sizes: values.map((names) => names.length),
      rows: facts.map(({ row }) => row),
      masks,
      words,
      ruleCount: rules.length,
      rulesOf,
    }),
    rulesOf,
  };
}

/** The days on which the set of rules in force changes, in order. */
export function daysOfChange(pack: Pack): Day[] {
  const days = new Set<Day>();
  for (const { from, to } of pack.rules) {
    if (from !== undefined) days.add(from);
    if (to !== undefined) days.add(nextDay(to));
  }
  return [...days].sort();
}

/** The number of the value of `tool` that stands for a tool: its own where rules name it. */
export function toolNumber(table: Table, id: string | null): number {
  const numberOf = table.facts[table.factNumber.get('tool') ?? -1]?.numberOf;
  return (id === null ? undefined : numberOf?.get(id)) ?? numberOf?.get(otherTool) ?? 0;
}

// A rule that cannot be evaluated makes the answer at least as careful as `get-guidance`.
function severityOfRule(rule: Rule): number {
  const own: Verdict | null = rule.verdict;
  const severity = own === null ? noVerdict : severityOf(own);
  return rule.faults.length > 0 ? Math.max(severity, severityOf('get-guidance')) : severity;
}

function swingsOf(
  tests: readonly CompiledWhen[],
  testing: readonly number[],
  entry: Omit<TableFact, 'swings'>,
): TableFact['swings'] {
  const { index, defaultNumber, values } = entry;
  if (defaultNumber < 0) return [];
  const swings = values.map((_, number): Swing[] => {
    if (!isOtherValue(entry, number)) return [];
    return testing.flatMap((rule) => {
      const when = tests[rule] ?? [];
      const bits = when.find(({ fact }) => fact === index)?.bits ?? 0;
      const comesIn = (bits & (1 << number)) !== 0;
      if (comesIn === ((bits & (1 << defaultNumber)) !== 0)) return [];
      return [{ rule, comesIn, others: when.filter(({ fact }) => fact !== index) }];
    });
  });
  return swings.filter(({ length }) => length > 0);
}

/** Whether a value, by its number, is another one than the default and `n/a`, and may be stated. */
export function isOtherValue(
  { defaultNumber, values, fact }: Pick<TableFact, 'defaultNumber' | 'values' | 'fact'>,
  number: number,
): boolean {
  return (
    number !== defaultNumber &&
    number < values.length - 1 &&
    (fact.mayBeStated === undefined || fact.mayBeStated.has(values[number] ?? ''))
  );
}

function affectedBy(hangsOn: readonly ReadonlySet<number>[], order: readonly number[]): number[][] {
  const affects: number[][] = hangsOn.map(() => []);
  const behind = new Map<number, Set<number>>();
  for (const index of order) {
    const all = new Set<number>();
    for (const on of hangsOn[index] ?? []) for (const one of [on, ...(behind.get(on) ?? [])]) all.add(one);
    behind.set(index, all);
    for (const one of all) affects[one]?.push(index);
  }
  return affects;
}

function inOrder(hangsOn: readonly ReadonlySet<number>[], list: readonly Fact[]): number[] {
  const order: number[] = [];
  const state = new Map<number, 'open' | 'done'>();
  const visit = (index: number): void => {
    if (state.get(index) === 'done') return;
    if (state.get(index) === 'open')
      throw new Error(`the fact \`${list[index]?.id}\` hangs on itself through other facts`);
    state.set(index, 'open');
    for (const on of hangsOn[index] ?? []) visit(on);
    state.set(index, 'done');
    order.push(index);
  };
  for (const index of list.keys()) visit(index);
  return order;
}
