import type { Pack } from '../policy/pack.ts';
import type { Verdict } from '../shared/verdict.ts';
import type { Addition, Answer, Reason } from './answer.ts';

/** The next steps of an answer, told apart by when they make sense. */
export type Steps = {
  /** What to do now. */
  readonly now: readonly Addition[];
  /** Those of them that the deciding rules themselves ask for. */
  readonly deciding: readonly Addition[];
  /** What would be needed as well if nothing forbade it. Empty where nothing does. */
  readonly onceAllowed: readonly Addition[];
};

/**
 * Sorts the next steps of an answer. Where something is forbidden, a step that only a milder rule demands leads nowhere
 * yet: nobody asks for a review, or for a manager's guidance, on what is forbidden anyway. Advice stays.
 */
export function sortSteps(pack: Pack, { verdict, reasons, nextSteps }: Answer): Steps {
  const ofDeciding = stepsOf(pack, reasons, (own) => own === verdict);
  const ofMilder = stepsOf(pack, reasons, (own) => own !== null && own !== verdict);
  const ofOthers = stepsOf(pack, reasons, (own) => own === null || own === verdict);
  const isLater = ({ id, strength }: Addition) =>
    verdict === 'not-allowed' && strength === 'must' && ofMilder.has(id) && !ofOthers.has(id);
  const now = nextSteps.filter((step) => !isLater(step));
  return {
    now,
    deciding: now.filter(({ id }) => ofDeciding.has(id)),
    onceAllowed: nextSteps.filter(isLater),
  };
}

function stepsOf(
  pack: Pack,
  reasons: readonly Reason[],
  holds: (own: Verdict | null) => boolean,
): Set<string> {
  const ids = new Set(reasons.filter(({ verdict }) => holds(verdict)).map(({ rule }) => rule));
  return new Set(pack.rules.filter(({ id }) => ids.has(id)).flatMap(({ adds }) => adds));
}
