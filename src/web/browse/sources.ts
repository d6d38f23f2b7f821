import type { Pack } from '#domain/policy/pack.ts';

/** Where something comes from: one section of a document, with the clauses in it. */
export type SourceModel = {
  readonly text: string;
  readonly href: string;
  readonly clauses: readonly { readonly id: string; readonly href: string }[];
};

/** The sections that these clauses stand in. Unknown clauses are left out; `policy check` reports them. */
export function sourcesOf(pack: Pack, clauses: Iterable<string>): SourceModel[] {
  const sections = new Map<string, string[]>();
  for (const id of new Set(clauses)) {
    const clause = pack.clauses.get(id);
    if (clause === undefined) continue;
    const text = sectionText(pack, clause.document, clause.section);
    sections.set(text, [...(sections.get(text) ?? []), id]);
  }
  return [...sections].map(([text, ids]) => ({
    text,
    href: statementHref(ids[0] ?? ''),
    clauses: ids.map((id) => ({ id, href: statementHref(id) })),
  }));
}

/** The documents that these clauses stand in, with their dates: `General app guidance (undated, …)`. */
export function documentsOf(pack: Pack, clauses: Iterable<string>): string[] {
  const ids = new Set([...clauses].map((id) => pack.clauses.get(id)?.document));
  return [...pack.documents.values()]
    .filter(({ id }) => ids.has(id))
    .map(({ short, datedText }) => `${short} (${datedText})`);
}

/** Where the page of all statements shows a clause. */
export function statementHref(clause: string): string {
  return `/statements#${clause}`;
}

/** The last heading above a clause, in its document. What stands above the first heading has the document's own name. */
function sectionText(pack: Pack, document: string, section: string): string {
  const { short = document, title = document } = pack.documents.get(document) ?? {};
  const heading = section.split(' › ').at(-1) ?? section;
  // What stands outside the text, such as the footer, has a section in brackets.
  return heading === title || heading.startsWith('(') ? short : `${short}, ${heading}`;
}
