// What `npm test` runs: style, types, the policy, then every test.
//   npm test -- [--only=lint|types|policy|unit|browser] [part of a test file's path]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { findChromium, installChromium } from './chromium.ts';
import { installPeers } from './peers.ts';
import { findPostgres, installPostgres, startPostgres, type TestPostgres } from './postgres.ts';

type Result = 'passed' | 'failed';
type Step = { readonly name: string; readonly heading: string; readonly run: () => Result };
type Outcome = { readonly step: string; readonly result: Result; readonly seconds: number };

const root = path.resolve(import.meta.dirname, '..');
const stepNames = ['lint', 'types', 'policy', 'unit', 'browser'];
const isCI = process.env.CI === 'true';
// Left-out tests are read from a second report, because the first is for people.
const tapFile = path.join(os.tmpdir(), `clear-to-use-tests-${process.pid}.tap`);

const { only, pattern } = readArguments();
const steps: readonly Step[] = [
  {
    name: 'lint',
    heading: 'Style and format (biome ci)',
    run: () => runPackage('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '.']),
  },
  {
    name: 'types',
    heading: 'Types (tsc --noEmit)',
    run: () => runPackage('typescript/bin/tsc', ['--noEmit']),
  },
  { name: 'policy', heading: 'Policy (policy check, policy prove)', run: checkPolicy },
  { name: 'tests', heading: 'Tests (node --test)', run: runTests },
].filter((step) => only === undefined || step.name === (isTestStep(only) ? 'tests' : only));

const browserIsReady =
  steps.some((step) => step.name === 'tests') && only !== 'unit' ? prepareBrowser() : true;
// One test holds the other engines of the bench to the same answers. Without them it is left out, as without a browser.
if (isCI && steps.some((step) => step.name === 'tests') && only !== 'browser') installPeers();
const postgres = steps.some((step) => step.name === 'tests') ? preparePostgres() : undefined;
const outcomes = steps.map(runStep);
postgres?.stop();
const leftOut = readLeftOut();
reportLeftOut(leftOut);
reportOutcomes(outcomes);

const failed = outcomes.some((outcome) => outcome.result === 'failed') || (isCI && leftOut.length > 0);
process.exitCode = failed || (isCI && !browserIsReady) ? 1 : 0;

function readArguments() {
  const { values, positionals } = parseArgs({
    options: { only: { type: 'string' } },
    allowPositionals: true,
  });
  if (values.only !== undefined && !stepNames.includes(values.only)) {
    console.error(`unknown step \`${values.only}\`. Choose one of ${stepNames.join(', ')}.`);
    process.exit(2);
  }
  return { only: values.only, pattern: positionals[0] };
}

function isTestStep(name: string): boolean {
  return name === 'unit' || name === 'browser';
}

function runStep(step: Step): Outcome {
  console.log(`\n── ${step.heading}`);
  const startedAt = performance.now();
  const result = step.run();
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`── ${step.name} ${result} in ${seconds.toFixed(1)} s`);
  return { step: step.name, result, seconds };
}

function checkPolicy(): Result {
  if (!fs.existsSync(path.join(root, 'src', 'main.ts'))) {
    console.error('src/main.ts is missing, so the policy cannot be checked.');
    return 'failed';
  }
  const checked = runNode(['src/main.ts', 'policy', 'check']);
  return checked === 'passed' ? runNode(['src/main.ts', 'policy', 'prove']) : checked;
}

function runTests(): Result {
  const files = findTestFiles();
  if (files.length === 0) {
    console.error(`no test file matches \`${pattern ?? only ?? ''}\`.`);
    return 'failed';
  }
  return runNode([
    '--test',
    `--test-concurrency=${Math.max(2, os.availableParallelism())}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=tap',
    `--test-reporter-destination=${tapFile}`,
    ...files,
  ]);
}

// Test files are named one by one: a folder given to `node --test` would also run the helpers in it.
function findTestFiles(): string[] {
  return fs
    .globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'policy/**/*.test.ts', 'tools/**/*.test.ts'], {
      cwd: root,
    })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => !isTestStep(only ?? '') || file.startsWith('test/browser/') === (only === 'browser'))
    .filter((file) => pattern === undefined || file.includes(pattern))
    .sort();
}

/** Sets CHROMIUM, or SKIP_BROWSER where there is none. False when the tests in a browser are left out. */
function prepareBrowser(): boolean {
  if (process.env.SKIP_BROWSER === '1') return false;
  const chromium = findChromium() ?? (isCI ? installChromium() : undefined);
  if (chromium !== undefined) {
    process.env.CHROMIUM = chromium;
    return true;
  }
  process.env.SKIP_BROWSER = '1';
  if (isCI) console.error('Chromium could not be installed, so the tests in a browser cannot run.');
  return false;
}

/** Starts a PostgreSQL server and sets TEST_DATABASE_URL. Undefined where one is named already, or where there is none. */
function preparePostgres(): TestPostgres | undefined {
  if (process.env.TEST_DATABASE_URL !== undefined) return undefined;
  const bin = findPostgres() ?? (isCI ? installPostgres() : undefined);
  if (bin === undefined) return undefined;
  try {
    const started = startPostgres(bin);
    process.env.TEST_DATABASE_URL = started.url;
    return started;
  } catch (error) {
    console.error(`PostgreSQL does not start: ${(error as Error).message}`);
    return undefined;
  }
}

function runPackage(file: string, args: readonly string[]): Result {
  return runNode([path.join('node_modules', ...file.split('/')), ...args]);
}

function runNode(args: readonly string[]): Result {
  const ended = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return ended.status === 0 ? 'passed' : 'failed';
}

function readLeftOut(): string[] {
  if (!fs.existsSync(tapFile)) return [];
  const tap = fs.readFileSync(tapFile, 'utf8');
  fs.rmSync(tapFile);
  return [...tap.matchAll(/^\s*ok \d+ - (.*?) # SKIP ?(.*)$/gm)].map(([, name, reason]) =>
    reason === '' || reason === undefined ? `${name}` : `${name} (${reason})`,
  );
}

function reportLeftOut(tests: readonly string[]): void {
  if (tests.length === 0) return;
  console.log(`\n${tests.length} left out:`);
  for (const test of tests) console.log(`  ${test}`);
  if (process.env.SKIP_BROWSER === '1') {
    console.log('To run the tests in a browser: sudo apt-get install chromium');
  }
  if (process.env.TEST_DATABASE_URL === undefined) {
    console.log('To run the tests on PostgreSQL: sudo apt-get install postgresql');
  }
  if (isCI) console.log('With CI=true leaving a test out is a failure.');
}

function reportOutcomes(all: readonly Outcome[]): void {
  console.log('\nStep     Result   Seconds');
  for (const { step, result, seconds } of all) {
    console.log(`${step.padEnd(8)} ${result.padEnd(8)} ${seconds.toFixed(1).padStart(7)}`);
  }
}
