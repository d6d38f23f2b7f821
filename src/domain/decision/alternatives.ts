import type { ToolMatch } from '../catalogue/find-tool.ts';
import type { Pack, PossibleChange, Tool } from '../policy/pack.ts';
import type { Day } from '../shared/day.ts';
import { isPermission, severityOf, type Verdict } from '../shared/verdict.ts';
import { evaluate } from './evaluate.ts';
import { findOutcome, type Outcome } from './outcome.ts';
import type { StatedFacts } from './parse-facts.ts';
import type { Policy } from './policy.ts';
import { findReach, type Reach } from './reach.ts';
import type { Table } from './table.ts';
import { type PlacedTool, type ToolGroup, toolGroups } from './tool-groups.ts';

/** Another tool that gives a better verdict. */
export type Alternative = {
  readonly tool: Tool;
  /** The verdict: the best one still reachable, while facts about this tool are missing. */
  readonly verdict: Verdict;
  /** Nothing that is still unstated can change the verdict. */
  readonly settled: boolean;
  /** Counts the pages of questions that remain. */
  readonly countPages: () => number;
  /** What has to be stated to get its answer, the tool among it. */
  readonly facts: StatedFacts;
  /** What else has to be done differently. Empty: it passes with everything as it is. */
  readonly changes: readonly Pick<PossibleChange, 'fact' | 'to' | 'say'>[];
};

/** No more are shown than somebody can choose between. */
export const mostAlternatives = 5;

/**
 * Other tools of the catalogue that give a better verdict for the same facts, at most five: best verdict first, then the
 * tools that the guidance prefers in its order, then tools for the same task. What was said of the first tool alone is left
 * out, and what that leaves open is said; nothing is named that cannot pass.
 */
export function findAlternatives(
  policy: Policy,
  stated: StatedFacts,
  match: ToolMatch | undefined,
  on: Day,
): Alternative[] {
  const search = openSearch(policy, stated, match, on);
  return search === null ? [] : bestOf(search);
}

/**
 * What somebody can use today: the alternatives, and of the tools that the guidance prefers also those that pass only with
 * another account or device, each with what has to be different. At most `most`.
 */
export function findInstead(
  policy: Policy,
  stated: StatedFacts,
  match: ToolMatch | undefined,
  on: Day,
  most = mostAlternatives,
): Alternative[] {
  const search = openSearch(policy, stated, match, on, most);
  if (search === null) return [];
  const { pack } = policy;
  const found = bestOf(search);
  if (found.length >= most) return found.slice(0, most);
  const others = pack.meanwhile.tools.flatMap((id) => {
    const tool = pack.tools.get(id);
    if (tool === undefined || found.some((one) => one.tool.id === id)) return [];
    return mayBeOffered(search, tool) && fits(search, tool) ? passingWithSets(search, tool) : [];
  });
  return [...found, ...others].slice(0, most);
}

/** What is stated of the plan itself, without what was said of the tool: it holds for any other tool too. */
export function factsAboutUse(pack: Pack, stated: StatedFacts): Map<string, string> {
  return new Map(
    [...stated].filter(([id]) => {
      const fact = pack.facts.get(id);
      return fact?.valuesFrom !== 'tools' && fact?.origin !== 'catalogue' && !pack.aboutTool.has(id);
    }),
  );
}

/** The same plan with another tool. */
export function factsWithTool(pack: Pack, stated: StatedFacts, tool: Tool): Map<string, string> {
  return factsAboutUse(pack, stated).set(toolFact(pack), tool.id);
}

function withTool({ policy: { pack }, use }: Search, tool: Tool): StatedFacts {
  return new Map(use).set(toolFact(pack), tool.id);
}

const toolFacts = new WeakMap<Pack, string>();
function toolFact(pack: Pack): string {
  const known = toolFacts.get(pack);
  if (known !== undefined) return known;
  const made = [...pack.facts.values()].find(({ valuesFrom }) => valuesFrom === 'tools')?.id ?? 'tool';
  toolFacts.set(pack, made);
  return made;
}

