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
  /** Stated facts of which the kind of a tool tells what it is made for. */
  readonly fittedByKind: readonly string[];
  /** An alternative has to be milder than this. */
  readonly severity: number;
  /** No more than so many are wanted. */
  readonly most: number;
  /** What was seen at a glance before, for groups that come to the same. */
  readonly glances: Map<string, Outcome | null>;
  /** The places of the tools that the guidance prefers. */
  readonly preferences: ReadonlyMap<string, number>;
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
  const fittedByKind = [...stated.keys()].filter((id) => pack.facts.get(id)?.fits !== undefined);
  const preferences = new Map(pack.meanwhile.tools.map((id, place) => [id, place]));
  return {
    policy,
    table,
    stated,
    match,
    use: factsAboutUse(pack, stated),
    fittedByKind,
    severity,
    most,
    preferences,
    glances: new Map(),
  };
}

/**
 * What is known so far of a group: the mildest verdict it can have, then the best one at a glance, and the way there once it was
 * looked for. Each is at least as strict as the one before it.
 */
type Standing = {
  readonly group: ToolGroup;
  severity: number;
  /** Null: only the mildest verdict it can have is known. */
  glance: Outcome | null;
  reach: Reach | null;
  isOut: boolean;
};

// Only those on top are looked at closer: what can be said of a group without looking is nearly always enough to leave it out.
function bestOf(search: Search): Alternative[] {
  const { policy, table } = search;
  const { preferred, byTask, widest } = toolGroups(table, policy.pack);
  const mildest = mildestByHeld(search, widest);
  let standings: Standing[] = [];
  const consider = (group: ToolGroup): void => {
    const severity = mildest(group.held);
    if (severity < search.severity && fits(search, group.one))
      standings.push({ group, severity, glance: null, reach: null, isOut: false });
  };
  // A tool for another task is offered only where the guidance prefers it.
  for (const group of preferred) consider(group);
  for (const group of byTask.get(search.match?.tool?.task ?? '') ?? [])
    if (group.preferred.length === 0) consider(group);
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
      const verdict = standing.reach?.verdict;
      if (verdict === undefined || !isBetter(search, verdict)) standing.isOut = true;
      else standing.severity = severityOf(verdict);
    }
    standings = standings.filter(({ isOut }) => !isOut);
  }
}

function alternative(search: Search, tool: Tool, { verdict, settled, countPages }: Reach): Alternative {
  return { tool, verdict, settled, countPages, facts: withTool(search, tool), changes: [] };
}

type Ranked = PlacedTool & { readonly standing: Standing };

function topOf(search: Search, standings: readonly Standing[]): Ranked[] {
  const { preferences } = search;
  const task = search.match?.tool?.task ?? '';
  const preference = ({ id }: Tool): number => preferences.get(id) ?? preferences.size;
  const order = (standing: Standing, { tool, place }: PlacedTool, other: Ranked): number =>
    standing.severity - other.standing.severity ||
    preference(tool) - preference(other.tool) ||
    place - other.place;
  const top: Ranked[] = [];
  const isBehind = (standing: Standing, placed: PlacedTool): boolean => {
    const last = top[search.most - 1];
    return last !== undefined && order(standing, placed, last) >= 0;
  };
  for (const standing of standings) {
    const { group } = standing;
    for (const list of [group.preferred, group.byTask.get(task) ?? []]) {
      for (const placed of list) {
        // In a list they are in order of place, and what is preferred stands in the first one.
        if (standing.isOut || isBehind(standing, placed)) break;
        const { tool } = placed;
        if (top.some((one) => one.tool === tool) || !mayBeOffered(search, tool)) continue;
        const glance = lookAt(search, standing);
        // A tool that no document names is offered only where nothing has to be found out about it.
        if (glance === null || (!glance.settled && tool.listed === undefined)) continue;
        if (isBehind(standing, placed)) break;
        const at = top.findIndex((one) => order(standing, placed, one) < 0);
        top.splice(at < 0 ? top.length : at, 0, { ...placed, standing });
        top.length = Math.min(top.length, search.most);
      }
    }
  }
  return top;
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

// As `fitsTool` for everything that is stated; of most facts neither the tool nor its kind says anything.
function fits({ policy: { pack }, stated, fittedByKind }: Search, tool: Tool): boolean {
  for (const id of tool.fits.keys()) if (!fitsTool(pack, id, stated, tool)) return false;
  return fittedByKind.every((id) => tool.fits.has(id) || fitsTool(pack, id, stated, tool));
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

/*
 * The severity of the mildest verdict that a group can have, by what is held of it. What its tools are made for only narrows what is
 * not stated, so one look at the widest tool does for thousands of groups.
 */
function mildestByHeld(search: Search, widest: readonly Tool[]): (held: number) => number {
  const known: number[] = [];
  return (held) => {
    const before = known[held];
    if (before !== undefined) return before;
    const outcome = glanceAt(search, widest[held] as Tool);
    // Without one it contradicts itself, which it need not do once it is narrowed.
    const severity = outcome === null ? 0 : severityOf(outcome.best);
    known[held] = severity;
    return severity;
  };
}

// The best verdict that the table leaves open; null where it is not better, or where what is stated contradicts what is recorded.
function lookAt(search: Search, standing: Standing): Outcome | null {
  if (standing.glance !== null || standing.isOut) return standing.glance;
  const { one, held } = standing.group;
  // What a tool is made for counts only in facts that are not stated.
  let key = `${held}`;
  for (const [fact, values] of one.fits) if (!search.use.has(fact)) key += `;${fact}:${values.join()}`;
  const known = search.glances.get(key);
  const glance = known === undefined ? glanceAt(search, one) : known;
  if (known === undefined) search.glances.set(key, glance);
  if (glance === null || !isBetter(search, glance.best)) {
    standing.isOut = true;
    return null;
  }
  standing.glance = glance;
  standing.severity = severityOf(glance.best);
  return glance;
}

// Null where what is stated contradicts what is recorded of the tool.
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
