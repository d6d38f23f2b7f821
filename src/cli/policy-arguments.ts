import { readArguments, type Takes, unknownName } from './arguments.ts';
import { policyDiffUsage } from './policy-diff.ts';
import { policyPublishUsage } from './policy-publish.ts';
import { policyVersionsUsage } from './policy-versions.ts';

/** What was asked for after `policy`. */
export type PolicyArguments = {
  readonly command: 'check' | 'prove' | 'examples' | 'coverage' | 'book';
  readonly folder?: string;
  readonly json: boolean;
  readonly write: boolean;
  readonly all: boolean;
  readonly out?: string;
  /** The day as it was typed. */
  readonly on?: string;
};

export type ReadPolicyArguments =
  | { readonly outcome: 'run'; readonly given: PolicyArguments }
  | { readonly outcome: 'help' }
  /** Every mistake, as lines for stderr. */
  | { readonly outcome: 'problems'; readonly problems: readonly string[] };

/** How the commands are called, for people. */
export const policyUsage = `usage:
  policy check [FOLDER] [--json] [--write]   find every mistake in the guidance pack;
                                             --write brings the schemas for editors up to date
  policy prove [FOLDER] [--json] [--all] [--on YYYY-MM-DD]
                                             prove the promises and find gaps, over every situation;
                                             --all shows what was acknowledged too
${policyDiffUsage}  policy examples [--json]                   run the examples of all rules
  policy coverage [--json] [--all]           show where the statements are carried out;
                                             --all shows each of them
  policy book [--out FILE]                   print the whole pack as one HTML document
${policyPublishUsage}${policyVersionsUsage}`;

const commands: Readonly<Record<PolicyArguments['command'], Takes & { readonly mostWords: number }>> = {
  check: { flags: ['json', 'write'], mostWords: 1 },
  prove: { flags: ['json', 'all'], options: ['on'], mostWords: 1 },
  examples: { flags: ['json'], mostWords: 0 },
  coverage: { flags: ['json', 'all'], mostWords: 0 },
  book: { options: ['out'], mostWords: 0 },
};

/** Reads the arguments after `policy`. What is wrong comes back in words that say what would be right. */
export function readPolicyArguments(args: readonly string[]): ReadPolicyArguments {
  const [name = '', ...rest] = args;
  if (name === '--help' || name === '-h') return { outcome: 'help' };
  const command = (Object.keys(commands) as PolicyArguments['command'][]).find((one) => one === name);
  if (command === undefined) return { outcome: 'problems', problems: [wrongCommand(name)] };
  const takes = commands[command];
  const { words, options, flags, problems } = readArguments(rest, takes);
  if (flags.has('help')) return { outcome: 'help' };
  const unexpected = words
    .slice(takes.mostWords)
    .map((word) => `\`policy ${command}\` does not take \`${word}\``);
  if (problems.length + unexpected.length > 0)
    return { outcome: 'problems', problems: [...problems, ...unexpected] };
  const [folder] = words;
  const out = options.get('out');
  const on = options.get('on');
  return {
    outcome: 'run',
    given: {
      command,
      json: flags.has('json'),
      write: flags.has('write'),
      all: flags.has('all'),
      ...(folder === undefined ? {} : { folder }),
      ...(out === undefined ? {} : { out }),
      ...(on === undefined ? {} : { on }),
    },
  };
}

function wrongCommand(name: string): string {
  const names = [...Object.keys(commands).toSpliced(2, 0, 'diff'), 'publish', 'versions'];
  return name === ''
    ? `\`policy\` needs one of ${names.join(', ')}`
    : unknownName('command of `policy`', name, names);
}
