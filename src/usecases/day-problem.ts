import { guidanceBegins } from '#domain/policy/guidance-begins.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { isDay } from '#domain/shared/day.ts';

/** Why nothing can be answered for a day, with the nearest day for which something can, where there is one. */
export type DayProblem = { readonly detail: string; readonly suggestion?: string };

/**
 * What is wrong with `text` as the day that an answer is for; undefined where nothing is. Before its oldest document the guidance
 * neither forbids nor permits anything, so an answer for such a day would be a yes that nobody gave. `name` is what the day is called
 * where it was given.
 */
export function findDayProblem(pack: Pack, text: string, name: string): DayProblem | undefined {
  if (!isDay(text)) return { detail: `\`${name}\` must be a day that exists, written YYYY-MM-DD` };
  const begins = guidanceBegins(pack);
  if (begins === undefined || text >= begins) return undefined;
  return {
    detail: `the guidance begins on ${begins}: \`${name}\` must be that day or a later one`,
    suggestion: begins,
  };
}
