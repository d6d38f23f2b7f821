// What run.js and ctu.js share: install the packages when they are missing, then run one file on Node 24.
// Plain JavaScript without dependencies, because this is the part that runs before anything is installed,
// on whatever Node (20 or newer) the machine has.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const stampFile = path.join(root, 'node_modules', '.clear-to-use-lock');
const npmList = path.join(root, 'node_modules', '.package-lock.json');
const lockFolder = path.join(root, '.installing');
const ownNode = path.join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);
const productFile = 'src/main.ts';
const neededNodeMajor = 24;
const longestInstallMs = 10 * 60 * 1000;
const longestStopMs = 5_000;

// How the project's own files are run. `node:sqlite` still prints a warning that nobody who runs the service can act on.
const nodeOptions = ['--disable-warning=ExperimentalWarning'];

// What a page needs lives for milliseconds. Left alone, Node takes 100 MiB more for it under load than it has to.
// Starting fills some 60 MiB of it, and without room for that Node would look for garbage again and again on the way.
const serverOptions = ['--max-semi-space-size=8', '--heap-growing-percent=40', '--initial-heap-size=64'];
// glibc gives each thread a heap of its own, and what one has freed is no use to another: 35 MiB of holes under load.
const serverEnv = { MALLOC_ARENA_MAX: '1' };
// What Node makes of our files when it first reads them: taking the types out takes a fifth of the time to start. Where nothing can be
// written there, Node does without.
const productEnv = { NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'clear-to-use') };

/** Installs what is missing, runs `file` (a path inside the project) with `args`, and ends as it ended. */
export async function start(file, args) {
  await installIfNeeded();
  const isServer = args[0] === 'serve';
  const options = isServer ? [...nodeOptions, ...serverOptions] : nodeOptions;
  const env = { ...(file === productFile ? productEnv : {}), ...(isServer ? serverEnv : {}) };
  run(findNode(), [...options, path.resolve(root, file), ...args], env);
}

/** Installs what is missing and runs the program `binName` of the package `packageName`. */
export async function startBin(packageName, binName, args) {
  await installIfNeeded();
  const folder = path.join(root, 'node_modules', ...packageName.split('/'));
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = typeof bin === 'string' ? bin : bin?.[binName];
  if (file === undefined) fail(`the package \`${packageName}\` has no program \`${binName}\``);
  run(findNode(), [path.join(folder, file), ...args], {});
}

async function installIfNeeded() {
  if (isInstalled()) return;
  const stop = { signal: undefined, now: () => process.exit(signalExitCode(stop.signal)) };
  const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
    const handler = () => {
      stop.signal ??= signal;
      stop.now();
    };
    process.on(signal, handler);
    return [signal, handler];
  });
  await takeTurn();
  let problem;
  try {
    // Another process may have installed everything while this one waited.
    if (!isInstalled()) problem = await install(stop);
  } finally {
    giveTurnBack();
  }
  if (stop.signal !== undefined) process.exit(signalExitCode(stop.signal));
  for (const [signal, handler] of handlers) process.off(signal, handler);
  if (problem !== undefined) fail(problem);
}

function isInstalled() {
  const lock = readIfThere(path.join(root, 'package-lock.json'));
  if (lock === undefined) return fail('package-lock.json is missing. Get a complete copy of the project.');
  const hash = hashOf(lock);
  if (!fs.existsSync(ownNode) && majorOf(process.versions.node) < neededNodeMajor) return false;
  if (readIfThere(stampFile)?.trim() === hash) return true;
  if (!matchesWhatNpmInstalled(JSON.parse(lock))) return false;
  writeStamp(hash);
  return true;
}

// Somebody may have run `npm install` or `npm ci` themselves. npm keeps its own list of what it put there.
function matchesWhatNpmInstalled(lock) {
  const list = readIfThere(npmList);
  if (list === undefined) return false;
  const installed = JSON.parse(list).packages;
  return Object.entries(lock.packages).every(([place, wanted]) => {
    if (place === '') return true;
    const found = installed[place];
    // An image for production is built without the packages that only developers need.
    const mayBeAbsent = wanted.optional || (wanted.dev && process.env.NODE_ENV === 'production');
    return found === undefined
      ? mayBeAbsent === true
      : found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/** Returns what went wrong, or nothing. `stop.now` ends npm, which may then have installed half of it. */
async function install(stop) {
  process.stderr.write('Installing the packages that Clear to Use needs (once, about 20 seconds) …\n');
  // INVARIANT: what was not installed to the end never looks as if it had been (tools/starter.test.ts).
  for (const file of [stampFile, npmList]) fs.rmSync(file, { force: true });
  const { code, output } = await runNpm(['ci', '--no-audit', '--no-fund'], stop);
  if (stop.signal !== undefined) return undefined;
  if (code !== 0) return `the packages could not be installed. npm said:\n\n${output.trim()}`;
  writeStamp(hashOf(fs.readFileSync(path.join(root, 'package-lock.json'))));
  return undefined;
}

function runNpm(args, stop) {
  return new Promise((resolve) => {
    // On Windows npm is a script that only a shell can start. The arguments are ours, so nothing needs quoting. Elsewhere npm gets a
    // group of its own, so that what it has started ends with it.
    const isWindows = process.platform === 'win32';
    const child = spawn('npm', args, { cwd: root, shell: isWindows, detached: !isWindows });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
      });
    }
    const kill = (signal) => {
      if (child.pid === undefined) return;
      if (isWindows) spawn('taskkill', ['/pid', String(child.pid), '/T', '/F']).on('error', () => {});
      else {
        try {
          process.kill(-child.pid, signal);
        } catch {
          // It has just ended.
        }
      }
    };
    let timer;
    stop.now = () => {
      kill('SIGTERM');
      timer ??= setTimeout(kill, longestStopMs, 'SIGKILL');
    };
    const end = (ended) => {
      clearTimeout(timer);
      resolve(ended);
    };
    child.on('error', (error) => end({ code: 1, output: `npm did not start: ${error.message}` }));
    child.on('close', (code) => end({ code, output }));
    if (child.pid !== undefined) writeOwner(lockFolder, 'npm', child.pid);
  });
}

