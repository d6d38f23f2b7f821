import { distance } from 'fastest-levenshtein';
import type { Pack, Tool } from '../policy/pack.ts';
import { foldName } from '../shared/fold-name.ts';
import { hostOf } from '../shared/host-of.ts';

export type MatchedBy = 'id' | 'name' | 'alias' | 'old-name' | 'domain';

/** The tool that somebody named. `tool` is null for a name that the catalogue does not hold; the name stays as typed. */
export type ToolMatch = {
  readonly tool: Tool | null;
  readonly name: string;
  readonly matchedBy: MatchedBy | null;
};

export type FoundTool =
  | { readonly ok: true; readonly match: ToolMatch }
  | { readonly ok: false; readonly candidates: readonly Tool[] };

type Key = { readonly tool: Tool; readonly by: MatchedBy };

/** Finds tools by id, name, alias, old name or domain, exactly after case folding. A near miss is never a match. */
export type Catalogue = { readonly find: (text: string) => FoundTool };

export function buildCatalogue(pack: Pack): Catalogue {
  const names = new Map<string, Key[]>();
  const domains = new Map<string, Key[]>();
  for (const tool of pack.tools.values()) {
    addKey(names, tool.id, { tool, by: 'id' });
    addKey(names, foldName(tool.name), { tool, by: 'name' });
    for (const alias of tool.aliases) addKey(names, foldName(alias), { tool, by: 'alias' });
    for (const old of tool.oldNames) addKey(names, foldName(old), { tool, by: 'old-name' });
    for (const domain of tool.domains) addKey(domains, domain.toLowerCase(), { tool, by: 'domain' });
  }
  // What can be found is worked out here, once. What people type is never kept.
  const byName = new Map([...names].map(([name, keys]) => [name, foundBy(keys)]));
  const byDomain = new Map([...domains].map(([domain, keys]) => [domain, foundBy(keys)]));
  return {
    find(text) {
      const found = byName.get(text) ?? byName.get(foldName(text)) ?? findDomain(byDomain, text);
      return found ?? { ok: true, match: { tool: null, name: text, matchedBy: null } };
    },
  };
}

function addKey(keys: Map<string, Key[]>, name: string, key: Key): void {
  const held = keys.get(name) ?? [];
  if (!held.some(({ tool }) => tool.id === key.tool.id)) keys.set(name, [...held, key]);
}

function foundBy(keys: readonly Key[]): FoundTool {
  const [first, ...others] = keys;
  if (first === undefined || others.length > 0)
    return { ok: false, candidates: keys.map(({ tool }) => tool) };
  return { ok: true, match: { tool: first.tool, name: first.tool.name, matchedBy: first.by } };
}

/** Whether a name is so near to one of the tool's that somebody may have meant it: a letter or two off, or all words shared. */
export function isNearTool(tool: Tool, text: string): boolean {
  const typed = foldName(text.slice(0, 100));
  return [tool.name, tool.id, ...tool.aliases, ...tool.oldNames].some((name) => {
    const known = foldName(name);
    if (
      typed.length > 2 &&
      (known.startsWith(`${typed} `) || typed.startsWith(`${known} `) || known.endsWith(` ${typed}`))
    )
      return true;
    // Two letters that changed places are two letters wrong, which a long name can bear.
    const most = Math.max(1, Math.floor(known.length / 4)) + (known.length > 6 ? 1 : 0);
    return typed.length > 2 && distance(typed, known) <= most;
  });
}

function findDomain(domains: ReadonlyMap<string, FoundTool>, text: string): FoundTool | undefined {
  let host = hostOf(text);
  while (host?.includes('.')) {
    const found = domains.get(host);
    if (found !== undefined) return found;
    host = host.slice(host.indexOf('.') + 1);
  }
  return undefined;
}
