import type { StatedFacts } from '../decision/parse-facts.ts';
import type { Policy } from '../decision/policy.ts';
import { foldName } from '../shared/fold-name.ts';

/**
 * Whether the same is asked: the same facts with the same values. A tool may be called by any of its names: what somebody decided
 * about it, they decided about the tool.
 */
export function isSameQuestion(policy: Policy, some: StatedFacts, others: StatedFacts): boolean {
  return (
    some.size === others.size &&
    [...some].every(([fact, value]) => {
      const other = others.get(fact);
      if (other === undefined || other === value) return other === value;
      return isTool(policy, fact) && toolOf(policy, value) === toolOf(policy, other);
    })
  );
}

function isTool({ pack }: Policy, fact: string): boolean {
  return pack.facts.get(fact)?.valuesFrom === 'tools';
}

// A name that the catalogue does not know stands for itself, whatever its letters.
function toolOf({ catalogue }: Policy, name: string): string {
  const found = catalogue.find(name);
  return found.ok && found.match.tool !== null ? `tool ${found.match.tool.id}` : foldName(name);
}
