import type {
  Change,
  ChangedSituation,
  EntryChange,
  ExplainedCause,
  Period,
  PolicyDiff,
  ToolChange,
} from '#domain/proof/diff.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { type Verdict, verdicts } from '#domain/shared/verdict.ts';
import type { DiffedGuidance } from '#usecases/diff-guidance.ts';
import { clean, type Output, openOutput } from './terminal.ts';

type Compared = Extract<DiffedGuidance, { outcome: 'compared' }>;

/** What a change of the guidance does, for people: what gets milder first. */
export function printDiff(
  stream: NodeJS.WriteStream,
  compared: Compared,
  acknowledged: readonly string[],
): void {
  const out = openOutput(stream);
  const { diff, unacknowledged } = compared;
  printCompared(out, diff);
  printLoosenings(out, diff, acknowledged);
  printChanges(out, 'Tightenings', diff.tightenings, diff);
  printTools(out, diff);
  printOthers(out, diff.others);
  if (diff.notes.length > 0) out.heading('Not the same words');
  for (const note of diff.notes) out.text(note, { first: '  ' });
  out.gap();
  if (unacknowledged.length === 0) {
    out.text(diff.loosenings.length === 0 ? 'Nothing gets milder.' : 'Every loosening is acknowledged.');
    return;
  }
  const names = unacknowledged.map(({ name }) => name);
  out.text(`${counted(names.length, 'loosening')} not acknowledged. If that is meant, add:`, {
    style: 'bold',
  });
  // On one line, however long, to be copied.
  stream.write(`  --acknowledge ${clean([...acknowledged, ...names].join(','))}\n`);
}

function printCompared(out: Output, { periods, loosenings, tightenings, others }: PolicyDiff): void {
  const parts = [
    counted(loosenings.length, 'loosening'),
    counted(tightenings.length, 'tightening'),
    counted(others.length, 'other change'),
  ];
  out.text(parts.join(', '), { style: 'bold' });
  for (const period of periods) {
    out.text(`${inWords(period)}: ${grouped(period.situations)} situations compared.`);
    for (const [counts, text] of [
      [period.lost, 'could be described before and cannot be any more'],
      [period.gained, 'could not be described before'],
    ] as const) {
      const all = total(counts);
      if (all > 0n) out.text(`${grouped(all)} ${text}: ${sharesInWords(counts)}.`, { first: '  ' });
    }
  }
}

function printLoosenings(out: Output, diff: PolicyDiff, acknowledged: readonly string[]): void {
  printChanges(out, 'Loosenings', diff.loosenings, diff, (name) =>
    acknowledged.includes(name) ? 'acknowledged' : 'not acknowledged',
  );
}

function printChanges(
  out: Output,
  heading: string,
  changes: readonly Change[],
  { periods }: PolicyDiff,
  stateOf?: (name: string) => string,
): void {
  if (changes.length === 0) return;
  out.heading(heading);
  for (const [index, change] of changes.entries()) {
    if (index > 0) out.gap();
    const state = stateOf === undefined ? '' : ` (${stateOf(change.name)})`;
    out.text(`${changeInWords(change)}${state}`, {
      first: '  ',
      style: stateOf === undefined ? 'yellow' : 'red',
    });
    out.text(change.name, { first: '    ' });
    for (const { period, situations } of change.counts) {
      const all = periods[period]?.situations ?? 0n;
      const when = periods.length === 1 ? '' : `${inWords(periods[period])}: `;
      out.text(`${when}${grouped(situations)} situations (${share(situations, all)})`, { first: '    ' });
    }
    for (const cause of change.causes)
      out.text(causeInWords(cause), { first: '    because of ', rest: '      ' });
    for (const example of change.examples) printSituation(out, example);
  }
}

function printSituation(out: Output, { example, facts, before, after }: ChangedSituation): void {
  const name = example === null ? 'for example' : `“${example.name}”`;
  out.text(`${name}: ${factsInWords(facts)}`, { first: '    - ', rest: '      ' });
  out.text(before === after ? `${before}, before and after` : `${before} before, ${after} after`, {
    first: '      ',
  });
}

function printTools(out: Output, { tools, periods }: PolicyDiff): void {
  if (tools.length === 0) return;
  out.heading('Tools of which something else is recorded');
  for (const tool of tools) {
    const when = periods.length === 1 ? '' : `, ${inWords(periods[tool.period]).replace('From', 'from')}`;
    out.text(`${tool.name} (${tool.id})${when}`, { first: '  ' });
    out.text(sharesInWords(tool.before), { first: '    before: ' });
    out.text(sharesInWords(tool.after), { first: '    after:  ' });
  }
}