/** Whether a fact ends all questions, such as that something has gone wrong: then nothing else is to be thought of. */
export function asksNothingMore(pack: Pack, stated: StatedFacts): boolean {
  for (const [id, value] of stated) if (pack.facts.get(id)?.asksNothingMore.has(value)) return true;
  return false;
}

type Search = {
  readonly policy: Policy;
  readonly table: Table;
  readonly stated: StatedFacts;
  readonly match: ToolMatch | undefined;
  /** What is stated and holds for any tool. */
  readonly use: StatedFacts;
  /** An alternative has to be milder than this. */
  readonly severity: number;
  /** No more than so many are wanted. */
  readonly most: number;
};

// Null where no other tool can help: something went wrong, or the answer is a plain yes already.
function openSearch(
  policy: Policy,
  stated: StatedFacts,
  match: ToolMatch | undefined,
  on: Day,
  most = mostAlternatives,
): Search | null {
  const { pack } = policy;
  const isBesideThePoint = pack.meanwhile.notFor.some((when) =>
    [...when].every(([id, values]) => values.has(stated.get(id) ?? '')),
  );
  if (isBesideThePoint || asksNothingMore(pack, stated)) return null;
  const table = policy.tableOn(on);
  const evaluation = evaluate(table, pack, { stated, tool: match === undefined ? undefined : match.tool });
  if (evaluation.problems.length > 0) return null;
  const severity = severityOf(findOutcome(table, evaluation).best);
  if (severity === 0) return null;
  return { policy, table, stated, match, use: factsAboutUse(pack, stated), severity, most };
}

/** What is known so far of a group: the best verdict at a glance, and the way there once it was looked for. */
type Standing = {
  readonly group: ToolGroup;
  verdict: Verdict;
  readonly isSettled: boolean;
  reach: Reach | null;
};

// Every group is read at a glance; whether answers lead to the verdict is looked into only for those on top.
function bestOf(search: Search): Alternative[] {
  const { policy, table } = search;
  const task = search.match?.tool?.task ?? '';
  let standings = toolGroups(table, policy.pack).flatMap((group): Standing[] => {
    // A tool for another task is offered only where the guidance prefers it.
    if (group.preferred.length === 0 && !group.byTask.has(task)) return [];
    const glance = fits(search, group.one) ? glanceAt(search, group.one) : null;
    if (glance === null || !isBetter(search, glance.best)) return [];
    return [{ group, verdict: glance.best, isSettled: glance.settled, reach: null }];
  });
  for (;;) {
    const top = topOf(search, standings);
    const open = new Set(top.flatMap(({ standing }) => (standing.reach === null ? [standing] : [])));
    if (open.size === 0)
      return top.map(({ tool, standing }) => alternative(search, tool, standing.reach as Reach));
    for (const standing of open) {
      const { one } = standing.group;
      standing.reach = findReach(table, policy.pack, {
        stated: withTool(search, one),
        tool: one,
      });
      standing.verdict = standing.reach?.verdict ?? standing.verdict;
    }
    standings = standings.filter(
      (one) => !open.has(one) || (one.reach !== null && isBetter(search, one.verdict)),
    );
  }
}

function alternative(search: Search, tool: Tool, { verdict, settled, countPages }: Reach): Alternative {
  return { tool, verdict, settled, countPages, facts: withTool(search, tool), changes: [] };
}

type Ranked = PlacedTool & { readonly standing: Standing };

function topOf(search: Search, standings: readonly Standing[]): Ranked[] {
  const { pack } = search.policy;
  const task = search.match?.tool?.task;
  const preference = ({ id }: Tool): number => {
    const place = pack.meanwhile.tools.indexOf(id);
    return place < 0 ? pack.meanwhile.tools.length : place;
  };
  const ranked = standings.flatMap((standing) => {
    const { group } = standing;
    const shown: Ranked[] = [];
    // More of one group than are shown in all cannot come on top.
    for (const list of [group.preferred, group.byTask.get(task ?? '') ?? []]) {
      for (const placed of list) {
        if (shown.length === search.most) break;
        const { tool } = placed;
        // A tool that no document names is offered only where nothing has to be found out about it.
        if (!standing.isSettled && tool.listed === undefined) continue;
        if (!shown.some((one) => one.tool === tool) && mayBeOffered(search, tool)) {
          shown.push({ ...placed, standing });
        }
      }
    }
    return shown;
  });
  return ranked
    .sort(
      (a, b) =>
        severityOf(a.standing.verdict) - severityOf(b.standing.verdict) ||
        preference(a.tool) - preference(b.tool) ||
        a.place - b.place,
    )
    .slice(0, search.most);
}

