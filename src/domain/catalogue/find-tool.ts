import { distance } from 'fastest-levenshtein';
import type { Pack, Tool } from '../policy/pack.ts';

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
  const keys = new Map<string, Key[]>();
  const domains = new Map<string, Key[]>();
  const add = (map: Map<string, Key[]>, name: string, key: Key): void => {
    const held = map.get(name) ?? [];
    if (!held.some(({ tool }) => tool.id === key.tool.id)) map.set(name, [...held, key]);
  };
  for (const tool of pack.tools.values()) {
    add(keys, tool.id, { tool, by: 'id' });
    add(keys, foldName(tool.name), { tool, by: 'name' });
    for (const alias of tool.aliases) add(keys, foldName(alias), { tool, by: 'alias' });
    for (const old of tool.oldNames) add(keys, foldName(old), { tool, by: 'old-name' });
    for (const domain of tool.domains) add(domains, domain.toLowerCase(), { tool, by: 'domain' });
  }
  const known = new Map<string, FoundTool>();
  return {
    find(text) {
      const quick = known.get(text);
      if (quick !== undefined) return quick;
      const held = keys.get(text) ?? keys.get(foldName(text)) ?? findDomain(domains, text) ?? [];
      const [first, ...others] = held;
      if (first === undefined) return { ok: true, match: { tool: null, name: text, matchedBy: null } };
      const found: FoundTool =
        others.length > 0
          ? { ok: false, candidates: held.map(({ tool }) => tool) }
          : { ok: true, match: { tool: first.tool, name: first.tool.name, matchedBy: first.by } };
      if (known.size < 10_000) known.set(text, found);
      return found;
    },
  };
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
    return distance(typed, known) <= Math.max(1, Math.floor(known.length / 4)) && typed.length > 2;
  });
}

/** A name with case, accents, punctuation and spaces folded: `Appear.in` and `appear in` are one. */
export function foldName(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The host in a pasted address or a bare domain; undefined where the text is neither. */
export function hostOf(text: string): string | undefined {
  const trimmed = text.trim().toLowerCase();
  if (/\s/.test(trimmed) || !trimmed.includes('.')) return undefined;
  const address = /^[a-z][a-z0-9+.-]*:\/\//.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(address)) return undefined;
  const host = new URL(address).hostname.replace(/\.$/, '');
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host) ? host : undefined;
}

function findDomain(domains: ReadonlyMap<string, Key[]>, text: string): Key[] | undefined {
  let host = hostOf(text);
  while (host?.includes('.')) {
    const held = domains.get(host);
    if (held !== undefined) return held;
    host = host.slice(host.indexOf('.') + 1);
  }
  return undefined;
}
