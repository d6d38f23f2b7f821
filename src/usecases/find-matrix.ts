import { buildMatrix, type Matrix, type MatrixRow } from '#domain/decision/matrix.ts';
import type {
  Fact,
  FactValue,
  InformationKind,
  MatrixFilter,
  MatrixPlan,
  Pack,
} from '#domain/policy/pack.ts';
import type { Day } from '#domain/shared/day.ts';
import { nearestName } from '#domain/shared/nearest-name.ts';
import { catalogueFact, valueForTool } from './catalogue-facts.ts';
import type { Needs } from './needs.ts';
import { shown } from './shown.ts';

/** What the matrix can be narrowed down by, as a form or a parameter offers it. */
export type OfferedFilter = {
  readonly fact: Fact;
  readonly values: readonly FactValue[];
  /** What it is called that each tool has its own value; null where one value is always chosen. */
  readonly eachItsOwn: string | null;
};

/** A filter with the value that holds; null: each tool has its own. */
export type ChosenFilter = OfferedFilter & { readonly value: FactValue | null };

/** A value of a filter that cannot be read. */
export type FilterProblem = {
  readonly fact: string;
  /** What was given; null where that was more than one. */
  readonly given: string | null;
  readonly detail: string;
  readonly suggestion?: string;
};

/** The tools of one kind. */
export type MatrixGroup = { readonly kind: FactValue | null; readonly rows: readonly MatrixRow[] };

export type FoundMatrix = Pick<Matrix, 'unfitting' | 'ordinary'> & {
  readonly filters: readonly ChosenFilter[];
  readonly information: readonly InformationKind[];
  readonly groups: readonly MatrixGroup[];
  readonly on: Day;
};

export type MatrixResult =
  | { readonly outcome: 'ok'; readonly matrix: FoundMatrix }
  | { readonly outcome: 'problems'; readonly problems: readonly FilterProblem[] }
  /** The pack does not say what the columns are. */
  | { readonly outcome: 'none' };

/** What the matrix of a pack can be narrowed down by, in order. */
export function matrixFilters(pack: Pack): OfferedFilter[] {
  return (pack.matrix?.filters ?? []).flatMap((filter) => offered(pack, filter));
}

/**
 * Which tool for which information, today: every tool that the guidance names with every kind of information, each decided by the
 * rules. `given` holds what was chosen of the filters, by the name of the fact; what is absent or empty begins as the pack says, and
 * names that are no filter are not looked at.
 */
export function findMatrix(needs: Needs, given: Readonly<Record<string, unknown>>): MatrixResult {
  const policy = needs.policy();
  const { pack } = policy;
  if (pack.matrix === null) return { outcome: 'none' };
  const read = matrixFilters(pack).map((filter) => readFilter(filter, given[filter.fact.id]));
  const problems = read.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) return { outcome: 'problems', problems };
  const filters = read.map(({ filter, value }): ChosenFilter => ({ ...filter, value }));
  return { outcome: 'ok', matrix: matrixOf(needs, pack.matrix, filters) };
}

function matrixOf(needs: Needs, plan: MatrixPlan, filters: readonly ChosenFilter[]): FoundMatrix {
  const policy = needs.policy();
  const { pack } = policy;
  const on = needs.today();
  const chosen = new Map(
    filters.flatMap(({ fact, value }) => (value === null ? [] : [[fact.id, value.id] as const])),
  );
  const listed = [...pack.tools.values()].filter((tool) => tool.listed !== undefined);
  const { rows, unfitting, ordinary } = buildMatrix(policy.tableOn(on), pack, plan, listed, chosen);
  return { filters, information: plan.information, groups: grouped(pack, rows), unfitting, ordinary, on };
}

function offered(pack: Pack, { fact: id, values, eachItsOwn }: MatrixFilter): OfferedFilter[] {
  const fact = pack.facts.get(id);
  if (fact === undefined) return [];
  return [
    {
      fact,
      values: fact.values.filter((value) => values?.has(value.id) ?? true),
      eachItsOwn: eachItsOwn ?? null,
    },
  ];
}

type ReadFilter = {
  readonly filter: OfferedFilter;
  readonly value: FactValue | null;
  readonly problem?: FilterProblem;
};

function readFilter(filter: OfferedFilter, given: unknown): ReadFilter {
  const { fact, values, eachItsOwn } = filter;
  const first = eachItsOwn === null ? values.find(({ id }) => id === fact.ordinary) : undefined;
  if (given === undefined || given === '') return { filter, value: first ?? null };
  const problem = (detail: string, suggestion?: string): ReadFilter => ({
    filter,
    value: null,
    problem: {
      fact: fact.id,
      given: typeof given === 'string' ? given : null,
      detail,
      ...(suggestion === undefined ? {} : { suggestion }),
    },
  });
  if (typeof given !== 'string') return problem(`\`${fact.id}\` is given more than once`);
  const value = values.find(({ id }) => id === given);
  if (value !== undefined) return { filter, value };
  const known = values.map(({ id }) => id);
  return problem(
    `\`${fact.id}\` cannot be \`${shown(given)}\` here: it can be ${known.join(', ')}`,
    nearestName(given, known),
  );
}

function grouped(pack: Pack, rows: readonly MatrixRow[]): MatrixGroup[] {
  const fact = catalogueFact(pack, 'kind');
  const groups = new Map<FactValue | null, MatrixRow[]>();
  for (const kind of fact?.values ?? []) groups.set(kind, []);
  for (const row of rows) {
    const kind = valueForTool(row.tool, fact);
    groups.set(kind, [...(groups.get(kind) ?? []), row]);
  }
  return [...groups].flatMap(([kind, own]) => (own.length === 0 ? [] : [{ kind, rows: own }]));
}
