import { Type } from 'typebox';
import { listStatements } from '#usecases/list-statements.ts';
import { pageOf } from '#usecases/page-of.ts';
import { type ApiRoute, listProblems, pagingOf } from './route.ts';
import { closed, NextCursor, paging } from './schemas.ts';

const Statement = closed(
  {
    id: Type.String(),
    document: Type.String(),
    section: Type.String(),
    class: Type.String(),
    text: Type.String({ description: 'What it says, in our own words.' }),
    dated: Type.String(),
    places: Type.Array(closed({ kind: Type.String(), id: Type.String(), title: Type.String() }), {
      description: 'Everything that carries it out.',
    }),
    later: Type.Array(Type.String(), {
      description: 'Parts of the service, not built yet, that will hold it.',
    }),
  },
  { $id: 'Statement' },
);

/** Every statement of the guidance, and where it lives. */
export const list: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'listStatements',
  summary: 'Every statement of the guidance, and where it is carried out.',
  query: closed(paging),
  answer: closed({ statements: Type.Array(Statement), nextCursor: NextCursor }),
  problems: [],
  keeps: 'with-policy',
  handle(needs, { query }) {
    const paged = pageOf(listStatements(needs), ({ id }) => id, pagingOf(query));
    if (!paged.ok) return listProblems(paged.problems);
    const { entries, nextCursor } = paged.page;
    const statements = entries.map((entry) => ({
      id: entry.id,
      document: entry.document,
      section: entry.section,
      class: entry.class,
      text: entry.text,
      dated: entry.dated,
      places: entry.places.map(({ kind, id, title }) => ({ kind, id, title })),
      later: [...entry.later],
    }));
    return { ok: true, body: { statements, nextCursor } };
  },
};
