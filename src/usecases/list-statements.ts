import { coverageOf, type StatementPlace } from '#domain/policy/coverage.ts';
import type { Needs } from './needs.ts';

/** One statement of a document, in our words, and everything that carries it out. */
export type ListedStatement = {
  readonly id: string;
  /** Title of the document. */
  readonly document: string;
  readonly section: string;
  readonly class: string;
  readonly text: string;
  /** When the document was written, in words: `March 2018`. */
  readonly dated: string;
  readonly places: readonly StatementPlace[];
  /** Parts of the product that are still to come and will hold the rest: ids, in words in `laterParts`. */
  readonly later: readonly string[];
};

/** Every statement of the documents and where it lives, in the order of the documents. */
export function listStatements({ policy }: Pick<Needs, 'policy'>): ListedStatement[] {
  const { pack } = policy();
  return coverageOf(pack).statements.map(({ clause, places }) => {
    const document = pack.documents.get(clause.document);
    return {
      id: clause.id,
      document: document?.title ?? clause.document,
      section: clause.section,
      class: clause.class,
      text: clause.text,
      dated: document?.datedText ?? '',
      places: places.filter(({ kind }) => kind !== 'later'),
      later: clause.later,
    };
  });
}
