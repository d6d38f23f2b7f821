// What `npm run bench` runs: how fast the product is, beside its peers, in one run.
//   npm run bench -- [decisions] [peers] [proving] [help] [pages] [--quick] [--json]
import os from 'node:os';
import { parseArgs } from 'node:util';

import { benchDecisions, describeDecisions } from '#bench/decisions.ts';
import { benchHelp, describeHelp } from '#bench/help.ts';
import { benchPages, describePages } from '#bench/pages.ts';
import { benchPeers, describePeers } from '#bench/peers.ts';
import { benchProving, describeProving } from '#bench/proving.ts';
import { installPeers } from './peers.ts';

type Options = { readonly isQuick: boolean };
type Section = {
  readonly name: string;
  /** Whether it measures against packages that are not the product's. */
  readonly needsPeers: boolean;
  readonly run: (options: Options) => Promise<{ readonly result: unknown; readonly text: string }>;
};

const sections: readonly Section[] = [
  section('decisions', false, benchDecisions, describeDecisions),
  section('peers', true, benchPeers, describePeers),
  section('proving', false, benchProving, describeProving),
  section('help', false, benchHelp, describeHelp),
  section('pages', true, benchPages, describePages),
];

const { wanted, isQuick, isJson } = readArguments();

if (wanted.some(({ needsPeers }) => needsPeers) && !installPeers()) process.exit(1);
const results: Record<string, unknown> = { on: new Date().toISOString(), machine: describeMachine() };
if (!isJson) console.log(`${results.machine}\n`);
for (const { name, run } of wanted) {
  const { result, text } = await run({ isQuick });
  results[name] = result;
  if (!isJson) console.log(`${text}\n`);
}
if (isJson) console.log(JSON.stringify(results, null, 2));

function section<Result>(
  name: string,
  needsPeers: boolean,
  measure: (options: Options) => Promise<Result>,
  describe: (result: Result) => string,
): Section {
  const run: Section['run'] = async (options) => {
    const result = await measure(options);
    return { result, text: describe(result) };
  };
  return { name, needsPeers, run };
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      options: { quick: { type: 'boolean' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const names = sections.map(({ name }) => name);
    const unknown = positionals.find((name) => !names.includes(name));
    if (unknown !== undefined)
      throw new Error(`unknown section \`${unknown}\`. Choose from ${names.join(', ')}.`);
    return {
      wanted: sections.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
      isQuick: values.quick === true,
      isJson: values.json === true,
    };
  } catch (error) {
    console.error((error as Error).message);
    return process.exit(2);
  }
}

// What the product is measured against is a package of its own: it is never installed with the product.
function describeMachine(): string {
  const [first] = os.cpus();
  return `${os.cpus().length} cores (${first?.model.trim()}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${os.loadavg()[0]?.toFixed(1)}`;
}
