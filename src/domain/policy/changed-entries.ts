import { canonicalText } from './canonical.ts';
import type { Pack } from './pack.ts';

/** One entry of a pack that is not what it was. */
export type EntryChange = {
  readonly kind: string;
  readonly id: string;
  readonly how: 'added' | 'removed' | 'changed' | 'renamed';
  /** The id it had, where it was renamed. */
  readonly was?: string;
  readonly fields: readonly ChangedField[];
};

/** One field of an entry that differs. */
export type ChangedField = {
  readonly name: string;
  /** What it was and is, where that is short enough to show. */
  readonly before?: string;
  readonly after?: string;
  /** Of a list of names only what went and what came. */
  readonly without?: readonly string[];
  readonly with?: readonly string[];
};

/** Fields by which a rule, a condition, a tool or an organisation decides. */
const decidingFields: Readonly<Record<string, readonly string[]>> = {
  rule: ['when', 'verdict', 'adds', 'from', 'to', 'faults'],
  condition: ['kind', 'strength'],
  tool: ['facts'],
  organisation: ['records'],
  fact: ['applies', 'table', 'follows', 'origin', 'default'],
};

/**
 * Every entry of a pack that was added, removed, changed or renamed. For the entries that `isTold` says have been told already
 * only the fields that decide nothing are left.
 */
export function findEntryChanges(
  before: Pack,
  after: Pack,
  isTold: (kind: string, id: string) => boolean,
): EntryChange[] {
  const old = entriesOf(before);
  const young = entriesOf(after);
  return [...old.keys()].flatMap((kind) =>
    changesOf(kind, old.get(kind) ?? new Map(), young.get(kind) ?? new Map(), isTold),
  );
}

/** What was done to one entry; null where it is as it was. */
export function findEntryChange(before: Pack, after: Pack, kind: string, id: string): EntryChange | null {
  const old = entriesOf(before).get(kind)?.get(id);
  const young = entriesOf(after).get(kind)?.get(id);
  if (old === undefined || young === undefined)
    return old === young ? null : { kind, id, how: old === undefined ? 'added' : 'removed', fields: [] };
  const fields = fieldsThatDiffer(old, young, []);
  return fields.length === 0 ? null : { kind, id, how: 'changed', fields };
}

type Entries = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

function changesOf(
  kind: string,
  old: Entries,
  young: Entries,
  isTold: (kind: string, id: string) => boolean,
): EntryChange[] {
  const gone = [...old.keys()].filter((id) => !young.has(id));
  const come = [...young.keys()].filter((id) => !old.has(id));
  const renamed = findRenamed(kind, gone, come, old, young);
  const wasNamed = new Map([...renamed].map(([was, is]) => [is, was]));
  const removed = gone.filter((id) => !renamed.has(id) && !isTold(kind, id));
  const changes = [...young].flatMap(([id, entry]): EntryChange[] => {
    const was = wasNamed.get(id);
    const own = old.get(was ?? id);
    if (own === undefined) return isTold(kind, id) ? [] : [{ kind, id, how: 'added', fields: [] }];
    const left = isTold(kind, id) ? (decidingFields[kind] ?? []) : [];
    const fields = fieldsThatDiffer(own, entry, ['id', ...left]);
    if (was !== undefined) return [{ kind, id, how: 'renamed', was, fields }];
    return fields.length === 0 ? [] : [{ kind, id, how: 'changed', fields }];
  });
  return [...changes, ...removed.map((id): EntryChange => ({ kind, id, how: 'removed', fields: [] }))];
}

// Gone under one name and there under another: everything that decides is the same, or else everything but the name.
function findRenamed(
  kind: string,
  gone: readonly string[],
  come: readonly string[],
  old: Entries,
  young: Entries,
): Map<string, string> {
  const renamed = new Map<string, string>();
  const keyOf = (entry: Readonly<Record<string, unknown>> | undefined): string =>
    kind === 'rule'
      ? canonicalText(decidingFields.rule?.map((field) => entry?.[field]))
      : canonicalText({ ...entry, id: undefined });
  for (const id of gone) {
    const taken = new Set(renamed.values());
    const other = come.find((one) => !taken.has(one) && keyOf(young.get(one)) === keyOf(old.get(id)));
    if (other !== undefined) renamed.set(id, other);
  }
  return renamed;
}

