import path from 'node:path';
import { systemClock } from '#platform/clock.ts';
import { loadGuidance } from '#store/guidance.ts';
import type { Answering } from '#usecases/answer-question.ts';

/** The pack that ships, on the day of today. Throws where it is not whole. */
export async function benchGuidance(): Promise<Answering> {
  const { ready, problems } = await loadGuidance(path.resolve(import.meta.dirname, '..', 'policy'));
  if (ready === null) throw new Error(`the pack is not whole: ${problems[0]?.message}`);
  const today = systemClock().today();
  return { policy: () => ready.policy, today: () => today };
}
