// How many pages and facts it takes to get an answer: `npm run questions`, with --json for the figures alone.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { loadGuidance } from '#store/guidance.ts';
import {
  type AskerStory,
  buildReport,
  ends,
  type Report,
  type Row,
  type Rows,
  waysToAsk,
} from './questions/report.ts';

const root = path.resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: { json: { type: 'boolean' } } });

const { ready } = await loadGuidance(path.join(root, 'policy'));
if (ready === null) {
  console.error('the guidance pack cannot answer. `npm run ctu -- policy check` says why.');
  process.exit(1);
}
const { policy } = ready;
const today = new Date().toISOString().slice(0, 10);
const report = buildReport(policy.tableOn(today), policy.pack, readStories());
if (values.json) console.log(JSON.stringify(report, undefined, 2));
else print(report);

function readStories(): AskerStory[] {
  const text = fs.readFileSync(path.join(root, 'test', 'journeys', 'staff-journeys.yaml'), 'utf8');
  const { journeys } = parse(text) as {
    journeys: { id: string; starts: { tool?: string }; answers: Record<string, string | boolean> }[];
  };
  return journeys.map(({ id, starts, answers }) => {
    const truth = new Map(Object.entries(answers).map(([fact, value]) => [fact, String(value)]));
    const name = starts.tool ?? truth.get('tool') ?? '';
    const found = policy.catalogue.find(name);
    return { id, tool: found.ok ? (found.match.tool?.id ?? name) : name, answers: truth };
  });
}

function print(given: Report): void {
  console.log('Pages and facts to an answer, the tool included: mean / median / most\n');
  console.log('Everybody who asks, as the priors of the pack say');
  printRows(given.priors);
  console.log('The journeys of staff, each once');
  printRows(given.journeys);
  for (const way of waysToAsk) {
    const { all, afterTool } = given.overFewest[way];
    console.log(
      `${way.padEnd(20)} ${percent(all)} over the fewest possible, ${percent(afterTool)} after the tool`,
    );
  }
  console.log(
    `\nThe fewest possible under the priors is exact: dynamic programming over ${given.places} partial answers. Over the journeys it` +
      ' is the shortest for each, which only hindsight knows.',
  );
  console.log(
    `Asking all is the mean of ${given.sampled} situations drawn by the priors; all else is exact.`,
  );
}

function printRows(rows: Rows): void {
  const heading = ['', 'to', 'share', 'pages', '', '', 'facts', '', ''];
  console.log(line(heading));
  for (const way of waysToAsk) {
    for (const end of ends) {
      const row = rows[way][end];
      if (row !== null) console.log(line([end === 'all' ? way : '', end, ...cells(row)]));
    }
  }
  console.log('');
}

function cells({ share, pages, facts }: Row): string[] {
  return [
    percent(share),
    ...[pages, facts].flatMap(({ mean, median, max }) => [mean.toFixed(2), `${median}`, `${max}`]),
  ];
}

function line([way = '', end = '', ...numbers]: readonly string[]): string {
  return `${way.padEnd(20)}${end.padEnd(10)}${numbers.map((cell) => cell.padStart(7)).join('')}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
