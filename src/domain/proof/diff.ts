import type { Policy } from '../decision/policy.ts';
import { daysOfChange } from '../decision/table.ts';
import { canonicalText } from '../policy/canonical.ts';
import { type EntryChange, findEntryChange, findEntryChanges } from '../policy/changed-entries.ts';
import type { Pack } from '../policy/pack.ts';
import { type Day, nextDay } from '../shared/day.ts';
import type { Verdict } from '../shared/verdict.ts';
import { usualBudget } from './diagram.ts';
import {
  type Cause,
  type ChangeOf,
  countByTool,
  countVerdicts,
  type FoundChange,
  findChanges,
  isLoosening,
  type VerdictCounts,
} from './diff-changes.ts';
import { buildJoint, type Joint, sideOn } from './diff-joint.ts';
import { changeName } from './diff-names.ts';
import {
  type ChangedSituation,
  collectExamples,
  type Examples,
  findSituations,
  type Verdicts,
} from './diff-situations.ts';
import { differencesInWords, groupTools, movedTools, situationsKey, toolFact } from './diff-words.ts';
import { yes } from './space.ts';

export type { EntryChange } from '../policy/changed-entries.ts';
export type { Cause, ChangeOf } from './diff-changes.ts';
export type { ChangedSituation } from './diff-situations.ts';
export { NotComparable } from './diff-words.ts';

/** Days on which both packs have the same rules in force: from `from` on, and before `before`. */
export type Period = { readonly from: Day; readonly before: Day | null };

/** How much of something is in one period, of all situations that are compared there. */
export type PeriodCount = { readonly period: number; readonly situations: bigint };

/** One way in which answers change, over all periods. */
export type Change = {
  /** The same as long as the same rules make the same change; what it is acknowledged by. */
  readonly name: string;
  readonly of: ChangeOf;
  readonly counts: readonly PeriodCount[];
  /** The one with the most situations first. */
  readonly causes: readonly ExplainedCause[];
  readonly examples: readonly ChangedSituation[];
};

/** Who or what is responsible, with what was done to it. Null: it is as it was, and only in force on other days. */
export type ExplainedCause = Cause & { readonly change: EntryChange | null };

/** A tool of which another record is kept: how many of its compared situations get each verdict, before and after. */
export type ToolChange = {
  readonly id: string;
  readonly name: string;
  readonly period: number;
  readonly before: VerdictCounts;
  readonly after: VerdictCounts;
};

/** What is in force over one period, and how much of it is compared. */
export type ComparedPeriod = Period & {
  /** Pairs of a situation before and what it becomes after. */
  readonly situations: bigint;
  /** Situations that only one of the packs can describe, by what it answers. */
  readonly lost: VerdictCounts;
  readonly gained: VerdictCounts;
};

/** Everything that a change of policy does. */
export type PolicyDiff = {
  readonly periods: readonly ComparedPeriod[];
  readonly loosenings: readonly Change[];
  readonly tightenings: readonly Change[];
  readonly tools: readonly ToolChange[];
  /** What changes no verdict and no condition. */
  readonly others: readonly EntryChange[];
  /** Sentences about what one of the packs has no word for. */
  readonly notes: readonly string[];
};

export type DiffOptions = {
  /** The first day to look at, and then every day on which the rules of either pack are others. */
  readonly from: Day;
  /** Look at the first day only. */
  readonly isOneDay?: boolean;
  /** Told what is being done, and how far along of the whole (0 to 1). */
  readonly progress?: (what: string, done: number) => void;
};

/** Compares policies with one that stays the same, and keeps what it has built about that one. */
export type Comparer = { readonly diff: (after: Policy, options: DiffOptions) => PolicyDiff };

/** Compares two policies. Throws `NotComparable`, and `BudgetExceeded` where they are too tangled. */
export function diffPolicies(before: Policy, after: Policy, options: DiffOptions): PolicyDiff {
  return createComparer(before).diff(after, options);
}

/** For comparing one policy with many: what both have in common is built once. */
export function createComparer(before: Policy): Comparer {
  let key = '';
  let joints: readonly Joint[] = [];
  return {
    diff(after, { from, isOneDay = false, progress = () => {} }) {
      const periods = isOneDay ? [{ from, before: nextDay(from) }] : periodsOf(before.pack, after.pack, from);
      const ownKey = situationsKey(after.pack) + canonicalText([...(toolFact(after.pack)?.values ?? [])]);
      const isWorn = joints.some(({ diagrams }) => diagrams.nodeCount > usualBudget / 2);
      if (ownKey !== key || isWorn) {
        progress('laying the two policies side by side', 0);
        key = ownKey;
        joints = groupTools(before.pack, after.pack).map((group) =>
          buildJoint(before.pack, after.pack, group, from),
        );
      }
      return new Diffing({ before, after, joints, periods, progress }).run();
    },
  };
}

type Parts = {
  readonly before: Policy;
  readonly after: Policy;
  readonly joints: readonly Joint[];
  readonly periods: readonly Period[];
  readonly progress: (what: string, done: number) => void;
};

type Gathered = {
  readonly of: ChangeOf;
  readonly counts: Map<number, bigint>;
  readonly causes: Map<string, Cause>;
  readonly examples: ChangedSituation[];
};

