import { hasBit } from '../decision/bit-set.ts';
import type { Rule } from '../policy/pack.ts';
import { severityOf, type Verdict } from '../shared/verdict.ts';
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

/** The terminal of one rule alone. */
export function terminalOf(rule: Rule, addsConditions: boolean): NodeId {
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

/** The diagram of what these rules amount to in each situation. Strongest rules first: what they settle is never looked at again. */
export function buildVerdict(space: Space, rules: readonly number[]): NodeId {
  const { diagrams, table } = space;
  const strongestFirst = rules.toSorted(
    (a, b) => (table.severities[b] as number) - (table.severities[a] as number),
  );
  let node: NodeId = terminal.nothing;
  for (const rule of strongestFirst) {
    const own = terminalOf(table.rules[rule] as Rule, hasConditions(space, rule));
    if (own === terminal.nothing) continue;
    node = diagrams.combine(
      node,
      cubeOf(space, table.tests[rule] ?? [], own, terminal.nothing),
      joinVerdicts,
      terminal.notAllowed,
    );
  }
  return node;
}

function hasConditions({ table }: Space, rule: number): boolean {
  return hasBit(table.conditional, rule);
}

/** The severity of a terminal's verdict, -1 for `impossible`. */
export function severityAt(node: NodeId): number {
  const verdict = verdictAt(node);
  return verdict === null ? -1 : severityOf(verdict);
}
