import { summaryOf } from './measure.ts';
import { inOwnProcess, type OwnProcess } from './own-process.ts';
import { grouped, textTable } from './text-table.ts';

/** Processor time of the work itself in milliseconds, without reading the pack, and what came out. */
export type ProvingWork = { readonly ms: number; readonly found: string };

export type ProvingBench = {
  readonly rounds: number;
  readonly works: readonly { readonly name: string; readonly runs: readonly OwnProcess<ProvingWork>[] }[];
};

const works = [
  { name: 'proving the pack', what: 'prove' },
  { name: 'comparing: one rule a step milder', what: 'diff-one' },
  { name: 'comparing: every tenth rule a step milder', what: 'diff-every-tenth' },
];

/** Measures what needs every situation at once, each time in a process of its own: nothing is warm, as on the command line. */
export async function benchProving({ isQuick }: { readonly isQuick: boolean }): Promise<ProvingBench> {
  const rounds = isQuick ? 1 : 5;
  const seen = works.map(({ name }) => ({ name, runs: [] as OwnProcess<ProvingWork>[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [at, { what }] of works.entries())
      seen[at]?.runs.push(await inOwnProcess<ProvingWork>('proving-work.ts', [what]));
  }
  return { rounds, works: seen };
}

/** The measurement as text for people. */
export function describeProving({ rounds, works }: ProvingBench): string {
  return `Proving and comparing, cold, each time in a process of its own; medians of ${rounds}. The goal for proving is 2,000 ms and 256 MiB.

${textTable([
  ['', 'CPU ms', 'min .. max', 'whole process, ms', 'most memory, MiB', 'found'],
  ...works.map(({ name, runs }) => {
    const cpu = summaryOf(runs.map(({ said }) => said.ms));
    return [
      name,
      grouped(cpu.median),
      `${grouped(cpu.min)} .. ${grouped(cpu.max)}`,
      grouped(summaryOf(runs.map(({ wholeMs }) => wholeMs)).median),
      grouped(summaryOf(runs.map(({ peakMib }) => peakMib)).max),
      runs[0]?.said.found ?? '',
    ];
  }),
])}`;
}
