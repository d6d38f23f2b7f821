import { type FactValue, notApplicable, otherTool, type PossibleChange } from '../pack.ts';
import type { FactData, OrganisationData, PossibleChangeData, ToolData } from '../pack-files.ts';
import type { PolicyFile } from '../problem.ts';
import { textMap } from './known-facts.ts';
import type { Entry, PackReader } from './pack-reader.ts';
import type { Parsing } from './parsing.ts';

type FactsData = {
  readonly changes?: readonly PossibleChangeData[];
  readonly neverChanges?: readonly string[];
  readonly aboutTool?: readonly string[];
};

type NamedByFacts = {
  readonly tools: ReadonlyMap<string, Entry<ToolData>>;
  readonly organisations: ReadonlyMap<string, Entry<OrganisationData>>;
};

/** Reads the facts into `known`, and checks what each of them says of the others. */
export function readFacts(
  { reader, known }: Parsing,
  file: PolicyFile,
  { tools, organisations }: NamedByFacts,
): void {
  const entries = reader.unique('facts', 'facts', (entry: Entry<FactData>) => entry.data.id, 'fact');
  const named = namedTools(reader, tools);
  for (const [id, { data }] of entries) {
    known.groups.set(
      id,
      new Map(Object.entries(data.groups ?? {}).map(([name, values]) => [name, values.map(String)])),
    );
  }
  const values = new Map<string, readonly FactValue[]>();
  for (const [id, { data }] of entries) values.set(id, valuesOf(data, named, organisations));
  for (const [id, entry] of entries) {
    const { data } = entry;
    const own = values.get(id) ?? [];
    known.facts.set(id, {
      at: entry.at,
      id,
      label: data.label,
      origin: data.origin,
      values: own,
      isBoolean: data.values === 'yes-no' || data.values === 'yes-no-unknown',
      groups: known.groups.get(id) ?? new Map(),
      valuesFrom: data.values === 'tools' || data.values === 'organisations' ? data.values : 'list',
      ...(data.default === undefined ? {} : { default: String(data.default) }),
      ...(data.ordinary === undefined ? {} : { ordinary: String(data.ordinary) }),
      ...(data.mayBeStated === undefined ? {} : { mayBeStated: new Set(data.mayBeStated.map(String)) }),
      isOnlyForOutside:
        data.origin === 'catalogue' && data.mayBeStated !== undefined && data.mayBeStated.length < own.length,
      mayBeNotApplicable: data.mayBeNotApplicable ?? false,
      keep: data.keep ?? false,
      ...(data.follows === undefined ? {} : { follows: data.follows }),
      asksNothingMore: new Set((data.asksNothingMore ?? []).map(String)),
      askedWhen: [],
      applies: [],
      ...(data.fits === undefined
        ? {}
        : {
            fits: {
              by: data.fits.by,
              values: new Map(
                Object.entries(data.fits.values).map(([value, list]) => [value, list.map(String)]),
              ),
            },
          }),
      reads: (data.reads ?? []).map(({ text, sets }) => ({ text, sets: textMap(sets) })),
      table: [],
      cites: data.cites ?? [],
    });
  }
  // Applicability names other facts, so it can be read only when all are known.
  for (const [id, { data, path, at }] of entries) {
    const fact = known.facts.get(id);
    if (fact === undefined) continue;
    const whens = (field: 'applies' | 'askedWhen') =>
      (data[field] ?? []).map((when, index) => known.when(when, file, [...path, field, index]).when);
    const table = (data.table ?? []).map((row, index) => ({
      when: known.when(row.when, file, [...path, 'table', index, 'when']).when,
      value: String(row.value),
    }));
    known.facts.set(id, { ...fact, applies: whens('applies'), askedWhen: whens('askedWhen'), table });
    for (const field of ['default', 'ordinary'] as const) {
      const value = fact[field];
      if (value !== undefined && value !== notApplicable)
        known.value(id, value, { file: file.name, line: file.lineOf([...path, field]) });
    }
    for (const [name, members] of known.groups.get(id) ?? []) {
      for (const member of members) known.value(id, member, reader.at(file, [...path, 'groups', name]));
    }
    if (fact.follows !== undefined) known.factName(fact.follows, reader.placeIn(at, ['follows']));
  }
}

/** What somebody can do differently, which the nearest change to a yes is made of. */
export function parseChanges({ known, reader }: Parsing, file: PolicyFile): PossibleChange[] {
  return ((file.data as FactsData).changes ?? []).map((data, index) => {
    const path = ['changes', index];
    const { fact, to, say, from, decidedBy } = data;
    return {
      at: reader.at(file, path),
      fact,
      to: String(to),
      say,
      ...(from === undefined ? {} : { from: known.valueSet(fact, from, file, [...path, 'from']).values }),
      when: known.when(data.when ?? {}, file, [...path, 'when']).when,
      with: textMap(data.with ?? {}),
      ...(decidedBy === undefined ? {} : { decidedBy }),
    };
  });
}

/** A list of facts in facts.yaml. A name that no fact has is left out. */
export function parseFactList(
  { known }: Parsing,
  file: PolicyFile,
  field: 'neverChanges' | 'aboutTool',
): ReadonlySet<string> {
  const names = (file.data as FactsData)[field] ?? [];
  return new Set(
    names.filter((name, index) =>
      known.factName(name, { file: file.name, line: file.lineOf([field, index]) }),
    ),
  );
}

const yesNo: readonly FactValue[] = [
  { id: 'true', label: 'Yes' },
  { id: 'false', label: 'No' },
];

function valuesOf(
  data: FactData,
  namedTools: readonly FactValue[],
  organisations: ReadonlyMap<string, Entry<OrganisationData>>,
): readonly FactValue[] {
  switch (data.values) {
    case 'tools':
      return namedTools;
    case 'organisations':
      return [...organisations.values()].map(({ data: { id, name } }) => ({ id, label: name }));
    case 'yes-no':
      return yesNo;
    case 'yes-no-unknown':
      return [...yesNo, { id: 'unknown', label: 'I don’t know' }];
    default:
      return data.values;
  }
}

// The engine tells apart only the tools that some rule, record or applicability names; all others behave alike.
function namedTools(reader: PackReader, tools: ReadonlyMap<string, Entry<ToolData>>): FactValue[] {
  const names = new Set<string>();
  const collect = (data: unknown): void => {
    if (Array.isArray(data)) for (const item of data) collect(item);
    else if (data !== null && typeof data === 'object') {
      for (const [key, value] of Object.entries(data)) {
        if (key === 'when' || key === 'applies' || key === 'askedWhen') gather(value);
        else if (key !== 'examples') collect(value);
      }
    }
  };
  const gather = (whens: unknown): void => {
    for (const when of Array.isArray(whens) ? whens : [whens]) {
      const given = (when as Record<string, unknown> | null)?.tool;
      for (const name of Array.isArray(given) ? given : given === undefined ? [] : [given])
        names.add(String(name));
    }
  };
  for (const kind of ['facts', 'rules', 'organisations', 'promises'] as const)
    for (const file of reader.files(kind)) collect(file.data);
  const known = [...names]
    .filter((name) => tools.has(name))
    .map((id) => ({ id, label: tools.get(id)?.data.name ?? id }));
  return [...known, { id: otherTool, label: 'Another tool' }];
}
