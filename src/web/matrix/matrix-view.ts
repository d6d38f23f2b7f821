import type { MatrixCell, MatrixRow } from '#domain/decision/matrix.ts';
import type { Fact, Pack } from '#domain/policy/pack.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { verdicts } from '#domain/shared/verdict.ts';
import {
  type FilterProblem,
  type FoundMatrix,
  type MatrixResult,
  matrixFilters,
} from '#usecases/find-matrix.ts';
import { shown } from '#usecases/shown.ts';
import { hrefOf, keptFacts, type Query, textIn } from '../ask/address.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { openWords, verdictWords } from '../words.ts';

export type MatrixModel = PageModel & {
  readonly filters: readonly FilterModel[];
  readonly isFiltered: boolean;
  /** Null where a filter cannot be read. */
  readonly table: TableModel | null;
};

type FilterModel = {
  readonly name: string;
  readonly label: string;
  readonly items: readonly { readonly value: string; readonly text: string; readonly selected: boolean }[];
  readonly error: string | null;
};

type Labelled = { readonly label: string; readonly value: string };

type TableModel = {
  readonly caption: string;
  readonly legend: readonly { readonly short: string; readonly tone: string; readonly meaning: string }[];
  readonly columns: readonly { readonly label: string; readonly hint: string | null }[];
  readonly columnCount: number;
  readonly groups: readonly { readonly kind: string; readonly rows: readonly RowModel[] }[];
  readonly unfitting: readonly { readonly name: string; readonly href: string }[];
  readonly ordinary: readonly Labelled[];
  readonly csvHref: string;
  readonly jsonHref: string;
  readonly on: string;
};

type RowModel = {
  readonly name: string;
  readonly href: string;
  /** What the tool is mainly for, where that was not chosen. */
  readonly own: string | null;
  readonly cells: readonly CellModel[];
};

type CellModel = {
  readonly short: string;
  readonly tone: string;
  /** For those who do not see the table around it. */
  readonly hidden: string;
  readonly href: string;
  /** How many columns it stands for. More than one where nothing about the information applies to the tool. */
  readonly span: number;
  readonly note: string | null;
};

/** The page of the matrix, or its form alone with what is wrong with it. */
export function matrixView(
  web: Web,
  query: Query,
  result: Exclude<MatrixResult, { outcome: 'none' }>,
): MatrixModel {
  const { pack } = web.needs.policy();
  const problems = result.outcome === 'problems' ? result.problems : [];
  const errors = problems.map((one) => ({ text: wordsOfProblem(web, one), href: `#${one.fact}` }));
  const matrix = result.outcome === 'ok' ? result.matrix : null;
  return {
    title: 'Which tool for which information',
    section: '/tools',
    policyLabel: pack.label,
    ...(errors.length > 0 ? { errors } : {}),
    filters: matrixFilters(pack).map(({ fact, values, eachItsOwn }): FilterModel => {
      const chosen =
        matrix === null
          ? (textIn(query, fact.id) ?? (eachItsOwn === null ? fact.ordinary : undefined))
          : matrix.filters.find((one) => one.fact === fact)?.value?.id;
      const items = values.map(({ id, label }) => ({ value: id, text: label, selected: id === chosen }));
      const first = { value: '', text: eachItsOwn ?? '', selected: chosen === undefined };
      return {
        name: fact.id,
        label: fact.label,
        items: eachItsOwn === null ? items : [first, ...items],
        error: errors.find(({ href }) => href === `#${fact.id}`)?.text ?? null,
      };
    }),
    isFiltered: matrixFilters(pack).some(({ fact }) => query[fact.id] !== undefined),
    table: matrix === null ? null : tableModel(pack, matrix),
  };
}

/** What is wrong with a filter, as a sentence for the person who chose it. */
export function wordsOfProblem(web: Web, { fact: id, given }: FilterProblem): string {
  const label = web.needs.policy().pack.facts.get(id)?.label ?? id;
  return given === null
    ? `${label}: choose one, not several`
    : `${label}: “${shown(given)}” is not on the list. Choose one from the list`;
}

function tableModel(pack: Pack, matrix: FoundMatrix): TableModel {
  const { filters, information, groups, unfitting, ordinary, on } = matrix;
  const chosen = filters.flatMap(({ fact, value }) => (value === null ? [] : [[fact.id, value.id] as const]));
  const kept = keptFacts(pack, new Map(chosen));
  const toolHref = (id: string) => hrefOf(`/tools/${id}`, kept);
  return {
    caption: `Which tool for which information: ${filters.map(({ value, eachItsOwn }) => value?.label ?? eachItsOwn ?? '').join('; ')}`,
    legend: verdicts.map((verdict) => verdictWords[verdict]),
    columns: information.map(({ label, hint }) => ({ label, hint: hint ?? null })),
    columnCount: information.length,
    groups: groups.map(({ kind, rows }) => ({
      kind: kind?.label ?? '',
      rows: rows.map((row) => rowModel(pack, row, toolHref(row.tool.id))),
    })),
    unfitting: unfitting.map(({ id, name }) => ({ name, href: toolHref(id) })),
    ordinary: [...ordinary].map(([id, value]) => labelled(pack.facts.get(id), value)),
    csvHref: hrefOf('/matrix.csv', chosen),
    jsonHref: hrefOf('/api/v1/matrix', chosen),
    on: dayInWords(on),
  };
}

function rowModel(pack: Pack, { tool, own, cells }: MatrixRow, href: string): RowModel {
  const purposes = [...own].map(([id, value]) => labelled(pack.facts.get(id), value).value);
  const addresses = new Set(cells.map(({ stated }) => hrefOf('/answer', stated)));
  const [first] = cells;
  const isOne = first !== undefined && cells.length > 1 && addresses.size === 1;
  const shownCells = isOne ? [first] : cells;
  return {
    name: tool.name,
    href,
    own: purposes.length === 0 ? null : purposes.join(', '),
    cells: shownCells.map((cell) => ({
      ...cellModel(cell, tool.name, isOne),
      span: isOne ? cells.length : 1,
      note: isOne ? 'The kind of information does not matter here.' : null,
    })),
  };
}

function cellModel({ information, verdict, settled, stated }: MatrixCell, name: string, isOne: boolean) {
  const { short, tone } = settled ? verdictWords[verdict] : openWords;
  return {
    short,
    tone,
    hidden: isOne ? name : `${name}, ${information.label}`,
    href: hrefOf('/answer', stated),
  };
}

function labelled(fact: Fact | undefined, value: string): Labelled {
  return {
    label: fact?.label ?? '',
    value: fact?.values.find(({ id }) => id === value)?.label ?? value,
  };
}
