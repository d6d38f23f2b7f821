import { spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');
const main = path.join(root, 'src', 'main.ts');

/** What a run of the program wrote, and its exit code. */
export type CliRun = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the real program as a process of its own, without a terminal. It has 30 seconds. */
export function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliRun> {
  return run(process.execPath, [main, ...args], env);
}

/**
 * Runs the program at a terminal of 80 columns (`script` of util-linux makes one). Each line is typed when the program
 * prompts for it; where it prompts for more, the input ends (Ctrl+D). What comes back is what the terminal would show,
 * colours included.
 */
export function runAtTerminal(
  args: readonly string[],
  typed: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliRun> {
  const command = [process.execPath, main, ...args]
    .map((part) => `'${part.replaceAll("'", "'\\''")}'`)
    .join(' ');
  const terminal = { TERM: 'xterm', ...env };
  let count = 0;
  return run(
    'script',
    ['-qec', `stty cols 80 -echo; exec ${command}`, '/dev/null'],
    terminal,
    (shown, type) => {
      const prompts = shown.split('? for help): ').length - 1;
      for (; count < prompts; count++) {
        const line = typed[count];
        type(line === undefined ? '\u0004' : `${line}\n`);
      }
    },
  );
}

type React = (shown: string, type: (text: string) => void) => void;

function run(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  react?: React,
): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const { PATH, HOME } = process.env;
    const child = spawn(file, args, {
      cwd: root,
      env: { PATH, HOME, LANG: 'C.UTF-8', ...env },
      timeout: 30_000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      react?.(stdout, (typed) => child.stdin.write(typed));
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.stdin.on('error', () => {});
    if (react === undefined) child.stdin.end();
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
