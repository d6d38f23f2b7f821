import { type TObject, Type } from 'typebox';
import type { MatrixCell, MatrixRow } from '#domain/decision/matrix.ts';
import type { InformationKind, Pack, FactValue as Value } from '#domain/policy/pack.ts';
import { type FoundMatrix, findMatrix, matrixFilters } from '#usecases/find-matrix.ts';
import { factValueAsJson } from '#usecases/json-values.ts';
import type { Needs } from '#usecases/needs.ts';
import { errorOf } from './problem.ts';
import type { ApiRoute } from './route.ts';
import { closed, Day, FactValue, orNull, Policy, Verdict } from './schemas.ts';

const FactAndValue = closed({ fact: Type.String(), value: FactValue });
const FactsOfPack = Type.Record(Type.String(), FactValue);

const Cell = closed(
  {
    information: Type.String({ description: 'The id of a kind of information.' }),
    verdict: Verdict,
    settled: Type.Boolean({ description: 'False where a fact matters that has no ordinary value.' }),
    facts: Type.Unsafe<Record<string, string | boolean>>({
      ...FactsOfPack,
      description: 'Facts that get this verdict when they are asked about.',
    }),
  },
  { $id: 'MatrixCell' },
);

/** Which tool for which information. */
export const one: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'getMatrix',
  summary:
    'Which tool for which information: every tool that the guidance names with every kind of information.',
  packQuery: querySchema,
  answer: closed({
    filters: Type.Array(closed({ fact: Type.String(), value: orNull(FactValue) }), {
      description: 'What holds for every tool; null: for each tool what it is mainly for.',
    }),
    ordinary: Type.Array(FactAndValue, {
      description: 'What neither a filter nor a kind of information says and mattered somewhere.',
    }),
    information: Type.Array(
      closed({
        id: Type.String(),
        label: Type.String(),
        hint: Type.Optional(Type.String()),
        facts: FactsOfPack,
      }),
    ),
    tools: Type.Array(
      closed({
        id: Type.String(),
        name: Type.String(),
        kind: orNull(Type.String()),
        cells: Type.Array(Cell),
      }),
    ),
    unfitting: Type.Array(Type.String(), { description: 'Ids of tools that the filters do not fit.' }),
    policy: Policy,
    on: Day,
  }),
  problems: [404],
  keeps: 'with-policy-and-day',
  handle(needs, { query }) {
    const result = findMatrix(needs, query);
    if (result.outcome === 'none') {
      return { ok: false, error: { code: 'not-found', detail: 'This guidance has no such table.' } };
    }
    if (result.outcome === 'problems') {
      const errors = result.problems.map(({ fact, detail, suggestion }) => ({
        pointer: `?${fact}`,
        detail,
        ...(suggestion === undefined ? {} : { suggestion }),
      }));
      return { ok: false, error: errorOf('bad-request', errors) };
    }
    return { ok: true, body: matrixAsJson(needs, result.matrix) };
  },
};

function querySchema(pack: Pack): TObject {
  const parameters = matrixFilters(pack).map(({ fact, values, eachItsOwn }) => {
    const usual = eachItsOwn ?? fact.ordinary;
    return [
      fact.id,
      Type.Optional(
        Type.Unsafe<string>({
          type: 'string',
          enum: values.map(({ id }) => id),
          description: `${fact.label}. When absent: ${usual}.`,
        }),
      ),
    ] as const;
  });
  return closed(Object.fromEntries(parameters));
}

function matrixAsJson(needs: Needs, matrix: FoundMatrix) {
  const { pack, hash } = needs.policy();
  const { filters, ordinary, information, groups, unfitting, on } = matrix;
  return {
    filters: filters.map(({ fact, value }) => ({
      fact: fact.id,
      value: value === null ? null : factValueAsJson(pack, fact.id, value.id),
    })),
    ordinary: [...ordinary].map(([fact, value]) => ({ fact, value: factValueAsJson(pack, fact, value) })),
    information: information.map((kind) => informationAsJson(pack, kind)),
    tools: groups.flatMap(({ kind, rows }) => rows.map((row) => rowAsJson(pack, kind, row))),
    unfitting: unfitting.map(({ id }) => id),
    policy: { id: pack.id, label: pack.label, hash },
    on,
  };
}

function informationAsJson(pack: Pack, { id, label, hint, sets }: InformationKind) {
  return { id, label, ...(hint === undefined ? {} : { hint }), facts: factsAsJson(pack, sets) };
}

function rowAsJson(pack: Pack, kind: Value | null, { tool, cells }: MatrixRow) {
  return {
    id: tool.id,
    name: tool.name,
    kind: kind?.id ?? null,
    cells: cells.map((cell) => cellAsJson(pack, cell)),
  };
}

function cellAsJson(pack: Pack, { information, verdict, settled, stated }: MatrixCell) {
  return { information: information.id, verdict, settled, facts: factsAsJson(pack, stated) };
}

function factsAsJson(pack: Pack, facts: ReadonlyMap<string, string>): Record<string, string | boolean> {
  return Object.fromEntries([...facts].map(([fact, value]) => [fact, factValueAsJson(pack, fact, value)]));
}
