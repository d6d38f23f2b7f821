import { type Citation, citationsOf } from '#domain/decision/answer.ts';
import type { FactValue, Tool } from '#domain/policy/pack.ts';
import { nearestName } from '#domain/shared/nearest-name.ts';
import { catalogueFact, valueForTool } from './catalogue-facts.ts';
import type { Needs } from './needs.ts';

/** Everything that the catalogue holds of one tool. `citations` are where a document names it. */
export type ToolDetail = {
  readonly tool: Tool;
  readonly kind: FactValue | null;
  readonly status: FactValue | null;
  readonly citations: readonly Citation[];
};

export type GotTool =
  | { readonly outcome: 'ok'; readonly detail: ToolDetail }
  /** `suggestion` is the id that was most likely meant. */
  | { readonly outcome: 'not-found'; readonly suggestion?: string };

/** One tool by its permanent id. Names and addresses are for `findTools`; here they only lead to the suggestion. */
export function getTool(needs: Needs, id: string): GotTool {
  const { pack, catalogue } = needs.policy();
  const tool = pack.tools.get(id);
  if (tool !== undefined) {
    return {
      outcome: 'ok',
      detail: {
        tool,
        kind: valueForTool(tool, catalogueFact(pack, 'kind')),
        status: valueForTool(tool, catalogueFact(pack, 'status')),
        citations: citationsOf(pack, tool.listed?.cites ?? []),
      },
    };
  }
  const short = id.slice(0, 200);
  const found = catalogue.find(short);
  const meant = found.ok ? found.match.tool?.id : found.candidates[0]?.id;
  const suggestion = meant ?? nearestName(short, pack.tools.keys()) ?? needs.search().find(short, 1)[0]?.id;
  return { outcome: 'not-found', ...(suggestion === undefined ? {} : { suggestion }) };
}
