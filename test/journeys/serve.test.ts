import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runProgram } from '#test/support/cli.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
// The log of this many requests is more than a pipe holds.
const requests = 1_500;

let folder: string;

describe('the service as a process', () => {
  let fifo: number;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clear-to-use-serve-'));
    execFileSync('mkfifo', [path.join(folder, 'log')]);
    // Open for reading too, and never read.
    fifo = fs.openSync(path.join(folder, 'log'), 'r+');
  });
  after(() => {
    fs.closeSync(fifo);
    fs.rmSync(folder, { recursive: true });
  });

  it('answers and stops when told to although the disk under its log is full', {
    skip: !fs.existsSync('/dev/full') && 'there is no /dev/full here',
  }, async () => {
    const full = fs.openSync('/dev/full', 'r+');
    await answersAndStops(full);
    fs.closeSync(full);
  });

  it('answers and stops when told to although nobody reads its log', () => answersAndStops(fifo));

  it('answers and stops when told to although the reader of its log has gone', async () => {
    const running = await startService('pipe');
    running.child.stdout?.destroy();
    await running.answers();
    assert.equal(await running.stop(), 0);
  });
});

describe('a start that publishes a guidance pack with errors', () => {
  it('starts, and says how many there are and how to see them, to whoever starts it and in the log', async () => {
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'clear-to-use-flawed-'));
    const policyDir = path.join(scratch, 'policy');
    fs.cpSync(path.join(root, 'policy'), policyDir, { recursive: true });
    const rules = path.join(policyDir, 'rules', 'accounts.yaml');
    fs.writeFileSync(
      rules,
      fs.readFileSync(rules, 'utf8').replace(/verdict: not-allowed/g, 'verdict: get-guidance'),
    );
    const env = { DATA_DIR: path.join(scratch, 'data'), POLICY_DIR: policyDir };
    const running = await startService('pipe', env);
    let log = '';
    running.child.stdout?.on('data', (text) => {
      log += text;
    });
    assert.equal(await running.stop(), 0);
    const checked = await runProgram(['policy', 'check', '--json'], env);
    const { errors, warnings } = JSON.parse(checked.stdout) as { errors: number; warnings: number };
    assert.ok(errors > 0);
    assert.match(
      running.said(),
      new RegExp(
        `^warning: this version of the guidance has ${errors} errors? and ${warnings} warnings`,
        'm',
      ),
    );
    const line = log.split('\n').find((one) => one.includes('policy check'));
    const logged = JSON.parse(line ?? '{}') as Record<string, unknown>;
    assert.deepEqual([logged.level, logged.errors, logged.warnings], ['warn', errors, warnings]);
    fs.rmSync(scratch, { recursive: true });
  });
});

describe('a folder for data that cannot be used', () => {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'clear-to-use-no-data-'));
  const file = path.join(scratch, 'file');
  fs.writeFileSync(file, '');
  after(() => fs.rmSync(scratch, { recursive: true }));

  for (const [dataDir, why] of [
    [file, 'it is there and is not a folder'],
    [path.join(file, 'data'), 'what is above it is not a folder'],
    ['/proc/x', 'no folder can be made there'],
  ] as const)
    it(`ends the start with 1 and one line that says why: ${why}`, {
      skip: dataDir.startsWith('/proc') && !fs.existsSync('/proc/self') && 'there is no /proc here',
    }, async () => {
      const { code, stderr } = await runProgram(['serve'], { DATA_DIR: dataDir, PORT: '0' });
      assert.equal(code, 1);
      assert.equal(
        stderr,
        `the folder for data, \`${dataDir}\`, cannot be made (${why}). Set DATA_DIR to a folder that this user may write to.\n`,
      );
    });
});

async function answersAndStops(stdout: number): Promise<void> {
  const running = await startService(stdout);
  await running.answers();
  assert.equal(await running.stop(), 0);
}

async function startService(
  stdout: number | 'pipe',
  env: Readonly<Record<string, string>> = { DATA_DIR: folder },
) {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [path.join(root, 'src', 'main.ts'), 'serve'], {
    env: { PATH, PORT: '0', ...env },
    stdio: ['ignore', stdout, 'pipe'],
  });
  const exited = once(child, 'exit');
  let said = '';
  const baseUrl = await new Promise<string>((resolve, reject) => {
    child.on('exit', () => reject(new Error(`the service did not start: ${said}`)));
    child.stderr?.on('data', (text) => {
      said += text;
      const port = /localhost:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    });
  });
  return {
    child,
    /** What it wrote for whoever started it. */
    said: () => said,
    async answers() {
      try {
        for (let count = 0; count < requests; count++) {
          const response = await fetch(`${baseUrl}/ping`, { signal: AbortSignal.timeout(20_000) });
          assert.equal(await response.text(), 'pong');
        }
      } catch (error) {
        child.kill('SIGKILL');
        throw error;
      }
    },
    /** The exit code; `killed` where it did not stop within 20 seconds, twice what it may take. */
    async stop(): Promise<number | 'killed'> {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      const [code] = await exited;
      clearTimeout(timer);
      return code ?? 'killed';
    },
  };
}
