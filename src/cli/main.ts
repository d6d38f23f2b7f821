import { build } from '#platform/version.ts';
import { unknownName } from './arguments.ts';
import { ask } from './ask.ts';
import { audit } from './audit.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliParts, Command } from './parts.ts';
import { receipts } from './receipts.ts';
import { serve } from './serve.ts';
import { complain, openOutput } from './terminal.ts';
import { tools } from './tools.ts';

export type { CliParts } from './parts.ts';

const policy: Command = {
  name: 'policy',
  usage: ['policy check|prove|diff|examples|coverage|book|publish|versions'],
  summary:
    'Look into the guidance pack: what is wrong with it, what is proved of it, what a change does, its examples, what it carries out, all of it to read; publish a version of it',
  async run(args, parts) {
    const [name, ...rest] = args;
    switch (name) {
      case 'publish':
        return (await import('./policy-publish.ts')).runPolicyPublish(rest, parts);
      case 'versions':
        return (await import('./policy-versions.ts')).runPolicyVersions(rest, parts);
      default:
        return (await import('./policy.ts')).runPolicy(args, parts);
    }
  },
};

/** Every command, in the order of `--help`. docs/reference/cli.md names the same (test/house/reference.test.ts). */
export const commands: readonly Command[] = [serve, ask, tools, policy, audit, receipts];

/** Runs the command that was typed, and resolves with the exit code of the process once its output is written. */
export async function runCli(parts: CliParts): Promise<number> {
  const finish = watchOutput(parts.io);
  return finish(await runTyped(parts));
}

// Output that is lost on a full disk is a failure, whatever the command found. A reader who has seen enough, as in
// `clear-to-use tools search x | head -1`, is none. Where stderr has no room, nobody can be told.
function watchOutput({ stdout, stderr }: CliParts['io']): (code: number) => Promise<number> {
  let lost: NodeJS.ErrnoException | undefined;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') lost ??= error;
  });
  stderr.on('error', () => {});
  return async (code) => {
    await new Promise((resolve) => stdout.write('', resolve));
    // The event follows what the write itself is told.
    await new Promise(setImmediate);
    if (lost === undefined) return code;
    complain(stderr, [
      `the output cannot be written (${lost.code})${lost.code === 'ENOSPC' ? ': no space is left where it goes' : ''}`,
    ]);
    return exitCodes.fault;
  };
}

async function runTyped(parts: CliParts): Promise<number> {
  const { args, io } = parts;
  const [name, ...rest] = args;
  if (name === '--version' || name === '-V') {
    openOutput(io.stdout).text(build.version);
    return exitCodes.done;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    printHelp(io.stdout);
    return exitCodes.done;
  }
  if (name === undefined) {
    printHelp(io.stderr);
    return exitCodes.usage;
  }
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    const names = commands.map((one) => one.name);
    complain(io.stderr, [unknownName('command', name, names), `The commands are ${names.join(', ')}.`]);
    return exitCodes.usage;
  }
  if (command.help !== undefined && rest.some((arg) => arg === '--help' || arg === '-h')) {
    printCommandHelp(io.stdout, command);
    return exitCodes.done;
  }
  return runCommand(command, rest, parts);
}

// A folder or file that cannot be read is for the reader to mend; anything else is a mistake of ours, with its place.
async function runCommand(command: Command, args: readonly string[], parts: CliParts): Promise<number> {
  try {
    return await command.run(args, parts);
  } catch (error) {
    const { code, path, message, stack, name } = error as NodeJS.ErrnoException;
    if (name === 'CannotOpen') {
      complain(parts.io.stderr, [message]);
      return exitCodes.fault;
    }
    // SQLite fails while it is used where its file is damaged or the disk does not answer.
    if (code === 'ERR_SQLITE_ERROR') {
      complain(parts.io.stderr, [`the database cannot be used (${message}). DATA_DIR names its folder.`]);
      return exitCodes.fault;
    }
    if (typeof code === 'string' && typeof path === 'string') {
      const isOfPack = path === parts.policyDir || path.startsWith(`${parts.policyDir}/`);
      complain(parts.io.stderr, [
        isOfPack
          ? `\`${path}\` cannot be read (${code}). POLICY_DIR names the folder of the guidance pack.`
          : `\`${path}\` cannot be used (${code}). Check that it exists and that you may use it.`,
      ]);
    } else {
      complain(parts.io.stderr, [
        'Something went wrong, and it is our mistake:',
        ...(stack ?? message).split('\n'),
      ]);
    }
    return exitCodes.fault;
  }
}

function printHelp(stream: NodeJS.WriteStream): void {
  const out = openOutput(stream);
  out.text('clear-to-use: may I use this tool, with this account, for this purpose, with this information?');
  out.heading('Commands');
  for (const { usage, summary } of commands) {
    for (const line of usage) out.text(line, { first: '  ', rest: '      ' });
    out.text(summary, { first: '      ' });
  }
  out.gap();
  out.text('`clear-to-use COMMAND --help` says more of one. `clear-to-use --version` prints the version.');
}

function printCommandHelp(stream: NodeJS.WriteStream, { usage, summary, help = [] }: Command): void {
  const out = openOutput(stream);
  for (const line of usage) out.text(`clear-to-use ${line}`, { rest: '    ' });
  out.gap();
  out.text(`${summary}.`);
  for (const line of help) {
    out.gap();
    out.text(line);
  }
}