function mayBeOffered({ policy: { pack }, stated, match }: Search, { id }: Tool): boolean {
  if (id === match?.tool?.id || pack.meanwhile.leavesOut.has(id)) return false;
  // A tool on a ladder is offered only where its rung may be the right one.
  return pack.ways.every(({ facts, steps }) => {
    if (![...facts].every(([fact, value]) => stated.get(fact) === value)) return true;
    const own = steps.filter(({ tool }) => tool === id);
    return (
      own.length === 0 ||
      own.some(({ when }) => [...when].every(([fact, values]) => agrees(stated, fact, values)))
    );
  });
}

function agrees(stated: StatedFacts, fact: string, values: ReadonlySet<string>): boolean {
  const value = stated.get(fact);
  return value === undefined || values.has(value);
}

function fits({ policy: { pack }, stated }: Search, tool: Tool): boolean {
  return [...stated.keys()].every((id) => fitsTool(pack, id, stated, tool));
}

/**
 * Whether a tool is made for what is stated of a fact, as the catalogue says for it or for its kind: a password manager is
 * no answer for a video call. `tool` is null for one that the catalogue does not hold.
 */
export function fitsTool(pack: Pack, id: string, stated: StatedFacts, tool: Tool | null): boolean {
  const value = stated.get(id);
  const fits = pack.facts.get(id)?.fits;
  const kind = fits === undefined ? undefined : kindOf(pack, fits.by, stated, tool);
  const fitting = tool?.fits.get(id) ?? fits?.values.get(kind ?? '');
  return value === undefined || fitting === undefined || fitting.includes(value);
}

function kindOf(pack: Pack, id: string, stated: StatedFacts, tool: Tool | null): string | undefined {
  return tool?.facts.get(id) ?? (tool === null ? stated.get(id) : undefined) ?? pack.facts.get(id)?.default;
}

// The best verdict that the table leaves open; null where what is stated contradicts what is recorded of the tool.
function glanceAt(search: Search, tool: Tool): Outcome | null {
  const { policy, table } = search;
  const evaluation = evaluate(table, policy.pack, { stated: withTool(search, tool), tool });
  return evaluation.problems.length > 0 ? null : findOutcome(table, evaluation);
}

function isBetter({ severity }: Search, verdict: Verdict): boolean {
  return isPermission(verdict) && severityOf(verdict) < severity;
}

// The fewest of the facts that the pack sets which have to be set for the tool to pass.
function passingWithSets(search: Search, tool: Tool): Alternative[] {
  const { policy, table, stated } = search;
  const { pack } = policy;
  const different = [...pack.meanwhile.sets].filter(
    ([fact, value]) => stated.has(fact) && stated.get(fact) !== value,
  );
  const subsets = Array.from({ length: 1 << different.length }, (_, bits) =>
    different.filter((_, place) => (bits & (1 << place)) !== 0),
  ).sort((a, b) => a.length - b.length);
  for (const sets of subsets) {
    const facts = new Map([...withTool(search, tool), ...sets]);
    const reach = findReach(table, pack, { stated: facts, tool });
    if (reach === null || !isBetter(search, reach.verdict)) continue;
    const { verdict, settled, countPages } = reach;
    const changes = sets.map(([fact, to]) => ({ fact, to, say: sayingOf(pack, fact, to) }));
    return [{ tool, verdict, settled, countPages, facts, changes }];
  }
  return [];
}

function sayingOf(pack: Pack, id: string, to: string): string {
  const own = pack.changes.find((change) => change.fact === id && change.to === to);
  if (own !== undefined) return own.say;
  const fact = pack.facts.get(id);
  return `${fact?.label ?? id}: ${fact?.values.find((value) => value.id === to)?.label ?? to}`;
}
