// What `npm run bench` runs: how fast the product is, beside its peers, in one run.
//   npm run bench -- [decisions|pages] [--quick] [--json]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { benchDecisions, describeDecisions } from '#bench/decisions.ts';
import { benchPages, describePages } from '#bench/pages.ts';

const peers = path.resolve(import.meta.dirname, '..', 'bench', 'peers');
const { part, isQuick, isJson } = readArguments();

if (part !== 'decisions') installPeers();
const results: Record<string, unknown> = { on: new Date().toISOString(), machine: describeMachine() };
if (!isJson) console.log(`${results.machine}\n`);
if (part !== 'pages') {
  const decisions = await benchDecisions({ isQuick });
  results.decisions = decisions;
  if (!isJson) console.log(`${describeDecisions(decisions)}\n`);
}
if (part !== 'decisions') {
  const pages = await benchPages({ isQuick });
  results.pages = pages;
  if (!isJson) console.log(describePages(pages));
}
if (isJson) console.log(JSON.stringify(results, null, 2));

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      options: { quick: { type: 'boolean' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [part, ...others] = positionals;
    if (others.length > 0 || (part !== undefined && part !== 'decisions' && part !== 'pages')) {
      throw new Error(`unknown part \`${others[0] ?? part}\`: it can be decisions or pages`);
    }
    return { part, isQuick: values.quick === true, isJson: values.json === true };
  } catch (error) {
    console.error((error as Error).message);
    return process.exit(2);
  }
}

// What the product is measured against is a package of its own: it is never installed with the product.
function installPeers(): void {
  const wanted = fs.readFileSync(path.join(peers, 'package-lock.json'), 'utf8');
  const stamp = path.join(peers, 'node_modules', '.clear-to-use-lock');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('Installing what the product is measured against (once, about 10 seconds) …\n');
  const shell = process.platform === 'win32';
  const { status, stderr, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: peers,
    shell,
    encoding: 'utf8',
  });
  if (status !== 0) {
    console.error(
      `The packages in bench/peers could not be installed. npm said:\n\n${error?.message ?? stderr}`,
    );
    process.exit(1);
  }
  fs.writeFileSync(stamp, wanted);
}

function describeMachine(): string {
  const [first] = os.cpus();
  return `${os.cpus().length} cores (${first?.model.trim()}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${os.loadavg()[0]?.toFixed(1)}`;
}
