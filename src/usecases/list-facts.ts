import { type Citation, citationsOf } from '#domain/decision/answer.ts';
import type { Fact } from '#domain/policy/pack.ts';
import type { Needs } from './needs.ts';

/** A fact of the vocabulary with the clauses that it comes from. */
export type ListedFact = { readonly fact: Fact; readonly citations: readonly Citation[] };

/** Every fact that rules can test and that people can state, in the order of the pack. */
export function listFacts(needs: Needs): ListedFact[] {
  const { pack } = needs.policy();
  return [...pack.facts.values()].map((fact) => ({ fact, citations: citationsOf(pack, fact.cites) }));
}
