import type { Fact, Pack, Tool } from '#domain/policy/pack.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { catalogueFact, valueForTool } from '#usecases/catalogue-facts.ts';
import { findTools, type ListedTool, type ToolQuery } from '#usecases/find-tools.ts';
import { shown } from '#usecases/shown.ts';
import { hrefOf, type Query } from '../ask/address.ts';
import type { PageModel } from '../render.ts';
import { factsKept } from './kept-facts.ts';
import { page, type View } from './page.ts';
import { meaningsHref } from './status-meaning.ts';

export type ToolsModel = PageModel & {
  readonly filters: readonly FilterModel[];
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  readonly isFiltered: boolean;
  readonly allHref: string;
  /** Where the words for a status are explained. */
  readonly meaningsHref: string | null;
  /** Null where the pack has no such table. */
  readonly matrixHref: string | null;
  readonly named: readonly RowModel[];
  readonly others: readonly RowModel[];
  readonly count: string;
};

type FilterModel = {
  readonly name: string;
  readonly label: string;
  readonly items: readonly { readonly value: string; readonly text: string; readonly selected: boolean }[];
  readonly error: string | null;
};

/** A tool in the list; `kind` and `status` are left out where they say nothing of their own. */
export type RowModel = {
  readonly name: string;
  readonly href: string;
  readonly kind: string | null;
  readonly status: string | null;
  readonly dated: string | null;
};

const filterNames = ['kind', 'status'] as const;

/** All tools: those that the guidance names, then the well-known ones that it does not. */
export const toolsView: View = (web, { query }) => {
  const { pack } = web.needs.policy();
  const kept = factsKept(pack, query);
  const given = filterNames.map((name) => readFilter(pack, name, query));
  const errors = given.flatMap(({ name, error }) =>
    error === null ? [] : [{ text: error, href: `#${name}` }],
  );
  const wanted =
    errors.length > 0
      ? {}
      : Object.fromEntries(given.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
  const all: ToolQuery = { limit: pack.tools.size, ...wanted };
  const found = findTools(web.needs, all);
  const entries = found.outcome === 'ok' ? found.tools : [];
  const rows = (isNamed: boolean) =>
    entries
      .filter(({ tool }) => (tool.listed !== undefined) === isNamed)
      .map((entry) => rowOf(pack, entry, kept));
  const [named, others] = [rows(true), rows(false)];
  const model: ToolsModel = {
    title: 'All tools',
    section: '/tools',
    ...(errors.length > 0 ? { errors } : {}),
    filters: given.map((one) => filterModel(pack, one)),
    hidden: [...kept].map(([name, value]) => ({ name, value })),
    isFiltered: Object.keys(wanted).length > 0,
    allHref: hrefOf('/tools', kept),
    meaningsHref: meaningsHref(pack),
    matrixHref: pack.matrix === null ? null : hrefOf('/matrix', kept),
    named,
    others,
    count: countText(named.length + others.length, pack.tools.size),
  };
  return page(web, 'tools', model, errors.length > 0 ? 400 : 200);
};

/** A tool as a line of a list, with its date beside its status. */
export function rowOf(
  pack: Pack,
  { tool, kind, status }: ListedTool,
  kept: ReadonlyMap<string, string>,
): RowModel {
  return {
    name: tool.name,
    href: hrefOf(`/tools/${tool.id}`, kept),
    kind: isDefault(catalogueFact(pack, 'kind'), kind?.id) ? null : (kind?.label ?? null),
    status: isDefault(catalogueFact(pack, 'status'), status?.id) ? null : (status?.label ?? null),
    dated: datedText(pack, tool),
  };
}

/** When and where the guidance lists a tool, in words; null for one that it does not name. */
export function datedText(pack: Pack, { listed }: Tool): string | null {
  if (listed === undefined) return null;
  if (listed.on !== undefined) return dayInWords(listed.on);
  const documents = new Set(
    listed.cites.map((id) => pack.documents.get(pack.clauses.get(id)?.document ?? '')),
  );
  const text = [...documents].flatMap((document) => document?.datedText ?? []).join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

type Filter = {
  readonly name: (typeof filterNames)[number];
  readonly value?: string;
  readonly error: string | null;
};

function readFilter(pack: Pack, name: Filter['name'], query: Query): Filter {
  const given = query[name];
  if (given === undefined || given === '') return { name, error: null };
  if (typeof given !== 'string') return { name, error: `Choose one ${name}, not several` };
  const isKnown = catalogueFact(pack, name)?.values.some(({ id }) => id === given) ?? false;
  return isKnown
    ? { name, value: given, error: null }
    : { name, error: `“${shown(given)}” is not a ${name} of tool. Choose one from the list` };
}

function filterModel(pack: Pack, { name, value, error }: Filter): FilterModel {
  const fact = catalogueFact(pack, name);
  const tools = [...pack.tools.values()];
  const counts = (fact?.values ?? []).map(({ id, label }) => {
    const count = tools.filter((tool) => valueForTool(tool, fact)?.id === id).length;
    return { value: id, count, text: `${label} (${count})`, selected: id === value };
  });
  const items = counts.filter(({ count, selected }) => count > 0 || selected);
  const first = { value: '', text: `Any ${name} (${tools.length})`, selected: value === undefined };
  return { name, label: fact?.label ?? name, items: [first, ...items], error };
}

function isDefault(fact: Fact | undefined, value: string | undefined): boolean {
  return value === undefined || value === fact?.default;
}

function countText(count: number, all: number): string {
  if (count === all) return `${all} tools`;
  return `${count} of ${all} tools`;
}
