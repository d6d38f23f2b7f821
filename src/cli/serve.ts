import { readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import { loadNeeds } from './load-needs.ts';
import type { Command } from './parts.ts';
import { complain } from './terminal.ts';

/** Serves the pages and the API until the process is told to stop. */
export const serve: Command = {
  name: 'serve',
  usage: ['serve'],
  summary: 'Serve the pages and the API',
  help: [
    'Settings such as PORT and POLICY_DIR come from the environment: docs/reference/settings.md lists them.',
  ],
  async run(args, parts) {
    const { words, problems } = readArguments(args, {});
    if (words.length > 0 || problems.length > 0) {
      complain(parts.io.stderr, [...problems, ...(words.length > 0 ? ['`serve` takes no arguments'] : [])]);
      return exitCodes.usage;
    }
    const needs = await loadNeeds(parts);
    return needs === null ? exitCodes.fault : parts.serve(needs);
  },
};
