import MiniSearch from 'minisearch';
import type { Tool } from '#domain/policy/pack.ts';
import { hostOf } from '#domain/shared/host-of.ts';
import { buildShortWords, longestShort, type ShortWords } from './short-words.ts';

/** Finds tools by what people type: names, aliases, old names, domains, with typing mistakes. Best first. */
export type ToolSearch = { readonly find: (text: string, limit: number) => readonly FoundTool[] };

/** A tool id with how well it fits: only the order means anything. */
export type FoundTool = { readonly id: string; readonly score: number };

type Entry = { id: number; name: string; aliases: string; old: string; domains: string };

/** Builds the index over a catalogue; some 50,000 tools take about a second. Never a match by itself: `Catalogue` is. */
export function buildToolSearch(tools: Iterable<Tool>): ToolSearch {
  // Short names first: where only a beginning was typed, the number of a tool is all that tells one from another.
  const sorted = [...tools].sort((a, b) => a.name.length - b.name.length || compare(a.name, b.name));
  const entries = sorted.map(entryOf);
  const index = new MiniSearch<Entry>({
    fields: ['name', 'aliases', 'old', 'domains'],
    storeFields: [],
    searchOptions: {
      boost: { name: 4, aliases: 2, old: 2 },
      prefix: true,
      fuzzy: 0.25,
      combineWith: 'AND',
    },
  });
  index.addAll(entries);
  const short = buildShortWords(entries.map((entry) => wordsOf(textOf(entry))));
  return {
    find(text, limit) {
      const words = wordsOf(whatCounts(text).slice(0, 100));
      const found = findWords(index, short, words).slice(0, limit);
      return found.map((number, place) => ({ id: (sorted[number] as Tool).id, score: found.length - place }));
    },
  };
}

function entryOf({ id, name, aliases, oldNames, domains }: Tool, number: number): Entry {
  return {
    id: number,
    name: `${name} ${id}`,
    aliases: aliases.join(' '),
    old: oldNames.join(' '),
    domains: domains.map((domain) => domain.replaceAll('.', ' ')).join(' '),
  };
}

function textOf({ name, aliases, old, domains }: Entry): string {
  return `${name} ${aliases} ${old} ${domains}`;
}

// Tools with all of the words; where there are none, with any of them. Short words only choose among what the long ones find.
function findWords(index: MiniSearch<Entry>, short: ShortWords, words: readonly string[]): number[] {
  const long = words.filter((word) => word.length > longestShort).join(' ');
  const beginnings = words
    .filter((word) => word.length <= longestShort)
    .map((word) => short.beginningWith(word));
  const numbersOf = (combineWith: 'AND' | 'OR'): number[] =>
    long === '' ? [] : index.search(long, { combineWith }).map(({ id }) => id as number);
  const [base, others] =
    long === '' ? [beginnings[0] ?? [], beginnings.slice(1)] : [numbersOf('AND'), beginnings];
  const sets = others.map((numbers) => new Set(numbers));
  const all = base.filter((number) => sets.every((set) => set.has(number)));
  if (all.length > 0) return all;
  return [...new Set([...numbersOf('OR'), ...beginnings.flat()])];
}

const split = MiniSearch.getDefault('tokenize') as (text: string) => string[];

// As the index takes a text apart.
function wordsOf(text: string): string[] {
  return [...new Set(split(text.toLowerCase()))].filter((word) => word !== '');
}

// Of an address the name of the website is what counts: the rest would be near to all kinds of things.
function whatCounts(text: string): string {
  const host = hostOf(text);
  if (host === undefined) return text;
  const labels = host.split('.').filter((label) => label !== 'www');
  return labels.slice(0, Math.max(1, labels.length - 1)).join(' ');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
