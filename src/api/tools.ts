import { Type } from 'typebox';
import { findTools } from '#usecases/find-tools.ts';
import { getTool } from '#usecases/get-tool.ts';
import { shown } from '#usecases/shown.ts';
import { listedToolAsJson, toolAsJson } from '#usecases/tool-as-json.ts';
import { errorOf } from './problem.ts';
import { type ApiRoute, listProblems, pagingOf, textOf } from './route.ts';
import { Citations, closed, FactValue, MatchedBy, NextCursor, orNull, paging } from './schemas.ts';

const Labelled = closed({ value: Type.String(), label: Type.String() });

const ListedTool = closed(
  {
    id: Type.String(),
    name: Type.String(),
    kind: orNull(Labelled),
    status: orNull(Labelled),
    listed: Type.Boolean({ description: 'A document of the guidance names it.' }),
    matchedBy: orNull(MatchedBy),
  },
  { $id: 'ListedTool' },
);

const Tool = closed(
  {
    id: Type.String(),
    name: Type.String(),
    kind: orNull(Labelled),
    status: orNull(Labelled),
    listed: orNull(
      closed({
        on: orNull(Type.String({ description: 'The day or month of the document, where it has one.' })),
        citations: Citations,
      }),
    ),
    task: Type.String(),
    facts: Type.Array(closed({ fact: Type.String(), value: FactValue })),
    fits: Type.Record(Type.String(), Type.Array(FactValue)),
    aliases: Type.Array(Type.String()),
    oldNames: Type.Array(Type.String()),
    newNames: Type.Array(Type.String()),
    domains: Type.Array(Type.String()),
    get: Type.Array(closed({ device: Type.String(), how: Type.String() })),
    formerlyListed: orNull(closed({ on: Type.String(), note: Type.String() })),
    note: orNull(Type.String()),
  },
  { $id: 'Tool' },
);

/** Searches the catalogue, or lists it. */
export const search: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'findTools',
  summary:
    'Search by name, alias, old name, typing mistake, pasted address or domain; without `q`, all tools by name.',
  query: closed({
    q: Type.Optional(Type.String({ maxLength: 200, description: 'What somebody typed or pasted.' })),
    kind: Type.Optional(Type.String({ maxLength: 60, description: 'The `value` of a kind in the answers.' })),
    status: Type.Optional(
      Type.String({ maxLength: 60, description: 'The `value` of a status in the answers.' }),
    ),
    ...paging,
  }),
  answer: closed({
    tools: Type.Array(ListedTool, { description: 'With `q`: what it names exactly.' }),
    suggestions: Type.Array(ListedTool, {
      description: 'Near misses, best first. A decision never takes one.',
    }),
    nextCursor: NextCursor,
  }),
  problems: [],
  keeps: 'with-policy',
  handle(needs, { query }) {
    const wanted = Object.fromEntries(
      ['q', 'kind', 'status'].flatMap((name) => {
        const text = textOf(query, name);
        return text === undefined ? [] : [[name, text]];
      }),
    );
    const found = findTools(needs, { ...wanted, ...pagingOf(query) });
    if (found.outcome === 'problems') return listProblems(found.problems);
    return {
      ok: true,
      body: {
        tools: found.tools.map(listedToolAsJson),
        suggestions: found.suggestions.map(listedToolAsJson),
        nextCursor: found.nextCursor,
      },
    };
  },
};

/** One tool by its id. */
export const one: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'getTool',
  summary: 'Everything that the catalogue holds of one tool.',
  params: { id: 'The permanent id of the tool.' },
  answer: Tool,
  problems: [404],
  keeps: 'with-policy',
  handle(needs, { params }) {
    const id = params.id ?? '';
    const got = getTool(needs, id);
    if (got.outcome === 'ok') return { ok: true, body: toolAsJson(needs.policy().pack, got.detail) };
    const error = { pointer: '{id}', detail: `there is no tool with the id \`${shown(id)}\`` };
    const { suggestion } = got;
    return {
      ok: false,
      error: errorOf('not-found', [{ ...error, ...(suggestion === undefined ? {} : { suggestion }) }]),
    };
  },
};