class Diffing {
  readonly #parts: Parts;
  readonly #changes = new Map<string, Gathered>();
  readonly #tools: ToolChange[] = [];
  readonly #examples: readonly Examples[];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#examples = parts.joints.map((joint) => collectExamples(joint, parts.before, parts.after));
  }

  run(): PolicyDiff {
    const { before, after, periods } = this.#parts;
    const compared = periods.map((period, index) => this.#comparePeriod(period, index));
    const changes = [...this.#changes.values()]
      .map((one) => asChange(one, before.pack, after.pack))
      .sort(byWeight);
    const movedByTools = new Set(movedTools(before.pack, after.pack));
    this.#parts.progress('done', 1);
    return {
      periods: compared,
      loosenings: changes.filter(({ of }) => isLoosening(of)),
      tightenings: changes.filter(({ of }) => !isLoosening(of)),
      tools: this.#tools,
      others: findEntryChanges(before.pack, after.pack, decidingIn(changes, movedByTools)),
      notes: differencesInWords(before.pack, after.pack),
    };
  }

  #comparePeriod(period: Period, index: number): ComparedPeriod {
    const { before, after, joints, periods, progress } = this.#parts;
    let situations = 0n;
    const lost: Record<Verdict, bigint>[] = [];
    const gained: Record<Verdict, bigint>[] = [];
    for (const [place, joint] of joints.entries()) {
      progress('comparing', (index + place / joints.length) / periods.length);
      const old = sideOn(joint.before, before.pack, period.from, joint.group);
      const young = sideOn(joint.after, after.pack, period.from, joint.group);
      situations += joint.diagrams.count(joint.compared)[yes] ?? 0n;
      lost.push(countVerdicts(old, joint.lost));
      gained.push(countVerdicts(young, joint.gained));
      const { changes, verdicts } = findChanges(joint, old, young);
      for (const change of changes) this.#gather(change, index, place, verdicts);
      if (joint.group.isMoved && verdicts !== null) this.#countTools(joint, verdicts, index);
    }
    return { ...period, situations, lost: summed(lost), gained: summed(gained) };
  }

  #gather(change: FoundChange, period: number, place: number, verdicts: Verdicts | null): void {
    const key = canonicalText(change.of);
    const known: Gathered = this.#changes.get(key) ?? {
      of: change.of,
      counts: new Map(),
      causes: new Map(),
      examples: [],
    };
    this.#changes.set(key, known);
    known.counts.set(period, (known.counts.get(period) ?? 0n) + change.situations);
    for (const { kind, id, situations } of change.causes) {
      const own = known.causes.get(`${kind} ${id}`);
      if (own === undefined || own.situations < situations)
        known.causes.set(`${kind} ${id}`, { kind, id, situations });
    }
    const examples = this.#examples[place];
    if (verdicts === null || examples === undefined) return;
    const each = Math.max(1, Math.ceil(mostExamples / Math.max(1, change.causes.length)));
    for (const { kind, id, where } of change.causes) {
      const wanted = Math.min(each, mostExamples - known.examples.length);
      if (wanted <= 0) break;
      const rules = kind === 'rule' ? [id] : [];
      for (const found of findSituations(examples, verdicts, where, rules, wanted))
        if (!known.examples.some((one) => canonicalText(one.facts) === canonicalText(found.facts)))
          known.examples.push(found);
    }
    if (known.examples.length === 0)
      known.examples.push(...findSituations(examples, verdicts, change.region, [], mostExamples));
  }

  #countTools(joint: Joint, verdicts: Verdicts, period: number): void {
    const { before, after } = this.#parts;
    for (const { id, ...counts } of countByTool(joint, verdicts)) {
      const tool = after.pack.tools.get(id) ?? before.pack.tools.get(id);
      this.#tools.push({ id, name: tool?.name ?? id, period, ...counts });
    }
  }
}

const mostExamples = 3;

function asChange({ of, counts, causes, examples }: Gathered, before: Pack, after: Pack): Change {
  const sorted = [...causes.values()].sort(
    (a, b) => larger(a.situations, b.situations) || compare(a.id, b.id),
  );
  return {
    name: changeName(of, sorted),
    of,
    counts: [...counts].map(([period, situations]) => ({ period, situations })),
    causes: sorted.map((cause) => ({
      ...cause,
      change: findEntryChange(before, after, cause.kind, cause.id),
    })),
    examples,
  };
}

// Verdicts first, then conditions; what covers most first.
function byWeight(a: Change, b: Change): number {
  const most = ({ counts }: Change): bigint =>
    counts.map(({ situations }) => situations).sort(larger)[0] ?? 0n;
  if (a.of.kind !== b.of.kind) return a.of.kind === 'verdict' ? -1 : 1;
  return larger(most(a), most(b)) || compare(a.name, b.name);
}

function larger(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? 1 : -1;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// What has been told as the cause of a change, so that it is not told again as one that changes nothing.
function decidingIn(
  changes: readonly Change[],
  tools: ReadonlySet<string>,
): (kind: string, id: string) => boolean {
  const causes = new Set(changes.flatMap((change) => change.causes.map(({ kind, id }) => `${kind} ${id}`)));
  return (kind, id) => causes.has(`${kind} ${id}`) || (kind === 'tool' && tools.has(id));
}

function summed(all: readonly Record<Verdict, bigint>[]): Record<Verdict, bigint> {
  const [first, ...others] = all;
  const sum = { ...first } as Record<Verdict, bigint>;
  for (const one of others)
    for (const verdict of Object.keys(one) as Verdict[]) sum[verdict] = (sum[verdict] ?? 0n) + one[verdict];
  return sum;
}

function periodsOf(before: Pack, after: Pack, from: Day): Period[] {
  const days = [...new Set([...daysOfChange(before), ...daysOfChange(after)])]
    .filter((day) => day > from)
    .sort();
  return [from, ...days].map((start, index) => ({ from: start, before: days[index] ?? null }));
}
