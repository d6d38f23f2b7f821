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
const lockFolder = path.join(root, '.installing');
const ownNode = path.join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);
const neededNodeMajor = 24;
const longestInstallMs = 10 * 60 * 1000;

// How the project's own files are run. `node:sqlite` still prints a warning that nobody who runs the service can act on.
const nodeOptions = ['--disable-warning=ExperimentalWarning'];

// What a page needs lives for milliseconds. Left alone, Node takes 100 MiB more for it under load than it has to.
const serverOptions = ['--max-semi-space-size=8', '--heap-growing-percent=40'];

/** Installs what is missing, runs `file` (a path inside the project) with `args`, and ends as it ended. */
export async function start(file, args) {
  await installIfNeeded();
  const options = args[0] === 'serve' ? [...nodeOptions, ...serverOptions] : nodeOptions;
  run(findNode(), [...options, path.resolve(root, file), ...args]);
}

/** Installs what is missing and runs the program `binName` of the package `packageName`. */
export async function startBin(packageName, binName, args) {
  await installIfNeeded();
  const folder = path.join(root, 'node_modules', ...packageName.split('/'));
  const { bin } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = typeof bin === 'string' ? bin : bin?.[binName];
  if (file === undefined) fail(`the package \`${packageName}\` has no program \`${binName}\``);
  run(findNode(), [path.join(folder, file), ...args]);
}

async function installIfNeeded() {
  if (isInstalled()) return;
  await takeTurn();
  let problem;
  try {
    // Another process may have installed everything while this one waited.
    if (!isInstalled()) problem = await install();
  } finally {
    fs.rmSync(lockFolder, { recursive: true, force: true });
  }
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
  const list = readIfThere(path.join(root, 'node_modules', '.package-lock.json'));
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

/** Returns what went wrong, or nothing. */
async function install() {
  process.stderr.write('Installing the packages that Clear to Use needs (once, about 20 seconds) …\n');
  const { code, output } = await runNpm(['ci', '--no-audit', '--no-fund']);
  if (code !== 0) return `the packages could not be installed. npm said:\n\n${output.trim()}`;
  writeStamp(hashOf(fs.readFileSync(path.join(root, 'package-lock.json'))));
  return undefined;
}

function runNpm(args) {
  return new Promise((resolve) => {
    // On Windows npm is a script that only a shell can start. The arguments are ours, so nothing needs quoting.
    const child = spawn('npm', args, { cwd: root, shell: process.platform === 'win32' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ code: 1, output: `npm did not start: ${error.message}` }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

// INVARIANT: at most one process installs at a time (tools/starter.test.ts). Making a folder is atomic.
async function takeTurn() {
  const waitUntil = Date.now() + longestInstallMs;
  for (;;) {
    try {
      fs.mkdirSync(lockFolder);
      fs.writeFileSync(path.join(lockFolder, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    removeLockOfDeadProcess();
    if (Date.now() > waitUntil) {
      fail(
        `another process has been installing for ten minutes. If none is, delete \`${lockFolder}\` and try again.`,
      );
    }
    await sleep(200);
  }
}

function removeLockOfDeadProcess() {
  const pid = Number(readIfThere(path.join(lockFolder, 'pid')));
  if (!pid || isAlive(pid)) return;
  try {
    // The name holds the dead process, so of several waiting processes only one can move its lock away.
    const aside = path.join(root, 'node_modules', `.installing-${pid}`);
    fs.mkdirSync(path.dirname(aside), { recursive: true });
    fs.renameSync(lockFolder, aside);
    fs.rmSync(aside, { recursive: true, force: true });
  } catch {
    // Another process was quicker. The next attempt to take the turn decides.
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

function findNode() {
  if (fs.existsSync(ownNode)) return ownNode;
  if (majorOf(process.versions.node) >= neededNodeMajor) return process.execPath;
  return fail(
    `Clear to Use runs on Node ${neededNodeMajor}, which npm was not able to install beside Node ${process.versions.node}: ` +
      `install Node ${neededNodeMajor} and run the same command again.`,
  );
}

function run(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      // At a terminal, Ctrl+C has already reached the child: it is in the same group.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`\`${node}\` did not start: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + os.constants.signals[signal]));
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
