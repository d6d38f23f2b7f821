import { hasBit } from '../decision/bit-set.ts';
import type { Rule } from '../policy/pack.ts';
import type { Verdict } from '../shared/verdict.ts';
import type { Join, NodeId } from './diagram.ts';
import { cubeOf, type Space } from './space.ts';

/**
 * The terminals of a verdict diagram: what the rules that apply amount to. A semilattice under "and another rule applies", in
 * which `notAllowed` absorbs everything.
 */
export const terminal = {
  nothing: 0,
  conditionsOnly: 1,
  allowed: 2,
  withConditions: 3,
  guidance: 4,
  review: 5,
  notAllowed: 6,
  impossible: 7,
} as const;

const size = 8;

/** The verdict that a terminal stands for; null for `impossible`. Silence is `get-guidance`. */
export function verdictAt(node: NodeId): Verdict | null {
  const all: readonly (Verdict | null)[] = [
    'get-guidance',
    'get-guidance',
    'allowed',
    'allowed-with-conditions',
    'get-guidance',
    'request-review',
    'not-allowed',
    null,
  ];
  return all[node] ?? null;
}

/** Whether the terminal is there only because no rule permits and none restricts. */
export function isSilence(node: NodeId): boolean {
  return node === terminal.nothing || node === terminal.conditionsOnly;
}

/** The diagram with one terminal for each verdict: silence is guidance too. */
export function asVerdicts({ diagrams }: Space, node: NodeId): NodeId {
  const { guidance } = terminal;
  return diagrams.map(node, [guidance, guidance, 2, 3, guidance, 5, 6, 7]);
}

/** The terminal of one rule alone. A rule that cannot be evaluated asks for guidance at least. */
export function terminalOf(rule: Rule, addsConditions: boolean): NodeId {
  const own = plainTerminalOf(rule, addsConditions);
  return rule.faults.length > 0 ? Math.max(own, terminal.guidance) : own;
}

function plainTerminalOf(rule: Rule, addsConditions: boolean): NodeId {
  if (rule.verdict === null) return addsConditions ? terminal.conditionsOnly : terminal.nothing;
  switch (rule.verdict) {
    case 'allowed':
      return addsConditions ? terminal.withConditions : terminal.allowed;
    case 'allowed-with-conditions':
      return terminal.withConditions;
    case 'get-guidance':
      return terminal.guidance;
    case 'request-review':
      return terminal.review;
    case 'not-allowed':
      return terminal.notAllowed;
    default:
      return rule.verdict satisfies never;
  }
}

/** Two terminals together. */
export const joinVerdicts: Join = makeJoin();

function makeJoin(): Join {
  const join = new Int32Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      const [low, high] = a < b ? [a, b] : [b, a];
      // Conditions and a plain permission make a permission with conditions; otherwise the higher one wins.
      join[a * size + b] =
        low === terminal.conditionsOnly && high === terminal.allowed ? terminal.withConditions : high;
    }
  }
  return join;
}

/** How many nodes it took to join a rule, by its number. */
export type RuleGrowth = { readonly rule: number; readonly nodes: number };

/**
 * The diagram of what these rules amount to in each situation, on top of what `start` says. Strongest rules first: what they
 * settle is never looked at again. `onGrowth` is told what each rule took, also one that takes more than the budget.
 */
export function buildVerdict(
  space: Space,
  rules: readonly number[],
  onGrowth: (growth: RuleGrowth) => void = () => {},
  start: NodeId = terminal.nothing,
): NodeId {
  const { diagrams, table } = space;
  const strongestFirst = rules.toSorted(
    (a, b) => (table.severities[b] as number) - (table.severities[a] as number),
  );
  let node = start;
  for (const rule of strongestFirst) {
    const own = terminalOf(table.rules[rule] as Rule, hasConditions(space, rule));
    if (own === terminal.nothing) continue;
    const before = diagrams.nodeCount;
    try {
      node = joinOf(space, node, cubeOf(space, table.tests[rule] ?? [], own, terminal.nothing));
    } finally {
      onGrowth({ rule, nodes: diagrams.nodeCount - before });
    }
  }
  return node;
}

/** What two diagrams of verdicts amount to together. Neither may be `impossible` anywhere. */
export function joinOf({ diagrams }: Space, a: NodeId, b: NodeId): NodeId {
  return diagrams.combine(a, b, joinVerdicts, terminal.notAllowed, terminal.nothing);
}

function hasConditions({ table }: Space, rule: number): boolean {
  return hasBit(table.conditional, rule);
}
