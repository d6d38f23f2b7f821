import type { ToolMatch } from '../catalogue/find-tool.ts';
import { hangsOn } from '../policy/checks/facts.ts';
import { type Fact, notApplicable, type Pack, type PossibleChange, type When } from '../policy/pack.ts';
import type { Day } from '../shared/day.ts';
import { isPermission, severityOf, type Verdict } from '../shared/verdict.ts';
import { asksNothingMore, factsWithTool, fitsTool } from './alternatives.ts';
import { answerSituation, type Reason, silenceOf } from './answer.ts';
import { type Evaluation, evaluate, type Situation } from './evaluate.ts';
import { findOutcome, type Outcome } from './outcome.ts';
import type { StatedFacts } from './parse-facts.ts';
import type { Policy } from './policy.ts';
import { findReach, type Reach } from './reach.ts';
import type { Table, TableFact } from './table.ts';

/** Something to do differently, and what the answer would be then. */
export type Change = {
  /** Each thing to do, in the order of the pack. */
  readonly parts: readonly PossibleChange[];
  /** All of them in words, with a capital and without a stop. */
  readonly text: string;
  /** The facts with the change made. */
  readonly facts: StatedFacts;
  /** Whether it leads to a permission. Where it does not, `inTheWay` holds what still stands in the way. */
  readonly isEnough: boolean;
  /** The verdict then: the best one still reachable, while facts are missing. */
  readonly verdict: Verdict;
  readonly settled: boolean;
  /** Counts the pages of questions that remain. */
  readonly countPages: () => number;
  readonly inTheWay: readonly Reason[];
};

/** More ways out than these nobody compares. */
export const mostChanges = 3;
/** A change of more facts than these is another plan. */
export const mostParts = 4;

/** Whether no answer to the open questions can make it a yes, so that something would have to be done differently. */
export function needsChange(pack: Pack, stated: StatedFacts, best: Verdict): boolean {
  return !isPermission(best) && !asksNothingMore(pack, stated);
}

/**
 * What would make it all right: at most three smallest changes of what somebody can do differently, fewest facts first, then
 * in the order of the pack. None contains another, and each was evaluated. Where no change is enough, at most one that takes
 * away part of what stands in the way, with the rest named. Empty: there is none, or none is needed (`needsChange`).
 */
export function findChanges(
  policy: Policy,
  stated: StatedFacts,
  match: ToolMatch | undefined,
  on: Day,
): Change[] {
  const search = openSearch(policy, stated, match, on);
  if (search === null) return [];
  const found = smallestOf(search);
  if (found.length > 0) return found.map((state) => enough(search, state));
  return mostHelpful(search, on);
}

