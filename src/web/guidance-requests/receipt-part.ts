import type { Pack } from '#domain/policy/pack.ts';
import type { Receipt, RecordedFact } from '#domain/receipts/receipt.ts';
import { dayInWords } from '#domain/shared/day.ts';
import type { GuidanceOnReceipt } from '#usecases/guidance-requests/on-receipt.ts';
import { tagOf } from './asked-view.ts';

/** What is on record of a saved answer, in sentences: who said what, and until when. */
export function recordView(pack: Pack, recorded: readonly RecordedFact[]): string[] {
  const guidance = pack.managersGuidance;
  return recorded.map(({ fact, value, by, on, until }) => {
    const to = until === null ? '' : `, until ${dayInWords(until)}`;
    if (fact === guidance?.fact && value === guidance.goAhead)
      return `${by} gave the go-ahead on ${dayInWords(on)}${to}.`;
    if (fact === guidance?.fact && value === guidance.refusal) return `${by} refused on ${dayInWords(on)}.`;
    const known = pack.facts.get(fact);
    const name = known?.values.find(({ id }) => id === value)?.label ?? value;
    return `${known?.label ?? fact}: ${name}, put on record by ${by} on ${dayInWords(on)}${to}.`;
  });
}

/** What whoever saved an answer can do about their line manager, and what they did. */
export function managerPart(guidance: GuidanceOnReceipt | null, { reference }: Receipt, attempt: string) {
  if (guidance === null) return null;
  const { requests, canAsk, canTell, manager } = guidance;
  const address = new URLSearchParams({ receipt: reference });
  return {
    ask: canAsk ? { text: 'Ask your line manager', href: `/line-manager/ask?${address}` } : null,
    tell: canTell
      ? {
          name: manager.name,
          href: `/line-manager/tell?${address}`,
          hidden: [
            { name: 'receipt', value: reference },
            { name: 'attempt', value: attempt },
          ],
        }
      : null,
    requests: requests.map(({ id, state, managerName }) => ({
      href: `/asked/${id}`,
      text: state === 'told' ? `You told ${managerName}` : `Your question to ${managerName}`,
      tag: tagOf(state),
    })),
  };
}
