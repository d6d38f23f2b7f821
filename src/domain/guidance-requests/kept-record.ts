import type { StatedFacts } from '../decision/parse-facts.ts';
import type { Policy } from '../decision/policy.ts';
import type { Receipt, RecordedFact } from '../receipts/receipt.ts';
import { isSameQuestion } from '../receipts/same-question.ts';
import type { Day } from '../shared/day.ts';

/**
 * What stays on record where somebody asks again in place of a saved answer: what still holds on the day, and only where the same is
 * asked. Whoever decided it, decided it for these facts and for no others.
 */
export function keptRecord(
  policy: Policy,
  { facts, recorded }: Pick<Receipt, 'facts' | 'recorded'>,
  stated: StatedFacts,
  day: Day,
): readonly RecordedFact[] {
  return isSameQuestion(policy, new Map(Object.entries(facts)), stated)
    ? recorded.filter(({ until }) => until === null || day <= until)
    : [];
}
