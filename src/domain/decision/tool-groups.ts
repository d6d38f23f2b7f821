import type { Pack, Tool } from '../policy/pack.ts';
import { type Table, toolNumber } from './table.ts';

/** Tools of which the catalogue holds the same, so that every question about them has the same answer. */
export type ToolGroup = {
  /** Any of them, to be asked about for all. */
  readonly one: Tool;
  /** The same for groups that differ only in what their tools are made for. */
  readonly held: number;
  readonly tools: readonly PlacedTool[];
  /** Those that the guidance prefers. */
  readonly preferred: readonly PlacedTool[];
  readonly byTask: ReadonlyMap<string, readonly PlacedTool[]>;
};

/** A tool with its place in the catalogue. */
export type PlacedTool = { readonly tool: Tool; readonly place: number };

/** All groups, and those that hold a tool that the guidance prefers or one for a task. */
export type ToolGroups = {
  readonly all: readonly ToolGroup[];
  readonly preferred: readonly ToolGroup[];
  readonly byTask: ReadonlyMap<string, readonly ToolGroup[]>;
  /** For each `held` a tool that holds that and is made for everything: it can come to whatever any of its groups can. */
  readonly widest: readonly Tool[];
};

/** The tools of the catalogue in groups, worked out once for a table. Tools that a rule names stand alone. */
export function toolGroups(table: Table, pack: Pack): ToolGroups {
  const known = groupsOf.get(table);
  if (known?.tools === pack.tools) return known.groups;
  const groups = groupTools(table, pack);
  groupsOf.set(table, { tools: pack.tools, groups });
  return groups;
}

const groupsOf = new WeakMap<Table, { readonly tools: Pack['tools']; readonly groups: ToolGroups }>();

type Growing = {
  one: Tool;
  held: number;
  tools: PlacedTool[];
  preferred: PlacedTool[];
  byTask: Map<string, PlacedTool[]>;
};

function groupTools(table: Table, pack: Pack): ToolGroups {
  const preferred = new Set(pack.meanwhile.tools);
  const groups = new Map<string, Growing>();
  const helds = new Map<string, number>();
  const byTask = new Map<string, Growing[]>();
  const widest: Tool[] = [];
  const everything = new Map(
    [...pack.facts.values()].map(({ id, values }) => [id, values.map((value) => value.id)]),
  );
  let place = 0;
  for (const tool of pack.tools.values()) {
    const placed = { tool, place: place++ };
    const heldKey = heldKeyOf(table, tool);
    const key = heldKey + fitsKeyOf(tool);
    let group = groups.get(key);
    if (group === undefined) {
      const held = helds.get(heldKey) ?? helds.size;
      if (held === helds.size) widest.push({ ...tool, fits: everything });
      helds.set(heldKey, held);
      group = { one: tool, held, tools: [], preferred: [], byTask: new Map() };
      groups.set(key, group);
    }
    group.tools.push(placed);
    if (preferred.has(tool.id)) group.preferred.push(placed);
    const same = group.byTask.get(tool.task);
    if (same === undefined) {
      group.byTask.set(tool.task, [placed]);
      const forTask = byTask.get(tool.task);
      if (forTask === undefined) byTask.set(tool.task, [group]);
      else forTask.push(group);
    } else same.push(placed);
  }
  const all = [...groups.values()];
  return { all, preferred: all.filter((group) => group.preferred.length > 0), byTask, widest };
}

// Not sorted: that would take longest, and the same in another order only makes one more group.
function heldKeyOf(table: Table, { id, facts }: Tool): string {
  let key = `${toolNumber(table, id)}`;
  for (const [fact, value] of facts) key += `;${fact}=${value}`;
  return key;
}

function fitsKeyOf({ fits }: Tool): string {
  let key = '';
  for (const [fact, values] of fits) key += `;${fact}:${values.join()}`;
  return key;
}