function fieldsThatDiffer(
  old: Readonly<Record<string, unknown>>,
  young: Readonly<Record<string, unknown>>,
  leftOut: readonly string[],
): EntryChange['fields'] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(young)])];
  return names
    .filter((name) => name !== 'at' && !leftOut.includes(name))
    .filter(
      (name) => old[name] !== young[name] && canonicalText([old[name]]) !== canonicalText([young[name]]),
    )
    .map((name) => ({ name, ...difference(old[name], young[name]) }));
}

function difference(old: unknown, young: unknown): Omit<ChangedField, 'name'> {
  if (!isListOfNames(old) || !isListOfNames(young))
    return { ...shortText('before', old), ...shortText('after', young) };
  const [gone, come] = [old.filter((one) => !young.includes(one)), young.filter((one) => !old.includes(one))];
  return { without: gone, with: come };
}

function isListOfNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

const longestText = 400;

function shortText<Side extends string>(side: Side, value: unknown): { [key in Side]?: string } {
  const text = inWords(value);
  return text === undefined || text.length > longestText
    ? {}
    : ({ [side]: text } as { [key in Side]?: string });
}

// Texts, days and lists of names; what is more than that is only named.
function inWords(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return String(value);
  if (value instanceof Set) return inWords([...value]);
  if (value instanceof Map) {
    const parts = [...value].map(([name, inner]) => [String(name), inWords(inner)] as const);
    return parts.some(([, text]) => text === undefined)
      ? undefined
      : parts.map(([name, text]) => `${name}: ${text}`).join('; ');
  }
  if (isListOfNames(value)) return value.join(', ');
  return undefined;
}

// Everything in a pack that has a name of its own, by kind. The tools that a fact can be follow from the rules.
function entriesOf(pack: Pack): Map<string, Entries> {
  const byId = <Entry extends { readonly id: string }>(list: Iterable<Entry>): Entries =>
    new Map([...list].map((entry) => [entry.id, entry as Readonly<Record<string, unknown>>]));
  const facts = [...pack.facts.values()].map((fact) =>
    fact.valuesFrom === 'list' ? fact : { ...fact, values: undefined },
  );
  const { silence, headlines, meanwhile, label, languages, department, defaultContact, reviewContact } = pack;
  const { useText, datedText, neverChanges, aboutTool, priors, matrix, managersGuidance } = pack;
  const head = {
    ...{ silence, headlines, meanwhile, label, languages, department },
    ...{ defaultContact, reviewContact, useText, datedText, neverChanges, aboutTool },
    margin: String(priors?.margin),
    matrixFilters: matrix?.filters,
    managersGuidance,
  };
  return new Map<string, Entries>([
    ['pack', new Map([[pack.id, head]])],
    ['rule', byId(pack.rules)],
    ['condition', byId(pack.conditions.values())],
    ['fact', byId(facts)],
    ['question', byId(pack.pages.flatMap(({ questions }) => questions))],
    [
      'question page',
      byId(pack.pages.map((page) => ({ ...page, questions: page.questions.map(({ id }) => id) }))),
    ],
    ['organisation', byId(pack.organisations.values())],
    ['tool', byId(pack.tools.values())],
    ['contact', byId(pack.contacts.values())],
    ['document', byId(pack.documents.values())],
    ['statement', byId(pack.clauses.values())],
    ['link', byId(pack.links.values())],
    ['checklist', byId(pack.checklists.values())],
    ['page', byId(pack.guidancePages.values())],
    ['reading', byId(pack.readings)],
    ['way', byId(pack.ways)],
    ['change', byId(pack.changes.map((change) => ({ id: change.say, ...change })))],
    ['prior', byId([...(priors?.of.values() ?? [])].map((prior) => ({ id: prior.fact, ...prior })))],
    ['kind of information', byId(matrix?.information ?? [])],
    ['promise', byId(pack.promises)],
    ['gap', byId(pack.gaps)],
    ['word to avoid', byId(pack.wordsToAvoid.map((word) => ({ id: word.avoid, ...word })))],
    ['upkeep', byId(upkeepOf(pack))],
  ]);
}

function upkeepOf({ upkeep }: Pack): { readonly id: string }[] {
  return upkeep.map(({ at, what, ...dates }) => ({
    id: what === at.file ? what : `${what} in ${at.file}`,
    ...dates,
  }));
}
