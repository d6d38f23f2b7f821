import type { Latency } from './latency.ts';
import { type CatalogueKind, catalogues } from './many-tools.ts';
import { inOwnProcess, type OwnProcess } from './own-process.ts';
import { grouped, textTable } from './text-table.ts';

/** What helps askers, over the tools of one catalogue. */
type HelpWork = { readonly alternatives: Latency; readonly changes: Latency };

/** Over the pack that ships. */
export type PackWork = HelpWork & { readonly rankingColdMs: number; readonly ranking: Latency };

/** Over a catalogue with many synthetic tools. */
export type CatalogueWork = HelpWork & {
  readonly tools: number;
  /** Groups of tools of which the same is recorded. */
  readonly groups: number;
  /** The first search for alternatives, in which the tools are put in groups; once for a catalogue. */
  readonly firstMs: number;
  /** Building the index, once for a catalogue. */
  readonly indexMs: number;
  readonly typeahead: Latency;
};

export type HelpBench = {
  readonly pack: OwnProcess<PackWork>;
  readonly large: readonly { readonly kind: CatalogueKind; readonly run: OwnProcess<CatalogueWork> }[];
};

/** Measures what helps askers: the order of questions, changes and other tools; over the pack, and with many tools more. */
export async function benchHelp({ isQuick }: { readonly isQuick: boolean }): Promise<HelpBench> {
  const pack = await inOwnProcess<PackWork>('help-work.ts', ['pack']);
  const large = [];
  for (const kind of catalogues) {
    const run = await inOwnProcess<CatalogueWork>('help-work.ts', [kind, isQuick ? '2000' : '50000']);
    large.push({ kind, run });
  }
  return { pack, large };
}

const names: Readonly<Record<CatalogueKind, string>> = {
  'like-the-pack': 'recorded like those of the pack',
  'each-its-own': 'values at random',
  'one-task': 'values at random, all for one task',
};

/** The measurement as text for people. */
export function describeHelp({ pack, large }: HelpBench): string {
  const tools = large[0]?.run.said.tools ?? 0;
  return `What helps askers, in milliseconds of processor time for each call. The pack that ships; most memory ${pack.peakMib} MiB.

${textTable([
  heading,
  ['ranking questions, the first time', '1', '', '', milliseconds(pack.said.rankingColdMs)],
  row('ranking questions', pack.said.ranking),
  row('finding changes', pack.said.changes),
  row('finding alternatives', pack.said.alternatives),
])}

The same over ${grouped(tools)} tools. The goals are 50 ms for alternatives, and 10 ms for p99 of what is typed.

${large.map(catalogueTable).join('\n\n')}`;
}

const heading = ['', 'calls', 'median', 'p99', 'most'];

function catalogueTable({ kind, run: { said, peakMib } }: HelpBench['large'][number]): string {
  return textTable([
    [`${names[kind]}; most memory ${peakMib} MiB`, ...heading.slice(1)],
    [
      `alternatives, the first time (${grouped(said.groups)} groups)`,
      '1',
      '',
      '',
      milliseconds(said.firstMs),
    ],
    ['index for what is typed, once', '1', '', '', milliseconds(said.indexMs)],
    row('finding alternatives', said.alternatives),
    row('finding changes', said.changes),
    row('finding tools while somebody types', said.typeahead),
  ]);
}

function row(name: string, { calls, medianMs, p99Ms, mostMs }: Latency): string[] {
  return [name, grouped(calls), ...[medianMs, p99Ms, mostMs].map(milliseconds)];
}

function milliseconds(figure: number): string {
  return figure < 10 ? figure.toFixed(2) : grouped(figure);
}
