import type { Day } from '../shared/day.ts';
import type { Pack } from './pack.ts';

/**
 * The day from which a pack has anything to say: that of its oldest document, the first of the month where only the month is known.
 * Undefined where no document has a date.
 */
export function guidanceBegins({ documents }: Pick<Pack, 'documents'>): Day | undefined {
  const days = [...documents.values()].flatMap(({ dated }) =>
    dated === null ? [] : [dated.length === 7 ? `${dated}-01` : dated],
  );
  return days.sort()[0];
}
