import { type Fact, notApplicable, type When } from '../pack.ts';
import type { Place, PolicyFile } from '../problem.ts';
import { didYouMean, type PackReader, type Path } from './pack-reader.ts';

/** A value as it stands in a file. */
export type Scalar = string | boolean;

/** The facts that are known while the rest of a pack is parsed. What names another one is reported. */
export class KnownFacts {
  readonly facts = new Map<string, Fact>();
  /** For each fact the names of its groups, with their members. */
  readonly groups = new Map<string, ReadonlyMap<string, readonly string[]>>();
  readonly #reader: PackReader;
  readonly #toolIds: readonly string[];

  /** `toolIds` are the values of a fact whose values are tools. */
  constructor(reader: PackReader, toolIds: readonly string[]) {
    this.#reader = reader;
    this.#toolIds = toolIds;
  }

  /** The tests of a rule, and of everything else that has tests. `faults` says which of them were not understood. */
  when(
    data: Readonly<Record<string, unknown>>,
    file: PolicyFile,
    path: Path,
  ): { when: When; faults: string[] } {
    const when = new Map<string, ReadonlySet<string>>();
    const faults: string[] = [];
    for (const [fact, given] of Object.entries(data)) {
      const at = { file: file.name, line: file.lineOf([...path, fact]) };
      if (!this.factName(fact, at)) {
        faults.push(`unknown fact \`${fact}\``);
        continue;
      }
      const read = this.valueSet(fact, given, file, [...path, fact]);
      faults.push(...read.faults);
      // A test that is not understood whole cannot be evaluated. Left out, it lets the rule apply more widely, never less.
      if (read.values.size > 0 && read.faults.length === 0) when.set(fact, read.values);
    }
    return { when, faults };
  }

  /** One value or several, where the name of a group stands for its members. */
  valueSet(
    fact: string,
    given: unknown,
    file: PolicyFile,
    path: Path,
  ): { values: ReadonlySet<string>; faults: string[] } {
    const at = { file: file.name, line: file.lineOf(path) };
    const values = new Set<string>();
    const faults: string[] = [];
    for (const value of (Array.isArray(given) ? given : [given]) as Scalar[]) {
      const group = this.groups.get(fact)?.get(String(value));
      if (group !== undefined) for (const member of group) values.add(member);
      else if (this.value(fact, String(value), at)) values.add(String(value));
      else faults.push(`unknown value \`${value}\` of \`${fact}\``);
    }
    return { values, faults };
  }

  /** Whether there is a fact of this name. */
  factName(name: string, at: Place): boolean {
    if (this.facts.has(name)) return true;
    this.#reader.problem(at, `unknown fact \`${name}\``, didYouMean(name, this.facts.keys()));
    return false;
  }

  /** Whether a fact has this value. */
  value(factId: string, value: string, at: Place): boolean {
    const fact = this.facts.get(factId);
    if (fact === undefined) return false;
    if (value === notApplicable || fact.values.some(({ id }) => id === value)) return true;
    const noun =
      fact.valuesFrom === 'tools' ? 'tool' : fact.valuesFrom === 'organisations' ? 'organisation' : undefined;
    const own = fact.valuesFrom === 'tools' ? this.#toolIds : fact.values.map(({ id }) => id);
    const known = [...own, ...(this.groups.get(factId)?.keys() ?? [])];
    if (noun !== undefined)
      this.#reader.problem(at, `unknown ${noun} \`${value}\``, didYouMean(value, known));
    else
      this.#reader.problem(
        at,
        `unknown value \`${value}\` of \`${factId}\``,
        didYouMean(value, known) ?? `It can be ${known.map((name) => `\`${name}\``).join(', ')}.`,
      );
    return false;
  }
}

/** Values by fact, all as text. */
export function textMap(data: Readonly<Record<string, Scalar>>): Map<string, string> {
  return new Map(Object.entries(data).map(([key, value]) => [key, String(value)]));
}
