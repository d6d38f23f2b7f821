import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

// A stand-in for npm: it says that it ran, takes a moment, and puts a Node where the package `node` would.
const standInNpm = `#!/bin/sh
echo run >> "$NPM_RUNS"
if [ -n "$NPM_STALLS" ]; then (while :; do mkdir -p node_modules/half; sleep 0.05; done) & wait; fi
if [ -n "$NPM_FAILS" ]; then echo "npm error network unreachable"; exit 1; fi
sleep 0.5
mkdir -p node_modules/node/bin
ln -sf "$REAL_NODE" node_modules/node/bin/node
`;

describe('tools/run.js', {
  skip: process.platform === 'win32' && 'the stand-in for npm is a shell script',
}, () => {
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clear-to-use-starter-'));
    fs.mkdirSync(path.join(folder, 'bin'));
    fs.writeFileSync(path.join(folder, 'bin', 'npm'), standInNpm, { mode: 0o755 });
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('installs once although two processes start together, and not again', async () => {
    const project = newProject(folder, 'twice');
    const both = await Promise.all([project.run(['print.mjs']), project.run(['print.mjs'])]);
    assert.deepEqual(
      both.map((ended) => [ended.code, ended.stdout]),
      [
        [0, 'ran []\n'],
        [0, 'ran []\n'],
      ],
    );
    const third = await project.run(['print.mjs']);
    assert.equal(third.stderr, '');
    assert.equal(project.npmRuns(), 1);
  });

  it('says in one line that it installs, and passes arguments and the exit code through', async () => {
    const project = newProject(folder, 'arguments');
    const ended = await project.run(['print.mjs', '--exit', '7']);
    assert.deepEqual(ended, {
      code: 7,
      stdout: 'ran ["--exit","7"]\n',
      stderr: 'Installing the packages that Clear to Use needs (once, about 20 seconds) …\n',
    });
  });

  it('installs again when package-lock.json has changed', async () => {
    const project = newProject(folder, 'changed');
    await project.run(['print.mjs']);
    project.write('package-lock.json', '{"packages":{"":{},"node_modules/new":{"version":"1.0.0"}}}');
    await project.run(['print.mjs']);
    assert.equal(project.npmRuns(), 2);
  });

  it('does not install what npm has put there already', async () => {
    const project = newProject(folder, 'by-hand');
    project.write('node_modules/.package-lock.json', '{"packages":{}}');
    project.write('node_modules/node/bin/node', `#!/bin/sh\nexec "$REAL_NODE" "$@"\n`);
    const ended = await project.run(['print.mjs']);
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(project.npmRuns(), 0);
  });

  it('shows what npm said when the installation fails, and ends with 1', async () => {
    const project = newProject(folder, 'failing');
    const ended = await project.run(['print.mjs'], { NPM_FAILS: '1' });
    assert.equal(ended.code, 1);
    assert.match(
      ended.stderr,
      /the packages could not be installed\. npm said:\n\nnpm error network unreachable/,
    );
    assert.equal(fs.existsSync(path.join(project.root, '.installing')), false);
  });

  it('takes over the lock of a process that has died', async () => {
    const project = newProject(folder, 'dead');
    project.write('.installing/pid', '999999999');
    const ended = await project.run(['print.mjs']);
    assert.equal(ended.code, 0, ended.stderr);
  });

  it('does not wait for a lock that nobody holds: one that is empty', async () => {
    const project = newProject(folder, 'empty-lock');
    fs.mkdirSync(path.join(project.root, '.installing'));
    const ended = await project.run(['print.mjs'], {}, 20_000);
    assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual(leftBehind(project.root), []);
  });

  it('does not wait for a lock whose owner has died and left its number to another process', {
    skip: process.platform !== 'linux' && 'only Linux tells when a process started',
  }, async () => {
    const project = newProject(folder, 'same-number');
    project.write('.installing/pid', `${process.pid}\n${os.hostname()}\nanother start\n`);
    const ended = await project.run(['print.mjs'], {}, 20_000);
    assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual(leftBehind(project.root), []);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`stops npm on ${signal}, and installs at the next start`, async () => {
      const project = newProject(folder, `stopped-by-${signal}`);
      // What npm has put there before must not make half an installation look whole.
      project.write('node_modules/.package-lock.json', '{"packages":{}}');
      project.write('package-lock.json', '{"packages":{"node_modules/new":{"version":"1.0.0"}}}');
      const stalled = project.spawn(['print.mjs'], { NPM_STALLS: '1' });
      const code = new Promise((resolve) => stalled.on('exit', resolve));
      while (!fs.existsSync(path.join(project.root, 'node_modules', 'half')))
        await new Promise((resolve) => setTimeout(resolve, 20));
      stalled.kill(signal);
      assert.equal(await code, 128 + os.constants.signals[signal]);
      // Nothing that npm has started goes on with its work.
      fs.rmSync(path.join(project.root, 'node_modules', 'half'), { recursive: true });
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(fs.existsSync(path.join(project.root, 'node_modules', 'half')), false);
      assert.deepEqual(leftBehind(project.root), []);
      const ended = await project.run(['print.mjs']);
      assert.equal(ended.code, 0, ended.stderr);
      assert.equal(project.npmRuns(), 2);
    });
  }

  it('passes SIGTERM on and ends as the script ended', async () => {
    const project = newProject(folder, 'signal');
    await project.run(['print.mjs']);
    const child = project.spawn(['wait.mjs']);
    child.stdout.once('data', () => child.kill('SIGTERM'));
    const code = await new Promise((resolve) => child.on('exit', resolve));
    assert.equal(code, 42);
  });

  it('runs the program of a package with --bin', async () => {
    const project = newProject(folder, 'bin-flag');
    await project.run(['print.mjs']);
    project.write('node_modules/@some/tool/package.json', '{"bin":{"tool":"./tool.mjs"}}');
    project.write('node_modules/@some/tool/tool.mjs', 'console.log("tool", process.argv[2])');
    const ended = await project.run(['--bin', '@some/tool', 'tool', 'check']);
    assert.equal(ended.stdout, 'tool check\n');
    const unknown = await project.run(['--bin', '@some/tool', 'other']);
    assert.equal(unknown.stderr, 'clear-to-use: the package `@some/tool` has no program `other`\n');
    assert.equal(unknown.code, 1);
  });
});

