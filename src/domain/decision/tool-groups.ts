import type { Pack, Tool } from '../policy/pack.ts';
import { type Table, toolNumber } from './table.ts';

/** Tools of which the catalogue holds the same, so that every question about them has the same answer. */
export type ToolGroup = {
  /** Any of them, to be asked about for all. */
  readonly one: Tool;
  readonly tools: readonly PlacedTool[];
  /** Those that the guidance prefers. */
  readonly preferred: readonly PlacedTool[];
  readonly byTask: ReadonlyMap<string, readonly PlacedTool[]>;
};

/** A tool with its place in the catalogue. */
export type PlacedTool = { readonly tool: Tool; readonly place: number };

/** The tools of the catalogue in groups, worked out once for a table. Tools that a rule names stand alone. */
export function toolGroups(table: Table, pack: Pack): readonly ToolGroup[] {
  const known = groupsOf.get(table);
  if (known?.tools === pack.tools) return known.groups;
  const groups = groupTools(table, pack);
  groupsOf.set(table, { tools: pack.tools, groups });
  return groups;
}

const groupsOf = new WeakMap<
  Table,
  { readonly tools: Pack['tools']; readonly groups: readonly ToolGroup[] }
>();

type Growing = {
  one: Tool;
  tools: PlacedTool[];
  preferred: PlacedTool[];
  byTask: Map<string, PlacedTool[]>;
};

function groupTools(table: Table, pack: Pack): ToolGroup[] {
  const preferred = new Set(pack.meanwhile.tools);
  const groups = new Map<string, Growing>();
  let place = 0;
  for (const tool of pack.tools.values()) {
    const placed = { tool, place: place++ };
    const key = keyOf(table, tool);
    let group = groups.get(key);
    if (group === undefined) {
      group = { one: tool, tools: [], preferred: [], byTask: new Map() };
      groups.set(key, group);
    }
    group.tools.push(placed);
    if (preferred.has(tool.id)) group.preferred.push(placed);
    const same = group.byTask.get(tool.task);
    if (same === undefined) group.byTask.set(tool.task, [placed]);
    else same.push(placed);
  }
  return [...groups.values()];
}

// Not sorted: that would take longest, and the same in another order only makes one more group.
function keyOf(table: Table, { id, facts, fits }: Tool): string {
  let key = `${toolNumber(table, id)}`;
  for (const [fact, value] of facts) key += `;${fact}=${value}`;
  for (const [fact, values] of fits) key += `;${fact}:${values.join()}`;
  return key;
}
