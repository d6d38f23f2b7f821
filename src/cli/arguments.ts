import { parseArgs } from 'node:util';
import { nearestName } from '#domain/shared/nearest-name.ts';
import { shown } from '#usecases/shown.ts';

/** What a command takes: options with a value, and flags. `--help` is always one of the flags. */
export type Takes = { readonly options?: readonly string[]; readonly flags?: readonly string[] };

export type ReadArguments = {
  readonly options: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
  readonly words: readonly string[];
  /** Every mistake, in words for stderr. */
  readonly problems: readonly string[];
};

/** Reads what was typed after the name of a command. An option that is unknown, without a value or given twice is a problem. */
export function readArguments(args: readonly string[], { options = [], flags = [] }: Takes): ReadArguments {
  const allFlags = [...flags, 'help'];
  const { tokens } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(options.map((name) => [name, { type: 'string' as const }])),
      ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean' as const }])),
      help: { type: 'boolean', short: 'h' },
    },
    // Strict would stop at the first mistake, and with a message that suggests nothing.
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string>();
  const set = new Set<string>();
  const words: string[] = [];
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const isFlag = allFlags.includes(name);
    if (!isFlag && !options.includes(name)) problems.push(unknownOption(rawName, [...options, ...allFlags]));
    else if (isFlag && value !== undefined) problems.push(`\`--${name}\` takes no value`);
    else if (isFlag) set.add(name);
    else if (value === undefined || (inlineValue === false && value.startsWith('--'))) {
      problems.push(`\`--${name}\` needs a value`);
    } else if (given.has(name)) problems.push(`\`--${name}\` is given more than once`);
    else given.set(name, value);
  }
  return { options: given, flags: set, words, problems };
}

/** An unknown name with what was most likely meant: ``unknown command `aks`. Did you mean `ask`?`` */
export function unknownName(what: string, name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return `unknown ${what} \`${shown(name)}\`${nearest === undefined ? '' : `. Did you mean \`${nearest}\`?`}`;
}

function unknownOption(rawName: string, known: readonly string[]): string {
  const nearest = nearestName(rawName, known);
  return `unknown option \`${shown(rawName)}\`${nearest === undefined ? '' : `. Did you mean \`--${nearest}\`?`}`;
}
