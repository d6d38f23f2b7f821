import { createInterface } from 'node:readline';
import type { Io } from './parts.ts';

/** Reads what somebody types at a terminal, line by line. */
export type Prompt = {
  /** The next line; `end` where there is no more input (Ctrl+D), `interrupted` after Ctrl+C. */
  readonly read: (text: string) => Promise<Line>;
  readonly close: () => void;
};

export type Line =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'end' | 'interrupted' };

/** Opens a prompt. Lines that are typed ahead or pasted are kept for the questions that follow. */
export function openPrompt({ stdin, stdout }: Pick<Io, 'stdin' | 'stdout'>): Prompt {
  const lines = createInterface({ input: stdin, output: stdout, historySize: 0 });
  const early: Line[] = [];
  let last: Line | undefined;
  let waiting: ((line: Line) => void) | undefined;
  const give = (line: Line): void => {
    if (waiting === undefined) early.push(line);
    else waiting(line);
    waiting = undefined;
  };
  lines.on('line', (text) => give({ kind: 'text', text }));
  lines.on('SIGINT', () => {
    last = { kind: 'interrupted' };
    lines.close();
  });
  lines.on('close', () => {
    last ??= { kind: 'end' };
    give(last);
  });
  return {
    read(text) {
      const ready = early.shift() ?? last;
      if (ready !== undefined) return Promise.resolve(ready);
      lines.setPrompt(text);
      lines.prompt();
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    close: () => lines.close(),
  };
}
