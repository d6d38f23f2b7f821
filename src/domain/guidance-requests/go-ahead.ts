import type { ToolMatch } from '../catalogue/find-tool.ts';
import { type Answer, answerSituation } from '../decision/answer.ts';
import type { StatedFacts } from '../decision/parse-facts.ts';
import type { Policy } from '../decision/policy.ts';
import { coreOf } from '../receipts/core.ts';
import type { Day } from '../shared/day.ts';
import { isPermission, severityOf } from '../shared/verdict.ts';

/**
 * What a line manager's go-ahead would do to an answer. `changes`: the answer becomes another, milder one. `may-change`: it may, which
 * depends on facts that nobody has stated yet, because without a go-ahead they could change nothing. `nothing`: a manager cannot
 * settle it, so none is to be asked.
 */
export type GoAheadEffect =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'may-change' | 'changes'; readonly without: Answer; readonly with: Answer };

const nothing: GoAheadEffect = { kind: 'nothing' };

type Stated = { readonly stated: StatedFacts; readonly match: ToolMatch | undefined };

/**
 * Works out what a go-ahead would do by answering with one on record. What somebody claims of their manager is left out on both
 * sides: only the manager can say it. `known` is the answer to the same facts, where there is one.
 */
export function effectOfGoAhead(policy: Policy, asked: Stated, on: Day, known?: Answer): GoAheadEffect {
  const guidance = policy.pack.managersGuidance;
  if (guidance === null) return nothing;
  const claimed = asked.stated.get(guidance.fact);
  // Whoever says that their manager has refused is not sent to ask again.
  if (claimed !== undefined && claimed !== guidance.none && claimed !== guidance.goAhead) return nothing;
  const stated = withoutClaim(policy, asked.stated);
  const without =
    claimed === undefined && known !== undefined ? known : answerOf(policy, { ...asked, stated }, on);
  if (without === null || !without.settled) return nothing;
  const goAhead = new Map([[guidance.fact, guidance.goAhead]]);
  const given = answerOf(policy, { ...asked, stated }, on, goAhead);
  if (given === null) return nothing;
  const best = given.settled ? given.verdict : given.best;
  if (severityOf(best) >= severityOf(without.verdict)) return nothing;
  return { kind: given.settled ? 'changes' : 'may-change', without, with: given };
}

/**
 * What a manager was shown of a go-ahead, as a text that is another one as soon as it would come to something else. It goes along with
 * the form, so that nobody puts on record what they did not see.
 */
export function shownOfGoAhead(given: Answer | null): string {
  return given === null ? '' : coreOf(given);
}

/**
 * Whether a go-ahead may be put on record: the answer with it is a permission. One that changes nothing would be taken for more than it
 * is, and would come to life by itself once the guidance gets milder, for something that no manager has looked at.
 */
export function isOfUse(given: Answer | null): boolean {
  return given?.settled === true && isPermission(given.verdict);
}

/** The facts without what somebody claims of their line manager. */
export function withoutClaim({ pack }: Pick<Policy, 'pack'>, stated: StatedFacts): StatedFacts {
  const fact = pack.managersGuidance?.fact;
  return fact === undefined || !stated.has(fact)
    ? stated
    : new Map([...stated].filter(([name]) => name !== fact));
}

function answerOf(policy: Policy, { stated, match }: Stated, on: Day, recorded?: StatedFacts): Answer | null {
  const answered = answerSituation(policy, stated, match, on, recorded);
  return answered.ok ? answered.answer : null;
}
