import type { Pack } from '#domain/policy/pack.ts';
import type {
  Change,
  ChangedSituation,
  EntryChange,
  ExplainedCause,
  PolicyDiff,
} from '#domain/proof/diff.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { hrefOf } from '../ask/address.ts';
import { verdictWords } from '../words.ts';

/** What a page about a difference needs to know: the two packs, and where single situations are shown. */
export type DifferencePlace = {
  readonly before: Pack;
  readonly after: Pack;
  /** The page of one situation under both versions. */
  readonly situationPath: string;
};

/** A way in which answers change, as the page shows it. */
export type ChangeModel = ReturnType<typeof changeModel>;

const mostOthers = 100;

/** The difference between two versions for people: what gets milder first. */
export function differenceView(diff: PolicyDiff, place: DifferencePlace) {
  const others = diff.others.map((one) => otherModel(one));
  return {
    loosenings: diff.loosenings.map((change, index) => changeModel(change, index, diff, place)),
    tightenings: diff.tightenings.map((change, index) => changeModel(change, index, diff, place)),
    tools: [...new Set(diff.tools.map(({ name }) => name))],
    others: others.slice(0, mostOthers),
    moreOthers: Math.max(0, others.length - mostOthers),
    notes: diff.notes,
    isNothing:
      diff.loosenings.length + diff.tightenings.length + diff.others.length + diff.tools.length === 0,
  };
}

function changeModel(
  { name, of, counts, causes, examples }: Change,
  index: number,
  { periods }: PolicyDiff,
  place: DifferencePlace,
) {
  const [first] = counts;
  const from = first === undefined ? undefined : periods[first.period]?.from;
  return {
    id: `change-${index + 1}`,
    name,
    isVerdict: of.kind === 'verdict',
    title:
      of.kind === 'verdict'
        ? `“${verdictWords[of.from].label}” becomes “${verdictWords[of.to].label}”`
        : `${conditionText(of.condition, place)} ${conditionWords[of.how]}`,
    counts: counts.map(({ period, situations }) => {
      const own = periods[period];
      const when = periods.length > 1 && own !== undefined ? `from ${dayInWords(own.from)}: ` : '';
      return `${when}${shareOf(situations, own?.situations ?? 0n)} of all situations`;
    }),
    causes: causes.map((cause) => causeText(cause, place)),
    examples: examples.map((example) => exampleModel(example, place, from)),
  };
}

const conditionWords = {
  dropped: 'falls away',
  added: 'is asked for',
  weaker: 'is asked for less strictly',
  stronger: 'is asked for more strictly',
} as const;

function conditionText(id: string, { before, after }: DifferencePlace): string {
  return `“${(after.conditions.get(id) ?? before.conditions.get(id))?.text ?? id}”`;
}

const kindNames: Readonly<Record<ExplainedCause['kind'], string>> = {
  rule: 'the rule',
  condition: 'the condition',
  tool: 'the tool',
  organisation: 'the part of the department',
  fact: 'the fact',
};

function causeText({ kind, id, change }: ExplainedCause, { before, after }: DifferencePlace): string {
  const name = `${kindNames[kind]} “${nameOf(kind, id, after) ?? nameOf(kind, id, before) ?? id}”`;
  if (change === null) return `${name}, in force on other days`;
  if (change.how === 'added') return `${name}, which is new`;
  if (change.how === 'removed') return `${name}, which is gone`;
  const what = change.fields.flatMap(({ name: field, before: was, after: is }) =>
    (field === 'verdict' || field === 'strength') && was !== undefined && is !== undefined
      ? [`${field} ${was}, now ${is}`]
      : [],
  );
  return what.length === 0 ? name : `${name} (${what.join('; ')})`;
}

function nameOf(kind: ExplainedCause['kind'], id: string, pack: Pack): string | undefined {
  switch (kind) {
    case 'rule':
      return pack.rules.find((rule) => rule.id === id)?.title;
    case 'condition':
      return pack.conditions.get(id)?.text;
    case 'tool':
      return pack.tools.get(id)?.name;
    case 'organisation':
      return pack.organisations.get(id)?.name;
    case 'fact':
      return pack.facts.get(id)?.label;
    default:
      return kind satisfies never;
  }
}

function exampleModel(
  { example, facts, before, after }: ChangedSituation,
  { situationPath, before: old, after: young }: DifferencePlace,
  from: string | undefined,
) {
  return {
    text: example?.name ?? inWords(facts, young, old),
    before: verdictWords[before].label,
    after: verdictWords[after].label,
    href: hrefOf(
      situationPath,
      Object.entries(facts).map(([fact, value]) => [fact, String(value)] as const),
      from === undefined ? {} : { _day: from },
    ),
  };
}

// The tool says most; the rest stands on the page of the situation.
function inWords(facts: ChangedSituation['facts'], young: Pack, old: Pack): string {
  const { tool } = facts as Readonly<Record<string, unknown>>;
  const name = young.tools.get(String(tool))?.name ?? old.tools.get(String(tool))?.name;
  return name === undefined ? 'One such situation' : `One such situation with ${name}`;
}

function otherModel({ kind, id, how, was, fields }: EntryChange) {
  const what =
    how === 'added'
      ? 'is new'
      : how === 'removed'
        ? 'is gone'
        : how === 'renamed'
          ? `was called ${was}`
          : 'is worded or arranged differently';
  return {
    text: `${kind} ${id} ${what}`,
    fields: fields.flatMap(({ name, before, after }) =>
      before === undefined && after === undefined
        ? []
        : [{ name, before: before ?? null, after: after ?? null }],
    ),
  };
}

// Numbers of situations are too large to mean anything to a reader, so that pages show shares.
function shareOf(part: bigint, all: bigint): string {
  if (all === 0n || part === all) return '100%';
  const hundredths = Number((part * 10_000n) / all);
  return hundredths === 0 ? 'less than 0.01%' : `${(Math.min(hundredths, 9_999) / 100).toFixed(2)}%`;
}
