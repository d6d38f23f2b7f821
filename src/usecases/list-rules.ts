import { type Citation, citationsOf } from '#domain/decision/answer.ts';
import type { Rule } from '#domain/policy/pack.ts';
import { type Day, isInForce } from '#domain/shared/day.ts';
import type { Needs } from './needs.ts';

/** A rule with the clauses that it carries out. */
export type ListedRule = { readonly rule: Rule; readonly citations: readonly Citation[] };

/** The rules in force on a day (today when it is left out), in the order of the pack. Their order means nothing. */
export function listRules(needs: Needs, { on = needs.today() }: { readonly on?: Day } = {}): ListedRule[] {
  const { pack } = needs.policy();
  return pack.rules
    .filter((rule) => isInForce(rule, on))
    .map((rule) => ({ rule, citations: citationsOf(pack, rule.cites) }));
}