// What a lock leaves in the folder of the project.
function leftBehind(root: string): string[] {
  return fs.readdirSync(root).filter((name) => name.startsWith('.installing'));
}

function newProject(folder: string, name: string) {
  const root = path.join(folder, name);
  const runsFile = path.join(folder, `${name}.runs`);
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text, { mode: 0o755 });
  };
  for (const file of ['run.js', 'starter.js']) {
    write(`tools/${file}`, fs.readFileSync(path.join(import.meta.dirname, file), 'utf8'));
  }
  write('package.json', '{"type":"module"}');
  write('package-lock.json', '{"packages":{}}');
  write(
    'print.mjs',
    'console.log("ran", JSON.stringify(process.argv.slice(2))); process.exit(Number(process.argv[3] ?? 0));',
  );
  write(
    'wait.mjs',
    'process.on("SIGTERM", () => process.exit(42)); setInterval(() => {}, 1000); console.log("ready");',
  );
  const start = (args: readonly string[], env: Record<string, string> = {}, timeout?: number) =>
    spawn(process.execPath, [path.join(root, 'tools', 'run.js'), ...args], {
      timeout,
      env: {
        PATH: `${path.join(folder, 'bin')}${path.delimiter}${process.env.PATH}`,
        NPM_RUNS: runsFile,
        REAL_NODE: process.execPath,
        ...env,
      },
    });
  return {
    root,
    write,
    spawn: start,
    npmRuns: () =>
      fs.existsSync(runsFile) ? fs.readFileSync(runsFile, 'utf8').trim().split('\n').length : 0,
    run: (args: readonly string[], env?: Record<string, string>, timeout?: number) =>
      ended(start(args, env, timeout)),
  };
}

function ended(
  child: ReturnType<typeof spawn>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (text) => {
    stdout += text;
  });
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}
