import { Type } from 'typebox';
import type { Pack } from '#domain/policy/pack.ts';
import { citationAsJson, factValueAsJson, whenAsJson } from '#usecases/json-values.ts';
import { type ListedFact, listFacts } from '#usecases/list-facts.ts';
import { pageOf } from '#usecases/page-of.ts';
import { type ApiRoute, listProblems, pagingOf } from './route.ts';
import { Citations, closed, FactValue, NextCursor, paging, When } from './schemas.ts';

const Fact = closed(
  {
    id: Type.String(),
    label: Type.String(),
    origin: Type.Enum(['asked', 'assumed', 'catalogue', 'register', 'record', 'derived'], {
      description: 'Where its value comes from when nobody states it.',
    }),
    valuesFrom: Type.Enum(['list', 'tools', 'organisations'], {
      description: 'Any text names a tool, so a fact with values from the tools has none here.',
    }),
    values: Type.Array(
      closed({ value: FactValue, label: Type.String(), hint: Type.Optional(Type.String()) }),
    ),
    default: Type.Optional(FactValue),
    ordinary: Type.Optional(FactValue),
    mayBeStated: Type.Optional(
      Type.Array(FactValue, {
        description: 'The values that may be stated where nothing is recorded. Absent: any.',
      }),
    ),
    follows: Type.Optional(Type.String({ description: 'The fact whose records give this one its value.' })),
    applies: Type.Array(When, { description: 'It applies where one of these holds. Empty: always.' }),
    askedWhen: Type.Array(When, { description: 'It is asked where one of these holds. Empty: always.' }),
    reads: Type.Array(closed({ text: Type.String(), sets: Type.Record(Type.String(), FactValue) }), {
      description: 'Text that stands for several facts.',
    }),
    citations: Citations,
  },
  { $id: 'Fact' },
);

/** The vocabulary: every fact that can be stated, with its values. */
export const list: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'listFacts',
  summary: 'The vocabulary: every fact with its values.',
  query: closed(paging),
  answer: closed({ facts: Type.Array(Fact), nextCursor: NextCursor }),
  problems: [],
  keeps: 'with-policy',
  handle(needs, { query }) {
    const { pack } = needs.policy();
    const paged = pageOf(listFacts(needs), ({ fact }) => fact.id, pagingOf(query));
    if (!paged.ok) return listProblems(paged.problems);
    const { entries, nextCursor } = paged.page;
    return { ok: true, body: { facts: entries.map((entry) => factAsJson(pack, entry)), nextCursor } };
  },
};

function factAsJson(pack: Pack, { fact, citations }: ListedFact) {
  const asJson = (value: string) => factValueAsJson(pack, fact.id, value);
  const { default: usual, ordinary, mayBeStated, follows } = fact;
  const values = fact.values.map(({ id, label, hint }) => ({
    value: asJson(id),
    label,
    ...(hint === undefined ? {} : { hint }),
  }));
  return {
    id: fact.id,
    label: fact.label,
    origin: fact.origin,
    valuesFrom: fact.valuesFrom,
    values: fact.valuesFrom === 'tools' ? [] : values,
    ...(usual === undefined ? {} : { default: asJson(usual) }),
    ...(ordinary === undefined ? {} : { ordinary: asJson(ordinary) }),
    ...(mayBeStated === undefined ? {} : { mayBeStated: [...mayBeStated].map(asJson) }),
    ...(follows === undefined ? {} : { follows }),
    applies: fact.applies.map((when) => whenAsJson(pack, when)),
    askedWhen: fact.askedWhen.map((when) => whenAsJson(pack, when)),
    reads: fact.reads.map(({ text, sets }) => ({
      text,
      sets: Object.fromEntries([...sets].map(([id, value]) => [id, factValueAsJson(pack, id, value)])),
    })),
    citations: citations.map(citationAsJson),
  };
}
