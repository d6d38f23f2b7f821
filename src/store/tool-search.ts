import MiniSearch from 'minisearch';
import type { Tool } from '#domain/policy/pack.ts';
import { hostOf } from '#domain/shared/host-of.ts';

/** Finds tools by what people type: names, aliases, old names, domains, with typing mistakes. Best first. */
export type ToolSearch = { readonly find: (text: string, limit: number) => readonly FoundTool[] };

/** A tool id with how well it fits: only the order means anything. */
export type FoundTool = { readonly id: string; readonly score: number };

type Entry = { id: string; name: string; aliases: string; old: string; domains: string };

/** Builds the index over a catalogue; some 50,000 tools take about a second. Never a match by itself: `Catalogue` is. */
export function buildToolSearch(tools: Iterable<Tool>): ToolSearch {
  const index = new MiniSearch<Entry>({
    fields: ['name', 'aliases', 'old', 'domains'],
    storeFields: [],
    searchOptions: {
      boost: { name: 4, aliases: 2, old: 2 },
      prefix: (term) => term.length > 1,
      fuzzy: (term) => (term.length > 3 ? 0.25 : false),
      combineWith: 'AND',
    },
  });
  for (const tool of tools) {
    index.add({
      id: tool.id,
      name: `${tool.name} ${tool.id}`,
      aliases: tool.aliases.join(' '),
      old: tool.oldNames.join(' '),
      domains: tool.domains.map((domain) => domain.replaceAll('.', ' ')).join(' '),
    });
  }
  return {
    find(text, limit) {
      const short = wordsOf(text).slice(0, 100);
      const strict = index.search(short);
      const found = strict.length > 0 ? strict : index.search(short, { combineWith: 'OR' });
      return found.slice(0, limit).map(({ id, score }) => ({ id: String(id), score }));
    },
  };
}

// Of an address the name of the website is what counts: the rest would be near to all kinds of things.
function wordsOf(text: string): string {
  const host = hostOf(text);
  if (host === undefined) return text;
  const labels = host.split('.').filter((label) => label !== 'www');
  return labels.slice(0, Math.max(1, labels.length - 1)).join(' ');
}
