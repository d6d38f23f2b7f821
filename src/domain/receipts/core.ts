import type { Answer } from '../decision/answer.ts';

/**
 * What of an answer is compared, byte for byte: the verdict, and the ids of the rules that apply, of what it takes and of what to
 * do, and of the rules that could not be evaluated. Words are not in it, so that a better sentence is no other answer. Its first
 * element is the version of this form: a new form never changes what an old core means.
 */
export function coreOf(
  answer: Pick<Answer, 'verdict' | 'reasons' | 'conditions' | 'nextSteps' | 'faults'>,
): string {
  const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id).sort();
  return JSON.stringify([
    1,
    answer.verdict,
    answer.reasons.map(({ rule }) => rule).sort(),
    ids(answer.conditions),
    ids(answer.nextSteps),
    answer.faults.map(({ rule }) => rule).sort(),
  ]);
}

/** A core, taken apart again. */
export type Core = {
  readonly verdict: string;
  readonly rules: readonly string[];
  readonly conditions: readonly string[];
  readonly nextSteps: readonly string[];
  readonly faults: readonly string[];
};

/** Takes a core apart. Throws where it is of a version that this code does not know. */
export function readCore(text: string): Core {
  const [version, verdict, rules, conditions, nextSteps, faults] = JSON.parse(text) as [
    number,
    string,
    ...(readonly string[])[],
  ];
  if (version !== 1) throw new Error(`a core of version ${version}`);
  return {
    verdict,
    rules: rules ?? [],
    conditions: conditions ?? [],
    nextSteps: nextSteps ?? [],
    faults: faults ?? [],
  };
}
