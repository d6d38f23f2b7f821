import type { Clause, Document, Link } from '../pack.ts';
import type { ClauseData } from '../pack-files.ts';
import { didYouMean, type Entry, type PackReader } from './pack-reader.ts';

/** The documents that are cited. */
export function parseDocuments(reader: PackReader): Map<string, Document> {
  const documents = reader.unique(
    'sources',
    'documents',
    (entry: Entry<Document>) => entry.data.id,
    'document',
  );
  return new Map([...documents].map(([id, { data, at }]) => [id, { ...data, cites: data.cites ?? [], at }]));
}

/** The statements of the documents. Each file is about one document. */
export function parseClauses(reader: PackReader): Map<string, Clause> {
  const documents = reader.list<Document>('sources', 'documents').map(({ data }) => data.id);
  for (const file of reader.files('clauses')) {
    const { document } = file.data as { document: string };
    if (!documents.includes(document))
      reader.problem(
        { file: file.name, line: file.lineOf(['document']) },
        `unknown document \`${document}\``,
        didYouMean(document, documents),
      );
  }
  return new Map(
    [...reader.unique('clauses', 'clauses', (entry: Entry<ClauseData>) => entry.data.id, 'clause')].map(
      ([id, { data, at, file }]) => [
        id,
        {
          at,
          id,
          document: (file.data as { document: string }).document,
          section: data.section,
          class: data.class,
          held: data.held ?? [],
          later: data.later ?? [],
          text: data.text,
        },
      ],
    ),
  );
}

/** What the documents link to. */
export function parseLinks(reader: PackReader): Map<string, Link> {
  const links = reader.unique('sources', 'links', (entry: Entry<Link>) => entry.data.id, 'link');
  return new Map([...links].map(([id, { data, at }]) => [id, { ...data, cites: data.cites ?? [], at }]));
}
