import type { NextQuestion } from '#domain/decision/next-question.ts';
import type { Verdict } from '#domain/shared/verdict.ts';
import type { Asking, Place } from './asking.ts';

/** How one way to an answer went: its end, the pages and the facts that were asked. */
export type Length = { readonly verdict: Verdict; readonly pages: number; readonly facts: number };

/** How likely each length is. */
export type Lengths = readonly (Length & { readonly chance: number })[];

/** Which of the open pages is asked. */
export type Strategy = (place: Place) => NextQuestion;

export const authoredOrder: Strategy = ({ pages }) => pages[0] as NextQuestion;
export const rankedOrder: Strategy = ({ pages, next }) => pages[next] as NextQuestion;

/** The exact chances of all lengths from a place on, when pages are chosen so. */
export function lengthsOf(asking: Asking, strategy: Strategy): (place: Place) => Lengths {
  const known = new Map<string, Lengths>();
  const from = (place: Place): Lengths => {
    if (place.verdict !== null) return [{ verdict: place.verdict, pages: 0, facts: 0, chance: 1 }];
    const held = known.get(place.key);
    if (held !== undefined) return held;
    const page = strategy(place);
    const merged = new Map<string, Length & { chance: number }>();
    for (const answer of asking.answersOf(place, page)) {
      for (const { verdict, pages, facts, chance } of from(answer.place)) {
        const length = { verdict, pages: pages + 1, facts: facts + page.facts.length };
        const key = `${verdict} ${length.pages} ${length.facts}`;
        const one = merged.get(key);
        if (one === undefined) merged.set(key, { ...length, chance: answer.chance * chance });
        else one.chance += answer.chance * chance;
      }
    }
    const made = [...merged.values()];
    known.set(place.key, made);
    return made;
  };
  return from;
}

/**
 * The order that takes the fewest pages on average, exactly: at every place, over all that can still be answered, the page after
 * which the fewest are to be expected (dynamic programming over partial answers). No order of the same pages can do better.
 */
export function bestOrder(asking: Asking): { readonly strategy: Strategy; readonly places: () => number } {
  const known = new Map<string, { readonly page: NextQuestion; readonly mean: number }>();
  const find = (place: Place): { readonly page: NextQuestion; readonly mean: number } => {
    const held = known.get(place.key);
    if (held !== undefined) return held;
    let best: { readonly page: NextQuestion; readonly mean: number } | undefined;
    for (const page of place.pages) {
      let mean = 1;
      for (const { chance, place: to } of asking.answersOf(place, page))
        if (to.verdict === null) mean += chance * find(to).mean;
      if (best === undefined || mean < best.mean - 1e-12) best = { page, mean };
    }
    if (best === undefined) throw new Error('a place without an end has no page');
    known.set(place.key, best);
    return best;
  };
  return { strategy: (place) => find(place).page, places: () => known.size };
}
