import { styleText } from 'node:util';
import { wrap } from './wrap.ts';

export type Style = Parameters<typeof styleText>[0];

type Layout = {
  /** What the first line begins with. */
  readonly first?: string;
  /** What the lines after it begin with; as many spaces as `first` has when it is left out. */
  readonly rest?: string;
  readonly style?: Style;
};

/** A stream to write text for people to. */
export type Output = {
  /** Writes text, wrapped to at most 80 columns. */
  readonly text: (text: string, layout?: Layout) => void;
  /** Writes an empty line and a heading. */
  readonly heading: (text: string) => void;
  readonly gap: () => void;
};

const widest = 80;

/**
 * Opens a stream for people. Whatever is written, control characters never reach it but those of our own colours, which a
 * stream has only if it is a terminal and NO_COLOR is not set.
 */
export function openOutput(stream: NodeJS.WriteStream): Output {
  // A terminal that does not know how wide it is says 0: containers and build servers have such ones.
  const width = Math.max(20, Math.min(widest, stream.columns || widest));
  const write = (text: string, { first = '', rest = ' '.repeat([...first].length), style }: Layout = {}) => {
    for (const line of wrap(clean(text), width, first, rest)) {
      stream.write(`${style === undefined ? line : styleText(style, line, { stream })}\n`);
    }
  };
  return {
    text: write,
    heading(text) {
      stream.write('\n');
      write(text, { style: 'bold' });
    },
    gap: () => void stream.write('\n'),
  };
}

/** Writes a value as JSON. Control characters are escaped, also those that JSON lets through. */
export function writeJson(stream: NodeJS.WriteStream, value: unknown): void {
  const escaped = JSON.stringify(value, null, 2).replaceAll(
    unfit,
    (letter) => `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
  stream.write(`${escaped}\n`);
}

/** Writes what is wrong to stderr, one mistake in a paragraph. */
export function complain(stream: NodeJS.WriteStream, problems: readonly string[]): void {
  const out = openOutput(stream);
  for (const problem of problems) out.text(problem);
}

/** Text without anything that could steer a terminal: control characters and marks that turn the direction of text. */
export function clean(text: string): string {
  return text.replaceAll(/\s/gu, ' ').replaceAll(unfit, '\ufffd');
}

// The line breaks of pretty-printed JSON are our own.
const unfit = /(?!\n)[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