/** What to do, in one sentence: the last two joined by `and`. */
export function inOneSentence(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

// A set of changes as bits: the bit of a change is its place among those that can be made.
type State = {
  readonly bits: number;
  readonly situation: Situation;
  readonly evaluation: Evaluation;
  readonly outcome: Outcome | null;
  readonly reach: Reach | null;
};
type Search = {
  readonly policy: Policy;
  readonly table: Table;
  readonly match: ToolMatch | undefined;
  readonly possible: readonly PossibleChange[];
  readonly state: (bits: number) => State;
};

function openSearch(
  policy: Policy,
  stated: StatedFacts,
  match: ToolMatch | undefined,
  on: Day,
): Search | null {
  const { pack } = policy;
  const table = policy.tableOn(on);
  const situation: Situation = { stated, tool: match === undefined ? undefined : match.tool };
  const evaluation = evaluate(table, pack, situation);
  if (evaluation.problems.length > 0) return null;
  if (!needsChange(pack, stated, findOutcome(table, evaluation).best)) return null;
  const possible = changesThatCanBeMade(table, pack, situation, evaluation);
  const states = new Map<number, State>();
  const state = (bits: number): State => {
    const known = states.get(bits);
    if (known !== undefined) return known;
    const made = stateOf(table, pack, changed(pack, situation, partsOf(possible, bits)), bits);
    states.set(bits, made);
    return made;
  };
  return { policy, table, match, possible, state };
}

function stateOf(table: Table, pack: Pack, situation: Situation, bits: number): State {
  const evaluation = evaluate(table, pack, situation);
  if (evaluation.problems.length > 0) return { bits, situation, evaluation, outcome: null, reach: null };
  const outcome = findOutcome(table, evaluation);
  return { bits, situation, evaluation, outcome, reach: findReach(table, pack, situation) };
}

/**
 * The changes of the pack that somebody can make here: the fact is known, has another value and may be changed from it, and
 * the tool is made for what it is changed to. At most 30, the first of the pack.
 */
export function changesThatCanBeMade(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
): PossibleChange[] {
  return pack.changes
    .filter((change) => {
      const now = valueNow(table, pack, situation, evaluation, change.fact);
      if (now === undefined || now === notApplicable || now === change.to) return false;
      if (change.from !== undefined && !change.from.has(now)) return false;
      if (!mayHold(table, situation, evaluation, change.when)) return false;
      const { stated, tool } = situation;
      return (
        tool === undefined || fitsTool(pack, change.fact, new Map(stated).set(change.fact, change.to), tool)
      );
    })
    .slice(0, 30);
}

function valueNow(
  table: Table,
  pack: Pack,
  { stated, tool }: Situation,
  { possible }: Evaluation,
  id: string,
): string | undefined {
  const value = stated.get(id);
  if (pack.facts.get(id)?.valuesFrom === 'tools')
    return value === undefined ? undefined : (tool?.id ?? value);
  if (value !== undefined) return value;
  const entry = table.facts[table.factNumber.get(id) ?? -1];
  const bits = possible[entry?.index ?? -1] ?? 0;
  return bits !== 0 && (bits & (bits - 1)) === 0 ? entry?.values[31 - Math.clz32(bits)] : undefined;
}

// What is stated counts also where it does not apply: the asker knows it, and it may come to apply.
function mayHold(table: Table, { stated }: Situation, { possible }: Evaluation, when: When): boolean {
  return [...when].every(([id, values]) => {
    const value = stated.get(id);
    if (value !== undefined) return values.has(value);
    const entry = table.facts[table.factNumber.get(id) ?? -1] as TableFact;
    const bits = possible[entry.index] ?? 0;
    return [...values].some((one) => (bits & (1 << (entry.numberOf.get(one) ?? 31))) !== 0);
  });
}

/** A situation with changes made. Another tool comes first: what was said of the old one alone goes with it. */
export function changed(
  pack: Pack,
  { stated, tool }: Situation,
  parts: readonly PossibleChange[],
): Situation {
  const other = parts.find(({ fact }) => pack.facts.get(fact)?.valuesFrom === 'tools');
  const newTool = other === undefined ? undefined : pack.tools.get(other.to);
  const facts = newTool === undefined ? new Map(stated) : factsWithTool(pack, stated, newTool);
  for (const part of parts) {
    if (part !== other) set(pack, facts, part.fact, part.to);
    for (const [id, value] of part.with) set(pack, facts, id, value);
  }
  return { stated: facts, tool: newTool ?? tool };
}

// What is assumed anyway would only make addresses longer.
function set(pack: Pack, facts: Map<string, string>, id: string, value: string): void {
  const fact = pack.facts.get(id);
  if (fact?.origin === 'assumed' && fact.default === value) facts.delete(id);
  else facts.set(id, value);
}

function partsOf(possible: readonly PossibleChange[], bits: number): PossibleChange[] {
  return possible.filter((_, place) => (bits & (1 << place)) !== 0);
}

/*
 * Breadth first by the number of changes. Exact, although not everything is tried: as long as a rule that restricts certainly
 * applies, every set of changes that leads to a permission holds one that touches this rule, so only those are followed.
 */
function smallestOf(search: Search): State[] {
  let level = [0];
  const seen = new Set(level);
  const found: State[] = [];
  for (let size = 1; size <= mostParts && level.length > 0 && found.length < mostChanges; size++) {
    const next: number[] = [];
    for (const bits of level) {
      for (const place of changesThatMatter(search, search.state(bits))) {
        const more = bits | (1 << place);
        if (seen.has(more) || clash(search, more)) continue;
        seen.add(more);
        if (!found.some((smaller) => (smaller.bits & more) === smaller.bits)) next.push(more);
      }
    }
    const passing = next.filter((bits) => search.state(bits).reach !== null).sort(byFirstChange);
    found.push(...passing.map(search.state));
    level = next.filter((bits) => search.state(bits).reach === null);
  }
  return found.slice(0, mostChanges);
}

// The order of the pack: the set with the earlier change at the first place where they differ.
function byFirstChange(a: number, b: number): number {
  const different = a ^ b;
  return (a & different & -different) !== 0 ? -1 : 1;
}

// Two changes that set a fact to different values cannot both be made.
function clash({ possible }: Search, bits: number): boolean {
  const sets = new Map<string, string>();
  for (const { fact, to, with: others } of partsOf(possible, bits)) {
    for (const [id, value] of [[fact, to] as const, ...others]) {
      if ((sets.get(id) ?? value) !== value) return true;
      sets.set(id, value);
    }
  }
  return false;
}

// The places of the changes of which at least one is needed on every way from here to a permission.
function changesThatMatter(search: Search, { bits, outcome }: State): number[] {
  const { table, policy, possible } = search;
  const open = possible.flatMap((_, place) => ((bits & (1 << place)) === 0 ? [place] : []));
  if (outcome === null) return open;
  let fewest = open;
  for (const rule of outcome.rules) {
    if (!restricts(table, rule)) continue;
    const facts = influencesOn(table, policy.pack, rule);
    const touching = open.filter((place) => touches(policy.pack, possible[place] as PossibleChange, facts));
    if (touching.length < fewest.length) fewest = touching;
  }
  return fewest;
}

const guidance = severityOf('get-guidance');

function restricts({ severities }: Table, rule: number): boolean {
  return (severities[rule] ?? 0) >= guidance;
}

function touches(pack: Pack, { fact, with: others }: PossibleChange, facts: ReadonlySet<string>): boolean {
  // Another tool can change everything, and so can what ends all questions.
  const isAnything = ({ valuesFrom, asksNothingMore: quiet }: Fact): boolean =>
    valuesFrom === 'tools' || quiet.size > 0;
  return [fact, ...others.keys()].some((id) => {
    const one = pack.facts.get(id);
    return facts.has(id) || (one !== undefined && isAnything(one));
  });
}

const influences = new WeakMap<Table, Map<number, ReadonlySet<string>>>();

// The facts that a rule tests, and everything that those hang on.
function influencesOn(table: Table, pack: Pack, rule: number): ReadonlySet<string> {
  const ofRules = influences.get(table) ?? new Map<number, ReadonlySet<string>>();
  influences.set(table, ofRules);
  const known = ofRules.get(rule);
  if (known !== undefined) return known;
  const facts = new Set(table.rules[rule]?.when.keys());
  // A set grows while it is walked through.
  for (const id of facts) {
    for (const on of hangsOn(pack, id)) facts.add(on);
    // What something is used for can tell what kind of thing it is, and local rules that are claimed stand in for who has them.
    for (const { id: other, fits, follows } of pack.facts.values())
      if (fits?.by === id || follows === id) facts.add(other);
  }
  ofRules.set(rule, facts);
  return facts;
}

function enough({ possible }: Search, { bits, situation, reach }: State): Change {
  const parts = partsOf(possible, bits);
  const { verdict, settled, countPages } = reach as Reach;
  return {
    parts,
    text: textOf(parts),
    facts: situation.stated,
    isEnough: true,
    verdict,
    settled,
    countPages,
    inTheWay: [],
  };
}

function textOf(parts: readonly PossibleChange[]): string {
  const text = inOneSentence(parts.map(({ say }) => say));
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

// Every change that takes away one of the reasons that decide and brings no new one, together.
function mostHelpful(search: Search, on: Day): Change[] {
  const { policy, table, match, possible, state } = search;
  let bits = 0;
  for (const place of possible.keys()) {
    const more = bits | (1 << place);
    if (!mayLift(search, state(bits), possible[place] as PossibleChange)) continue;
    if (!clash(search, more) && helps(table, state(bits), state(more))) bits = more;
  }
  if (bits === 0) return [];
  const { situation, outcome } = state(bits);
  const parts = partsOf(possible, bits);
  if (outcome === null) return [];
  const { best, settled } = outcome;
  return [
    {
      parts,
      text: textOf(parts),
      facts: situation.stated,
      isEnough: false,
      verdict: best,
      settled,
      countPages: () => 0,
      inTheWay: reasonsLeft(policy, situation, match, on),
    },
  ];
}

function reasonsLeft(
  policy: Policy,
  { stated, tool }: Situation,
  match: ToolMatch | undefined,
  on: Day,
): readonly Reason[] {
  const isOther = tool !== undefined && tool !== null && tool !== match?.tool;
  const now = isOther ? { tool, name: tool.name, matchedBy: 'id' as const } : match;
  const answered = answerSituation(policy, stated, now, on);
  const reasons = answered.ok ? answered.answer.reasons : [];
  const left = reasons.filter(({ verdict }) => verdict !== null && !isPermission(verdict));
  // Nothing forbids it any more, and nothing permits it either.
  return left.length > 0 ? left : [silenceOf(policy.pack)];
}

function helps(table: Table, { outcome: before }: State, { outcome: after }: State): boolean {
  if (before === null || after === null) return false;
  return (
    decidingRules(table, before).some((rule) => !after.rules.includes(rule)) &&
    after.rules.every((rule) => !restricts(table, rule) || before.rules.includes(rule))
  );
}

// Only what a deciding rule hangs on can take it away.
function mayLift({ table, policy: { pack } }: Search, { outcome }: State, change: PossibleChange): boolean {
  if (outcome === null) return true;
  return decidingRules(table, outcome).some((rule) => touches(pack, change, influencesOn(table, pack, rule)));
}

// The restricting rules with the strictest verdict; rules stand strictest first.
function decidingRules(table: Table, { rules }: Outcome): number[] {
  const severity = table.severities[rules[0] ?? -1];
  return rules.filter((rule) => restricts(table, rule) && table.severities[rule] === severity);
}