function printOthers(out: Output, others: readonly EntryChange[]): void {
  if (others.length === 0) return;
  out.heading('Changes that leave every verdict and condition alone');
  for (const change of others) {
    out.text(entryInWords(change), { first: '  ', rest: '      ' });
    for (const { name, before, after } of change.fields) {
      if (before === undefined && after === undefined) continue;
      if (before !== undefined) out.text(before, { first: `    ${name} was: `, rest: '      ' });
      if (after !== undefined) out.text(after, { first: `    ${name} is:  `, rest: '      ' });
    }
  }
}

function changeInWords({ of }: Change): string {
  if (of.kind === 'verdict') return `${of.from} becomes ${of.to}`;
  const texts = {
    dropped: 'falls away where somebody may go ahead',
    added: 'is added where somebody may go ahead',
    weaker: 'is demanded less strictly',
    stronger: 'is demanded more strictly',
  } as const;
  return `the condition ${of.condition} ${texts[of.how]}`;
}

function causeInWords({ kind, id, change }: ExplainedCause): string {
  if (change === null) return `the ${kind} ${id}`;
  if (change.how === 'added') return `the ${kind} ${id}, which is new`;
  if (change.how === 'removed') return `the ${kind} ${id}, which is gone`;
  const deciding = [
    'when',
    'verdict',
    'adds',
    'from',
    'to',
    'facts',
    'records',
    'applies',
    'table',
    'kind',
    'strength',
  ];
  const fields = change.fields.filter(({ name }) => deciding.includes(name)).map(fieldInWords);
  return `the ${kind} ${id}${fields.length === 0 ? '' : ` (${fields.join('; ')})`}`;
}

function entryInWords({ kind, id, how, was, fields }: EntryChange): string {
  if (how === 'added') return `new ${kind} ${id}`;
  if (how === 'removed') return `${kind} ${id} is gone`;
  const rest = fields.map(({ name, without = [], with: come = [] }) => {
    const parts = [...without.map((one) => `without ${one}`), ...come.map((one) => `with ${one}`)];
    return parts.length === 0 ? name : `${name} ${parts.join(', ')}`;
  });
  const what = rest.length === 0 ? '' : `: ${rest.join('; ')}`;
  return how === 'renamed' ? `${kind} ${was} is now called ${id}${what}` : `${kind} ${id}${what}`;
}

function fieldInWords({
  name,
  before,
  after,
  without = [],
  with: come = [],
}: EntryChange['fields'][number]): string {
  if (without.length + come.length > 0)
    return [...without.map((one) => `no longer ${name} ${one}`), ...come.map((one) => `${name} ${one}`)].join(
      ', ',
    );
  return before === undefined && after === undefined
    ? name
    : `${name}: ${before || 'none'}, now ${after || 'none'}`;
}

function factsInWords(facts: ChangedSituation['facts']): string {
  return Object.entries(facts)
    .map(([fact, value]) => `${fact} ${value}`)
    .join(', ');
}

function inWords(period: Period | undefined): string {
  if (period === undefined) return '';
  const { from, before } = period;
  return before === null
    ? `From ${dayInWords(from)}`
    : `From ${dayInWords(from)} until before ${dayInWords(before)}`;
}

function total(counts: ToolChange['before']): bigint {
  return verdicts.reduce((sum, verdict) => sum + counts[verdict], 0n);
}

function sharesInWords(counts: Readonly<Record<Verdict, bigint>>): string {
  const all = total(counts);
  if (all === 0n) return 'no situation';
  return verdicts
    .filter((verdict) => counts[verdict] > 0n)
    .map((verdict) => `${verdict} ${share(counts[verdict], all)}`)
    .join(', ');
}

function counted(count: number, noun: string): string {
  return `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;
}

function grouped(count: bigint): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** A share with two digits that say something: 12 %, 0.08 %, 0.00000012 %. What is nearly all is never shown as all. */
export function share(part: bigint, all: bigint): string {
  if (all === 0n || part === 0n) return '0 %';
  if (part === all) return '100 %';
  // Parts of 10^20, as text with 18 places after the point of the percentage.
  const digits = String((part * 10n ** 20n) / all).padStart(19, '0');
  const whole = digits.slice(0, -18);
  const places = digits.slice(-18);
  if (whole !== '0')
    return `${whole}${whole.length === 1 || whole === '99' ? `.${places.slice(0, 2)}` : ''} %`;
  const first = places.search(/[1-9]/);
  return first < 0 ? `less than 0.${'0'.repeat(17)}1 %` : `0.${places.slice(0, first + 2)} %`;
}
