import type { CitingKind } from '#domain/policy/citing.ts';
import { laterParts } from '#domain/policy/coverage.ts';
import type { Document, Pack } from '#domain/policy/pack.ts';
import { type ListedStatement, listStatements } from '#usecases/list-statements.ts';
import { shown } from '#usecases/shown.ts';
import type { Query } from '../ask/address.ts';
import type { PageModel } from '../render.ts';
import { checklistHref, guidanceHref } from './guidance-address.ts';
import { page, type View } from './page.ts';

export type StatementsModel = PageModel & {
  readonly filters: readonly FilterModel[];
  readonly isFiltered: boolean;
  readonly hasMatrix: boolean;
  readonly count: string;
  readonly documents: readonly DocumentModel[];
};

type FilterModel = {
  readonly name: string;
  readonly label: string;
  readonly items: readonly { readonly value: string; readonly text: string; readonly selected: boolean }[];
  readonly error: string | null;
};

type DocumentModel = {
  readonly title: string;
  readonly dated: string;
  readonly sections: readonly { readonly heading: string; readonly statements: readonly StatementModel[] }[];
};

type StatementModel = {
  readonly id: string;
  readonly text: string;
  readonly class: string;
  readonly places: readonly {
    readonly kind: string;
    readonly links: readonly { readonly text: string; readonly href: string | null }[];
  }[];
  readonly later: string | null;
};

/** What each kind of place is called, in the order of the filter. */
const placeWords: Readonly<Record<Exclude<CitingKind, 'later'>, readonly [one: string, many: string]>> = {
  rule: ['Rule', 'Rules'],
  condition: ['Condition', 'Conditions'],
  fact: ['Fact', 'Facts'],
  question: ['Question', 'Questions'],
  organisation: ['Part of the organisation', 'Parts of the organisation'],
  silence: ['Answer where no rule permits', 'Answer where no rule permits'],
  tool: ['Tool', 'Tools'],
  page: ['Page', 'Pages'],
  checklist: ['Checklist', 'Checklists'],
  contact: ['Contact', 'Contacts'],
  link: ['Link', 'Links'],
  reading: ['Reading', 'Readings'],
  document: ['Document', 'Documents'],
};

type Filter = { readonly name: string; readonly value?: string; readonly error: string | null };
type Choice = { readonly value: string; readonly text: string };

/** Every statement of the documents, in our words, with where it lives. A citation anywhere leads to one of these. */
export const statementsView: View = (web, { query }) => {
  const { pack } = web.needs.policy();
  const all = listStatements(web.needs);
  const documents = [...pack.documents.values()];
  const documentChoices = documents.map(({ id, title }) => ({ value: id, text: title }));
  const placeChoices = Object.entries(placeWords).map(([value, [, text]]) => ({ value, text }));
  const document = readFilter('document', documentChoices, query);
  const place = readFilter('place', placeChoices, query);
  const errors = [document, place].flatMap(({ name, error }) =>
    error === null ? [] : [{ text: error, href: `#${name}` }],
  );
  const isWanted = (statement: ListedStatement) =>
    errors.length > 0 ||
    ((document.value === undefined || statement.document === pack.documents.get(document.value)?.title) &&
      (place.value === undefined || statement.places.some(({ kind }) => kind === place.value)));
  const wanted = all.filter(isWanted);
  const model: StatementsModel = {
    title: 'All statements of the guidance',
    ...(errors.length > 0 ? { errors } : {}),
    filters: [
      filterModel(document, 'Document', { value: '', text: 'All documents' }, documentChoices),
      filterModel(place, 'Where it lives', { value: '', text: 'Anywhere' }, placeChoices),
    ],
    isFiltered: wanted.length < all.length,
    hasMatrix: web.needs.policy().pack.matrix !== null,
    count:
      wanted.length < all.length
        ? `${wanted.length} of ${all.length} statements`
        : `${all.length} statements`,
    documents: documents.flatMap((one) => documentModel(pack, one, wanted)),
  };
  return page(web, 'statements', model, errors.length > 0 ? 400 : 200);
};

function readFilter(name: string, choices: readonly Choice[], query: Query): Filter {
  const given = query[name];
  if (given === undefined || given === '') return { name, error: null };
  if (typeof given !== 'string') return { name, error: `Choose one ${name}, not several` };
  if (choices.some(({ value }) => value === given)) return { name, value: given, error: null };
  return { name, error: `“${shown(given)}” is not a ${name} that we know. Choose one from the list` };
}

function filterModel(
  { name, value, error }: Filter,
  label: string,
  any: Choice,
  choices: readonly Choice[],
): FilterModel {
  return {
    name,
    label,
    error,
    items: [any, ...choices].map((choice) => ({ ...choice, selected: choice.value === (value ?? '') })),
  };
}

function documentModel(
  pack: Pack,
  { title, datedText }: Document,
  wanted: readonly ListedStatement[],
): DocumentModel[] {
  const sections = new Map<string, StatementModel[]>();
  for (const statement of wanted) {
    if (statement.document !== title) continue;
    sections.set(statement.section, [
      ...(sections.get(statement.section) ?? []),
      statementModel(pack, statement),
    ]);
  }
  if (sections.size === 0) return [];
  return [
    {
      title,
      dated: datedText,
      sections: [...sections].map(([heading, statements]) => ({ heading, statements })),
    },
  ];
}

function statementModel(
  pack: Pack,
  { id, text, class: kind, places, later }: ListedStatement,
): StatementModel {
  const kinds = new Map<string, { text: string; href: string | null }[]>();
  for (const { kind: where, id: what, title } of places) {
    kinds.set(where, [...(kinds.get(where) ?? []), { text: title, href: placeHref(pack, where, what) }]);
  }
  return {
    id,
    text,
    class: kind.replaceAll('-', ' '),
    places: [...kinds].map(([where, links]) => ({ kind: placeName(where, links.length), links })),
    later: later.length === 0 ? null : later.map((part) => laterParts[part] ?? part).join(', '),
  };
}

function placeName(kind: string, count: number): string {
  const [one, many] = placeWords[kind as keyof typeof placeWords] ?? [kind, kind];
  return count === 1 ? one : many;
}

// Rules, facts and the like have no page of their own: they are named.
function placeHref(pack: Pack, kind: CitingKind, id: string): string | null {
  switch (kind) {
    case 'page':
      return guidanceHref(id);
    case 'tool':
      return `/tools/${id}`;
    case 'checklist':
      return checklistHref(pack, id) ?? null;
    case 'contact':
      return '/help';
    default:
      return null;
  }
}
