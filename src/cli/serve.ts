import { readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './parts.ts';
import { complain } from './terminal.ts';

/** Serves the pages and the API until the process is told to stop. */
export const serve: Command = {
  name: 'serve',
  usage: ['serve'],
  summary: 'Serve the pages and the API',
  help: [
    'Answers come from the version of the guidance in force, which is in the database. What is in POLICY_DIR is published on the very first start, and where there is only the trial sign-in; otherwise `policy publish` does.',
    'Settings such as PORT and POLICY_DIR come from the environment: docs/reference/settings.md lists them.',
  ],
  async run(args, parts) {
    const { words, problems } = readArguments(args, {});
    if (words.length > 0 || problems.length > 0) {
      complain(parts.io.stderr, [...problems, ...(words.length > 0 ? ['`serve` takes no arguments'] : [])]);
      return exitCodes.usage;
    }
    return parts.serve();
  },
};
