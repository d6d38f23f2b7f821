import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** What a script said in a process of its own, and what that took. */
export type OwnProcess<Said> = {
  readonly said: Said;
  /** Milliseconds from starting the process to its end. */
  readonly wholeMs: number;
  /** The most memory that it held at any time, in MiB. */
  readonly peakMib: number;
};

/**
 * Runs a script of this folder in a process of its own, so that its memory is its own and nothing is warm. The script ends with
 * `tellFrom`. What it prints on stderr is shown; ending with an error is one.
 */
export async function inOwnProcess<Said>(
  file: string,
  args: readonly string[] = [],
): Promise<OwnProcess<Said>> {
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, file), ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (part: string) => {
    text += part;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}`);
  const { said, peakMib } = JSON.parse(text) as { said: Said; peakMib: number };
  return { said, peakMib, wholeMs: performance.now() - startedAt };
}

/** For such a script: tells the process that started it what was found, as the last thing it does. */
export function tellFrom(said: unknown): void {
  // `resourceUsage` is no use here: it starts with what the process that started this one had.
  const peakKib = /^VmHWM:\s+(\d+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[1];
  process.stdout.write(JSON.stringify({ said, peakMib: Math.round(Number(peakKib) / 1024) }));
}
