import { longestToolName } from '#domain/decision/parse-facts.ts';
import { findTools } from '#usecases/find-tools.ts';
import { shown } from '#usecases/shown.ts';
import { hrefOf } from '../ask/address.ts';
import type { PageModel } from '../render.ts';
import { factsKept } from './kept-facts.ts';
import { page, type View } from './page.ts';

export type ToolMissingModel = PageModel & {
  readonly typed: string;
  readonly near: readonly { readonly text: string; readonly href: string }[];
  readonly checkHref: string | null;
};

/** For an address of a tool that is not there: the tool itself where the address is one of its names, else what is near. */
export const toolMissingView: View = (web, { params: { id = '' }, query }) => {
  const { pack } = web.needs.policy();
  const kept = factsKept(pack, query);
  const isShort = id.length <= longestToolName;
  const found = isShort ? findTools(web.needs, { q: id, limit: 5 }) : null;
  const { tools = [], suggestions = [] } = found?.outcome === 'ok' ? found : {};
  const [only, ...others] = tools;
  if (only !== undefined && others.length === 0)
    return { kind: 'elsewhere', href: hrefOf(`/tools/${only.tool.id}`, kept) };
  const model: ToolMissingModel = {
    title: 'There is no tool at this address',
    section: '/tools',
    breadcrumbs: [
      { text: 'Home', href: '/' },
      { text: 'All tools', href: hrefOf('/tools', kept) },
    ],
    typed: shown(id),
    near: [...tools, ...suggestions].map(({ tool }) => ({
      text: tool.name,
      href: hrefOf(`/tools/${tool.id}`, kept),
    })),
    checkHref: isShort ? hrefOf('/check', new Map([...kept, ['tool', id]])) : null,
  };
  return page(web, 'tool-missing', model, 404);
};
