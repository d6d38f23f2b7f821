import type { Pack } from './pack.ts';
import type { BlockData } from './pack-files.ts';
import type { Place } from './problem.ts';

/** What can carry out a statement. `silence` is what is said where no rule permits; `later` a part of the product to come. */
export type CitingKind =
  | 'rule'
  | 'condition'
  | 'fact'
  | 'question'
  | 'organisation'
  | 'silence'
  | 'tool'
  | 'page'
  | 'checklist'
  | 'contact'
  | 'link'
  | 'reading'
  | 'document'
  | 'later';

/** One list of citations: who cites, and where the list stands (`pack.placeIn(at, [...path, index])` for one of them). */
export type Citing = {
  readonly kind: Exclude<CitingKind, 'later'>;
  readonly id: string;
  readonly title: string;
  readonly clauses: readonly string[];
  readonly at: Place;
  readonly path: readonly (string | number)[];
};

/** Every list of citations in the pack, in the order of its parts. Empty lists are left out. */
export function citationsIn(pack: Pack): Citing[] {
  const questions = pack.pages.flatMap((page) => page.questions);
  const lists: Citing[] = [
    ...pack.rules.map((rule) => citing('rule', rule, rule.title)),
    {
      kind: 'silence',
      id: 'silence',
      title: 'No rule permits this',
      clauses: pack.silence.cites,
      at: pack.at,
      path: ['silence', 'cites'],
    },
    ...values(pack.conditions).map((condition) => citing('condition', condition, condition.text)),
    ...values(pack.facts).map((fact) => citing('fact', fact, fact.label)),
    ...questions.map((question) => citing('question', question, question.text)),
    ...values(pack.organisations).map((organisation) =>
      citing('organisation', organisation, organisation.name),
    ),
    ...values(pack.tools).map(
      ({ id, name, listed, at }): Citing => ({
        kind: 'tool',
        id,
        title: name,
        clauses: listed?.cites ?? [],
        at,
        path: ['listed', 'cites'],
      }),
    ),
    ...values(pack.guidancePages).flatMap((page) =>
      page.sections.flatMap(({ blocks }, section) =>
        blocks.flatMap((block, place) =>
          citedInBlock(block).map(
            ({ clauses, path }): Citing => ({
              kind: 'page',
              id: page.id,
              title: page.title,
              clauses,
              at: page.at,
              path: ['sections', section, 'blocks', place, ...path],
            }),
          ),
        ),
      ),
    ),
    ...values(pack.checklists).flatMap((checklist) => [
      citing('checklist', checklist, checklist.title),
      ...checklist.items.map(
        ({ cites }, item): Citing => ({
          ...citing('checklist', checklist, checklist.title),
          clauses: cites,
          path: ['items', item, 'cites'],
        }),
      ),
    ]),
    ...values(pack.contacts).map((contact) => citing('contact', contact, contact.name)),
    ...values(pack.links).map((link) => citing('link', link, link.title)),
    ...pack.readings.map((reading) => citing('reading', reading, reading.question)),
    ...values(pack.documents).map((document) => citing('document', document, document.title)),
  ];
  return lists.filter(({ clauses }) => clauses.length > 0);
}

type Entry = { readonly id: string; readonly at: Place; readonly cites: readonly string[] };

function citing(kind: Citing['kind'], { id, at, cites }: Entry, title: string): Citing {
  return { kind, id, title, clauses: cites, at, path: ['cites'] };
}

function citedInBlock(
  block: BlockData,
): { clauses: readonly string[]; path: readonly (string | number)[] }[] {
  const field = 'list' in block ? 'list' : 'steps' in block ? 'steps' : undefined;
  const items = 'list' in block ? block.list : 'steps' in block ? block.steps : [];
  if (field !== undefined) {
    return items.map(({ cites = [] }, index) => ({ clauses: cites, path: [field, index, 'cites'] }));
  }
  return [{ clauses: ('cites' in block ? block.cites : undefined) ?? [], path: ['cites'] }];
}

function values<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map.values()];
}
