import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');
const startsWithinMs = 60_000;

/** The service in a process of its own, as `npm start` runs it. */
export type ServerProcess = {
  readonly baseUrl: string;
  /** What it has logged so far. */
  readonly log: () => string;
  /** What it has said to whoever started it. */
  readonly said: () => string;
  /** Ends it without a word, as a power cut would. */
  readonly kill: () => Promise<void>;
  /** Ends it as whoever runs it does. */
  readonly stop: () => Promise<void>;
};

/** Starts the service with some settings, and nothing else of the environment but where programs are. Throws with what it said where it does not start. */
export async function startServer(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const { PATH, HOME } = process.env;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', path.join(root, 'src', 'main.ts'), 'serve'],
    { env: { PATH, HOME, PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'exit');
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    log += text;
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const port = await portOf(child, () => said);
  return {
    baseUrl: `http://localhost:${port}`,
    log: () => log,
    said: () => said,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function portOf(child: ChildProcess, said: () => string): Promise<string> {
  const told = new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', () => {
      const port = /localhost:(\d+)/.exec(said())?.[1];
      if (port !== undefined) resolve(port);
    });
    child.once('exit', () => reject(new Error(`the service did not start: ${said()}`)));
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), startsWithinMs);
  return told.finally(() => clearTimeout(timer));
}
