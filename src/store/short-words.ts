/** Finds things by the beginnings of their words, of at most `longestShort` letters. The numbers of the things are given in order, best first. */
export type ShortWords = {
  /** Those with a word that begins so: the very word first, then those whose first word begins so, then the others. */
  readonly beginningWith: (start: string) => readonly number[];
};

/** A word of so many letters says too little for a mistake in it to be seen. */
export const longestShort = 3;

/**
 * Puts together, for each beginning, the things that have a word with it. A word of two letters begins thousands of names in a large
 * catalogue, and weighing all of them takes twenty milliseconds each time. `words` has the words of each thing, its name's first.
 */
export function buildShortWords(words: readonly (readonly string[])[]): ShortWords {
  const whole = new Map<string, number[]>();
  const first = new Map<string, number[]>();
  const other = new Map<string, number[]>();
  for (const [thing, all] of words.entries()) {
    for (const [place, word] of all.entries()) {
      if (word.length <= longestShort) add(whole, word, thing);
      const starts = place === 0 ? first : other;
      // A single letter is only ever a whole word.
      for (let length = 2; length <= Math.min(word.length, longestShort); length++)
        add(starts, word.slice(0, length), thing);
    }
  }
  return {
    beginningWith: (start) => [...new Set([whole, first, other].flatMap((lists) => lists.get(start) ?? []))],
  };
}

function add(lists: Map<string, number[]>, key: string, thing: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [thing]);
  // Things come one after the other, so one that is there already is the last.
  else if (list.at(-1) !== thing) list.push(thing);
}
