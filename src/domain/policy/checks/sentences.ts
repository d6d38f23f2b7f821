import type { Pack } from '../pack.ts';
import { textsForStaff } from '../pack-texts.ts';
import type { PolicyProblem } from '../problem.ts';
import { errorAt, type Where } from './finding.ts';

/** A sentence that staff read has at most this many words. */
export const longestSentence = 25;

/** Sentences for staff that are too long or hold a word of the list of words to avoid. */
export function checkSentences(pack: Pack): PolicyProblem[] {
  const words = pack.wordsToAvoid.map((word) => ({ ...word, pattern: wholeWords(word.avoid) }));
  return textsForStaff(pack).flatMap(({ text, where, mostWords }) => [
    ...checkLength(pack, where, text, mostWords),
    ...words.flatMap(({ avoid, use, except, pattern }) => {
      const rest = except.reduce((left, name) => left.replaceAll(wholeWords(name), ' '), text);
      if (rest.search(pattern) < 0) return [];
      const message = `\`${avoid}\` is one of the words to avoid`;
      return [errorAt(pack, where, message, use === undefined ? 'Leave it out.' : `Write \`${use}\`.`)];
    }),
  ]);
}

function checkLength(pack: Pack, where: Where, text: string, mostWords: number | undefined): PolicyProblem[] {
  if (mostWords !== undefined) {
    const count = countWords(text);
    if (count <= mostWords) return [];
    return [
      errorAt(
        pack,
        where,
        `the text has ${count} words, and ${mostWords} are the most: \`${opening(text)}\``,
      ),
    ];
  }
  return sentencesOf(text).flatMap((sentence) => {
    const count = countWords(sentence);
    if (count <= longestSentence) return [];
    const message = `the sentence has ${count} words, and ${longestSentence} are the most: \`${opening(sentence)}\``;
    return [errorAt(pack, where, message)];
  });
}

/** The sentences of a text: they end with a stop, a question mark or an exclamation mark before a capital letter. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?][”’")]*)\s+(?=[“‘"(]*[\p{Lu}\d])/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

/** Words as a reader counts them: what stands between spaces and has a letter or a digit in it. */
export function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function opening(text: string): string {
  const words = text.split(/\s+/);
  return words.length <= 6 ? text : `${words.slice(0, 6).join(' ')} …`;
}

function wholeWords(phrase: string): RegExp {
  const escaped = phrase
    .split(/\s+/)
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('\\s+');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu');
}
