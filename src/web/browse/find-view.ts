import { longestToolName, parseFacts } from '#domain/decision/parse-facts.ts';
import type { Pack, Tool } from '#domain/policy/pack.ts';
import { hostOf } from '#domain/shared/host-of.ts';
import { catalogueFact, valueForTool } from '#usecases/catalogue-facts.ts';
import type { Needs } from '#usecases/needs.ts';
import { hrefOf, type Query } from '../ask/address.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { findPages } from './find-pages.ts';
import { guidanceHref } from './guidance-address.ts';
import { factsCarried, factsKept } from './kept-facts.ts';
import { type Found, page, type View } from './page.ts';
import { type RowModel, rowOf } from './tools-view.ts';

export type FindModel = PageModel & {
  readonly typed: string;
  readonly error: string | null;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  readonly isAsked: boolean;
  readonly isAmbiguous: boolean;
  readonly tools: readonly RowModel[];
  readonly pages: readonly { readonly text: string; readonly href: string; readonly summary: string }[];
  readonly check: { readonly text: string; readonly href: string } | null;
};

/** The search of the whole service: a tool that is named exactly, else what is near, and always a way to check the name. */
export const findView: View = (web, { query }) => {
  const typed = query.q ?? '';
  if (typeof typed !== 'string')
    return findPage(web, query, { typed: '', error: 'Search for one name at a time' }, 400);
  const text = typed.trim().replaceAll(/\s+/g, ' ');
  if (text === '') return findPage(web, query, {});
  const problem = problemOf(text);
  if (problem !== null)
    return findPage(web, query, { typed: text.slice(0, longestToolName), error: problem }, 400);
  return search(web, query, text);
};

function search(web: Web, query: Query, text: string): Found {
  const { pack, catalogue } = web.needs.policy();
  const kept = factsKept(pack, query);
  // People type what they know into any box: "Trello OFFICIAL-SENSITIVE" names a tool and a marking.
  const carried = new Map([...factsCarried(pack, query), ...parseFacts(pack, { tool: text }).stated]);
  const stated = carried.get('tool') ?? '';
  const name = hostOf(stated) ?? stated;
  const found = catalogue.find(stated);
  if (found.ok && found.match.tool !== null) {
    carried.delete('tool');
    return { kind: 'elsewhere', href: hrefOf(`/tools/${found.match.tool.id}`, carried) };
  }
  const tools = found.ok ? nearTools(web.needs, name) : found.candidates;
  const check = name === '' ? 'Check a tool for this' : `Check “${name}” anyway`;
  if (name !== '') carried.set('tool', name);
  return findPage(web, query, {
    typed: text,
    isAsked: true,
    isAmbiguous: !found.ok,
    tools: tools.map((tool) => toolRow(pack, tool, kept)),
    pages: findPages(pack, text).map(({ id, title, summary }) => ({
      text: title,
      href: guidanceHref(id),
      summary,
    })),
    check: { text: check, href: hrefOf('/check', carried) },
  });
}

function findPage(web: Web, query: Query, found: Partial<FindModel>, status = 200): Found {
  const { error = null } = found;
  const model: FindModel = {
    title: found.isAsked ? `Search results for “${found.typed}”` : 'Search',
    typed: '',
    error,
    ...(error === null ? {} : { errors: [{ text: error, href: '#q' }] }),
    hidden: [...factsKept(web.needs.policy().pack, query)].map(([name, value]) => ({ name, value })),
    isAsked: false,
    isAmbiguous: false,
    tools: [],
    pages: [],
    check: null,
    ...found,
  };
  return page(web, 'find', model, status);
}

function problemOf(text: string): string | null {
  if (text.length > longestToolName) return `Use ${longestToolName} characters or fewer`;
  return unfit.test(text) ? 'Remove the characters that cannot be seen' : null;
}

const unfit = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const mostTools = 10;

// What fits much worse than the best is noise: the index finds something for nearly everything.
function nearTools({ search, policy }: Needs, name: string): Tool[] {
  const found = search().find(nameInHost(name), mostTools);
  const best = found[0]?.score ?? 0;
  return found.filter(({ score }) => score > best / 5).flatMap(({ id }) => policy().pack.tools.get(id) ?? []);
}

// The one part of a host that people would call its name: `board.example.co.uk` is `example`.
function nameInHost(name: string): string {
  if (hostOf(name) !== name) return name;
  const parts = name
    .split('.')
    .slice(0, -1)
    .filter((part) => part.length > 3 || !/^(www|app|co|com|org|net|ac|gov)$/.test(part));
  return parts.at(-1) ?? name;
}

function toolRow(pack: Pack, tool: Tool, kept: ReadonlyMap<string, string>): RowModel {
  const [kind, status] = [
    valueForTool(tool, catalogueFact(pack, 'kind')),
    valueForTool(tool, catalogueFact(pack, 'status')),
  ];
  return rowOf(pack, { tool, matchedBy: null, kind, status }, kept);
}