// INVARIANT: at most one process installs at a time (tools/starter.test.ts). The lock is a folder that gets its name in one step,
// with its owner in it: so one that is empty belongs to nobody.
async function takeTurn() {
  const waitUntil = Date.now() + longestInstallMs;
  const prepared = `${lockFolder}-${process.pid}`;
  fs.mkdirSync(prepared, { recursive: true });
  writeOwner(prepared, 'pid', process.pid);
  process.once('exit', () => fs.rmSync(prepared, { recursive: true, force: true }));
  for (;;) {
    removeLockOfDeadProcess();
    try {
      fs.renameSync(prepared, lockFolder);
      return;
    } catch (error) {
      // Windows says EPERM of a folder that exists.
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error;
    }
    if (Date.now() > waitUntil) {
      fail(
        `another process has been installing for ten minutes. If none is, delete \`${lockFolder}\` and try again.`,
      );
    }
    await sleep(200);
  }
}

function giveTurnBack() {
  for (const name of fs.readdirSync(root))
    if (name.startsWith(`${path.basename(lockFolder)}-dead-`))
      fs.rmSync(path.join(root, name), { recursive: true, force: true });
  fs.rmSync(lockFolder, { recursive: true, force: true });
}

// The npm of a process that was killed may still be at work.
function removeLockOfDeadProcess() {
  if (!fs.existsSync(lockFolder)) return;
  const owners = ['pid', 'npm'].map((name) => readIfThere(path.join(lockFolder, name)));
  if (owners.some((owner) => owner !== undefined && isAtWork(owner))) return;
  try {
    if (owners[0] === undefined) {
      fs.rmdirSync(lockFolder);
      return;
    }
    // The name is that of the dead owner and stays taken while this one installs, so of several waiting processes only one can move
    // this lock away, and none the lock that follows.
    fs.renameSync(lockFolder, `${lockFolder}-dead-${hashOf(owners[0]).slice(0, 16)}`);
  } catch {
    // Another process was quicker. The next attempt to take the turn decides.
  }
}

// Three lines: the process, the machine it runs on, and when it started, since numbers of processes are given again.
function writeOwner(folder, name, pid) {
  fs.writeFileSync(path.join(folder, name), `${pid}\n${os.hostname()}\n${startOf(pid) ?? ''}\n`);
}

function isAtWork(owner) {
  const [pid = '', host = os.hostname(), start = ''] = owner.trim().split('\n');
  // Two containers can share this folder, and neither sees the processes of the other.
  if (host !== os.hostname()) {
    const { mtimeMs } = fs.statSync(lockFolder, { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
    return Date.now() - mtimeMs < longestInstallMs;
  }
  if (!/^\d+$/.test(pid) || !isAlive(Number(pid))) return false;
  return start === '' || start === startOf(pid);
}

/** When a process started, in words that no other process with its number shares. Undefined where the system does not tell. */
function startOf(pid) {
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in brackets, can hold anything. The start is the 20th field after it.
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function signalExitCode(signal) {
  return 128 + os.constants.signals[signal];
}

function findNode() {
  if (fs.existsSync(ownNode)) return ownNode;
  if (majorOf(process.versions.node) >= neededNodeMajor) return process.execPath;
  return fail(
    `Clear to Use runs on Node ${neededNodeMajor}, which npm was not able to install beside Node ${process.versions.node}: ` +
      `install Node ${neededNodeMajor} and run the same command again.`,
  );
}

function run(node, args, env) {
  const child = spawn(node, args, { stdio: 'inherit', env: { ...env, ...process.env } });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      // At a terminal, Ctrl+C has already reached the child: it is in the same group.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`\`${node}\` did not start: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? signalExitCode(signal)));
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function writeStamp(hash) {
  try {
    fs.writeFileSync(stampFile, `${hash}\n`);
  } catch {
    // A read-only image cannot keep the stamp. Comparing again at every start costs a few milliseconds.
  }
}

function hashOf(content) {
  return createHash('sha256').update(content).digest('hex');
}

function majorOf(version) {
  return Number(version.split('.')[0]);
}

function fail(message) {
  process.stderr.write(`clear-to-use: ${message}\n`);
  process.exit(1);
}
