import type { MatchedBy } from '#domain/catalogue/find-tool.ts';
import type { Policy } from '#domain/decision/policy.ts';
import type { FactValue, Pack, Tool } from '#domain/policy/pack.ts';
import { foldName } from '#domain/shared/fold-name.ts';
import { nearestName } from '#domain/shared/nearest-name.ts';
import { catalogueFact, valueForTool } from './catalogue-facts.ts';
import type { Needs } from './needs.ts';
import { type ListProblem, type Paging, pageOf } from './page-of.ts';
import { shown } from './shown.ts';

/** Which tools are wanted. Without `q`: all of them. `kind` and `status` are values of the facts behind those words. */
export type ToolQuery = Paging & { readonly q?: string; readonly kind?: string; readonly status?: string };

/** A tool in a list. `matchedBy` is null where the tool is only near to what was typed, or nothing was. */
export type ListedTool = {
  readonly tool: Tool;
  readonly matchedBy: MatchedBy | null;
  readonly kind: FactValue | null;
  readonly status: FactValue | null;
};

export type FoundTools =
  | {
      readonly outcome: 'ok';
      /** With `q`: what it names exactly; more than one where it is ambiguous. Without: every tool, by name. */
      readonly tools: readonly ListedTool[];
      /** Near misses for `q`, best first. A decision never takes one of these. */
      readonly suggestions: readonly ListedTool[];
      readonly nextCursor: string | null;
    }
  | { readonly outcome: 'problems'; readonly problems: readonly ListProblem[] };

// Nobody reads further than this, and the index need not either.
const mostSuggestions = 200;

/**
 * Finds tools by name, alias, old name, typing mistake, pasted address or domain, or lists all of them. Matches and
 * suggestions are one list to the cursor, matches first.
 */
export function findTools(needs: Needs, { q, kind, status, ...paging }: ToolQuery): FoundTools {
  const policy = needs.policy();
  const { pack } = policy;
  const filters = { kind, status };
  const problems = Object.entries(filters).flatMap(([name, value]) => checkFilter(pack, name, value));
  if (problems.length > 0) return { outcome: 'problems', problems };
  const facts = { kind: catalogueFact(pack, 'kind'), status: catalogueFact(pack, 'status') };
  const describe = (tool: Tool, matchedBy: MatchedBy | null): ListedTool => ({
    tool,
    matchedBy,
    kind: valueForTool(tool, facts.kind),
    status: valueForTool(tool, facts.status),
  });
  const text = q?.trim() ?? '';
  const all =
    text === ''
      ? toolsByName(pack).map((tool) => describe(tool, null))
      : search(needs, policy, text, describe);
  const wanted = all.filter(
    (entry) =>
      (kind === undefined || entry.kind?.id === kind) &&
      (status === undefined || entry.status?.id === status),
  );
  const paged = pageOf(wanted, ({ tool }) => tool.id, paging);
  if (!paged.ok) return { outcome: 'problems', problems: paged.problems };
  const { entries, nextCursor } = paged.page;
  if (text === '') return { outcome: 'ok', tools: entries, suggestions: [], nextCursor };
  return {
    outcome: 'ok',
    tools: entries.filter(({ matchedBy }) => matchedBy !== null),
    suggestions: entries.filter(({ matchedBy }) => matchedBy === null),
    nextCursor,
  };
}

type Describe = (tool: Tool, matchedBy: MatchedBy | null) => ListedTool;

function search(needs: Needs, { pack, catalogue }: Policy, text: string, describe: Describe): ListedTool[] {
  const found = catalogue.find(text);
  const matches = found.ok
    ? found.match.tool === null
      ? []
      : [describe(found.match.tool, found.match.matchedBy)]
    : found.candidates.map((tool) => describe(tool, howNamed(tool, text)));
  const matched = new Set(matches.map(({ tool }) => tool.id));
  const near = needs
    .search()
    .find(text, mostSuggestions)
    .filter(({ id }) => !matched.has(id))
    .flatMap(({ id }) => pack.tools.get(id) ?? [])
    .map((tool) => describe(tool, null));
  return [...matches, ...near];
}

// The catalogue names the candidates of an ambiguous name, not by which of their names it found each.
function howNamed(tool: Tool, text: string): MatchedBy {
  const folded = foldName(text);
  if (tool.id === text) return 'id';
  if (foldName(tool.name) === folded) return 'name';
  if (tool.aliases.some((alias) => foldName(alias) === folded)) return 'alias';
  return tool.oldNames.some((old) => foldName(old) === folded) ? 'old-name' : 'domain';
}

const sorted = new WeakMap<Pack, readonly Tool[]>();

function toolsByName(pack: Pack): readonly Tool[] {
  const known = sorted.get(pack);
  if (known !== undefined) return known;
  const made = [...pack.tools.values()]
    .map((tool) => ({ tool, key: `${foldName(tool.name)} ${tool.id}` }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ tool }) => tool);
  sorted.set(pack, made);
  return made;
}

function checkFilter(pack: Pack, parameter: string, value: string | undefined): ListProblem[] {
  if (value === undefined) return [];
  const known = catalogueFact(pack, parameter)?.values.map(({ id }) => id) ?? [];
  if (known.includes(value)) return [];
  const nearest = nearestName(value, known);
  const detail = `unknown ${parameter} \`${shown(value)}\`: it can be ${known.join(', ')}`;
  return [{ parameter, detail, ...(nearest === undefined ? {} : { suggestion: nearest }) }];
}
