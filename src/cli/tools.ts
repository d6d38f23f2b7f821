import type { Pack } from '#domain/policy/pack.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { findTools, type ListedTool } from '#usecases/find-tools.ts';
import { getTool, type ToolDetail } from '#usecases/get-tool.ts';
import { shown } from '#usecases/shown.ts';
import { listedToolAsJson, toolAsJson } from '#usecases/tool-as-json.ts';
import { readArguments, unknownName } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import { loadNeeds } from './load-needs.ts';
import type { CliParts, Command } from './parts.ts';
import { complain, type Output, openOutput, writeJson } from './terminal.ts';

const subcommands: Readonly<
  Record<string, (words: readonly string[], isJson: boolean, parts: CliParts) => Promise<number>>
> = {
  search,
  show,
};

/** Looks into the catalogue of tools. */
export const tools: Command = {
  name: 'tools',
  usage: ['tools search WORDS [--json]', 'tools show ID [--json]'],
  summary: 'Search the catalogue of tools by name, alias, address or with a typing mistake, or show one tool',
  help: ['`--json` prints the same as the API.'],
  async run(args, parts) {
    const { words, flags, problems } = readArguments(args, { flags: ['json'] });
    const [name, ...rest] = words;
    const subcommand = name !== undefined && Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
    const names = Object.keys(subcommands);
    const wrong =
      subcommand !== undefined
        ? rest.length === 0
          ? [`\`tools ${name}\` needs ${name === 'show' ? 'the id of a tool' : 'words to search for'}`]
          : []
        : [
            name === undefined
              ? `\`tools\` needs one of ${names.join(', ')}`
              : unknownName('command of `tools`', name, names),
          ];
    if (subcommand === undefined || wrong.length > 0 || problems.length > 0) {
      complain(parts.io.stderr, [...problems, ...wrong]);
      return exitCodes.usage;
    }
    return subcommand(rest, flags.has('json'), parts);
  },
};

async function search(words: readonly string[], isJson: boolean, parts: CliParts): Promise<number> {
  const needs = await loadNeeds(parts);
  if (needs === null) return exitCodes.fault;
  const q = words.join(' ').slice(0, 200);
  const found = findTools(needs, { q, limit: 20 });
  if (found.outcome === 'problems') throw new Error('a search without a filter or a cursor cannot be wrong');
  if (isJson) {
    writeJson(parts.io.stdout, {
      tools: found.tools.map(listedToolAsJson),
      suggestions: found.suggestions.map(listedToolAsJson),
      nextCursor: found.nextCursor,
    });
    return exitCodes.done;
  }
  const out = openOutput(parts.io.stdout);
  for (const tool of found.tools) printListed(out, tool);
  if (found.tools.length === 0) out.text(`No tool is called \`${shown(q)}\`.`);
  if (found.suggestions.length > 0)
    out.heading(found.tools.length === 0 ? 'Did you mean' : 'Others that are near');
  for (const tool of found.suggestions) printListed(out, tool);
  return exitCodes.done;
}

async function show(words: readonly string[], isJson: boolean, parts: CliParts): Promise<number> {
  const needs = await loadNeeds(parts);
  if (needs === null) return exitCodes.fault;
  const id = words.join(' ');
  const got = getTool(needs, id);
  if (got.outcome === 'not-found') {
    const meant = got.suggestion === undefined ? '' : `. Did you mean \`${got.suggestion}\`?`;
    complain(parts.io.stderr, [`there is no tool with the id \`${shown(id)}\`${meant}`]);
    return exitCodes.usage;
  }
  const { pack } = needs.policy();
  if (isJson) writeJson(parts.io.stdout, toolAsJson(pack, got.detail));
  else printTool(openOutput(parts.io.stdout), pack, got.detail);
  return exitCodes.done;
}

function printListed(out: Output, { tool, matchedBy, kind, status }: ListedTool): void {
  out.text(`${tool.name} (${tool.id})`, { style: 'bold' });
  const how = matchedBy === null ? [] : [`matched by ${matchedBy.replace('-', ' ')}`];
  out.text([kind?.label, status?.label, ...how].filter((part) => part !== undefined).join(' · '), {
    first: '  ',
  });
}

function printTool(out: Output, pack: Pack, { tool, kind, status, citations }: ToolDetail): void {
  out.text(`${tool.name} (${tool.id})`, { style: 'bold' });
  const row = (label: string, text: string | undefined) => {
    if (text !== undefined && text !== '')
      out.text(text, { first: `  ${label.padEnd(14)}`, rest: ' '.repeat(16) });
  };
  row('Kind', kind?.label);
  row('Status', status?.label);
  const { listed, formerlyListed } = tool;
  const clauses = citations.map(({ clause, document, dated }) => `${document}, ${dated} (${clause})`);
  row('Named in', listed === undefined ? 'no document of the guidance' : clauses.join('; '));
  for (const [fact, values] of tool.fits) {
    const known = pack.facts.get(fact);
    const labels = values.map((value) => known?.values.find(({ id }) => id === value)?.label ?? value);
    row('Used to', labels.join('; '));
  }
  row('Also called', tool.aliases.join(', '));
  row('Old names', tool.oldNames.join(', '));
  row('New names', tool.newNames.join(', '));
  row('Addresses', tool.domains.join(', '));
  row(
    'How to get it',
    [...tool.get].map(([device, how]) => `${device}: ${how.replaceAll('-', ' ')}`).join(', '),
  );
  if (formerlyListed !== undefined)
    row('Listed until', `${dayInWords(formerlyListed.on)}. ${formerlyListed.note}`);
  row('Note', tool.note);
  out.gap();
  out.text(`To ask whether you may use it: clear-to-use ask ${tool.id}`);
}
