import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');
const startsWithinMs = 60_000;

/** The service in a process of its own, as `npm start` runs it. */
export type ServerProcess = {
  readonly baseUrl: string;
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
    { env: { PATH, HOME, PORT: '0', ...env }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(child, 'exit');
  const port = await portOf(child);
  return {
    baseUrl: `http://localhost:${port}`,
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

async function portOf(child: ChildProcess): Promise<string> {
  let said = '';
  const told = new Promise<string>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      said += text;
      const port = /localhost:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(port);
    });
    child.once('exit', () => reject(new Error(`the service did not start: ${said}`)));
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), startsWithinMs);
  return told.finally(() => clearTimeout(timer));
}
