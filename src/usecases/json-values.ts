import type { Citation } from '#domain/decision/answer.ts';
import type { Pack, When } from '#domain/policy/pack.ts';

/** The value of a fact as JSON: yes-or-no facts have booleans; `unknown` and `n/a` stay text. */
export function factValueAsJson(pack: Pack, fact: string, value: string): string | boolean {
  if (pack.facts.get(fact)?.isBoolean !== true) return value;
  return value === 'true' ? true : value === 'false' ? false : value;
}

/** Value sets on facts as JSON: each fact with the values of which it must have one. */
export function whenAsJson(pack: Pack, when: When): Record<string, (string | boolean)[]> {
  return Object.fromEntries(
    [...when].map(([fact, values]) => [fact, [...values].map((value) => factValueAsJson(pack, fact, value))]),
  );
}

/** A citation as JSON: the clause, the document and section it stands in, and the date of the document. */
export function citationAsJson({ clause, document, section, dated }: Citation) {
  return { clause, document, section, dated };
}
