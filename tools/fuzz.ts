// Sends malformed requests to a server that it starts itself: npm run fuzz -- [--count 1000000] [--seed N] [--parallel 8]
// Ends with 1 where an answer was a failure of ours, or the server did not come through.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type FuzzReport, fuzz } from '#test/fuzz/run.ts';

const root = path.resolve(import.meta.dirname, '..');
const sayEveryMs = 10_000;
const dayMs = 86_400_000;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    parallel: { type: 'string', default: '8' },
  },
});
const [count, seed, parallel] = [values.count, values.seed, values.parallel].map(Number);
if (![count, seed, parallel].every(Number.isSafeInteger)) {
  console.error('usage: npm run fuzz -- [--count 100000] [--seed N] [--parallel 8], each a whole number');
  process.exit(2);
}

const server = await startServer();
const startedAt = performance.now();
let saidAt = 0;
console.log(`seed ${seed}, ${grouped(count)} requests to ${server.baseUrl}, ${server.memory()} MB`);
let findings = 1;
try {
  const report = await fuzz({
    baseUrl: server.baseUrl,
    seed: seed as number,
    count: count as number,
    parallel: parallel as number,
    tokensEndOn: new Date(Date.now() + 30 * dayMs).toISOString().slice(0, 10),
    onFinding: ({ request, what }) => console.log(`\n${what}\n  ${request}`),
    onProgress(done, soFar) {
      if (performance.now() - saidAt < sayEveryMs) return;
      saidAt = performance.now();
      say(done, soFar);
    },
  });
  findings = report.findings.length;
  say(report.count, report);
  console.log(`${report.calls} calls, ${report.forms} forms and pages, ${findings} findings`);
} finally {
  const code = await server.stop();
  console.log(`the server ended with ${code}`);
  process.exitCode = findings > 0 || code !== 0 ? 1 : 0;
}

function say(done: number, { statuses }: FuzzReport): void {
  const seconds = (performance.now() - startedAt) / 1000;
  const counts = [...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, times]) => `${status}: ${grouped(times)}`)
    .join(', ');
  console.log(
    `${grouped(done)} in ${seconds.toFixed(0)} s (${(done / seconds).toFixed(0)}/s), ${server.memory()} MB; ${counts}`,
  );
}

function grouped(times: number | undefined): string {
  return (times ?? 0).toLocaleString('en-GB');
}

async function startServer() {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ctu-fuzz-'));
  const child = spawn(process.execPath, [path.join(root, 'src', 'main.ts'), 'serve'], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: dataDir,
      REQUESTS_PER_MINUTE: '0',
      LOG_LEVEL: 'error',
      ...(process.env.DATABASE_URL === undefined ? {} : { DATABASE_URL: process.env.DATABASE_URL }),
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  process.once('exit', () => child.kill());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const ended = new Promise<number | string>((resolve) => {
    child.on('exit', (exit, signal) => resolve(exit ?? signal ?? 'unknown'));
  });
  void ended.then((how) => {
    if (!child.killed) {
      console.error(`the server ended by itself, with ${how}`);
      process.exit(1);
    }
  });
  const baseUrl = await new Promise<string>((resolve) => {
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
      const port = /localhost:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    });
  });
  return {
    baseUrl,
    /** What the process has in memory (RSS), in megabytes; nothing where there is no /proc. */
    memory(): string {
      try {
        const status = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8');
        return String(Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024));
      } catch {
        return '?';
      }
    },
    async stop(): Promise<number | string> {
      child.kill('SIGTERM');
      const how = await ended;
      fs.rmSync(dataDir, { recursive: true, force: true });
      return how;
    },
  };
}
