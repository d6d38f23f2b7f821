import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server in a process of its own. */
export type ServerProcess = {
  readonly url: string;
  /** Milliseconds from starting the process to the first answer. */
  readonly startMs: number;
  /** Processor time used so far, user and system, in milliseconds. */
  readonly cpuMs: () => number;
  /** Resident memory in MiB. */
  readonly residentMib: () => number;
  readonly stop: () => Promise<void>;
};

/** Starts `node ARGS` and waits until `firstPage` is answered. The server says `…:PORT` or `listening on PORT` on stderr. */
export async function startServer(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  firstPage: string,
): Promise<ServerProcess> {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PORT: '0', ...env },
  });
  const url = `http://127.0.0.1:${await portOf(child)}`;
  for (;;) {
    const response = await fetch(url + firstPage).catch(() => null);
    await response?.arrayBuffer();
    if (response !== null && response.status < 500) break;
    if (response !== null) throw new Error(`${url}${firstPage} answers ${response.status}`);
    await sleep(5);
  }
  return {
    url,
    startMs: performance.now() - started,
    cpuMs: () => cpuMsOf(child.pid ?? 0),
    residentMib: () => residentMibOf(child.pid ?? 0),
    async stop() {
      const { exitCode, signalCode } = child;
      if (exitCode !== null || signalCode !== null)
        throw new Error(`the server ended by itself with ${exitCode ?? signalCode}`);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (part: string) => {
      text += part;
      const port = /(?:listening on |localhost:)(\d+)/.exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${text}`)));
  });
}

// Fields 14 and 15 of /proc/PID/stat are in hundredths of a second; the name in field 2 may hold spaces.
function cpuMsOf(pid: number): number {
  const [, rest = ''] = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (?=\S )/);
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function residentMibOf(pid: number): number {
  const kib = /^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kib) / 1024);
}
