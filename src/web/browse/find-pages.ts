import type { Pack, Page } from '#domain/policy/pack.ts';
import { foldName } from '#domain/shared/fold-name.ts';

/** The guidance pages whose title, summary or headings hold every word that was typed, the best first. */
export function findPages(pack: Pack, text: string): Page[] {
  const wanted = foldName(text)
    .split(' ')
    .filter((word) => word.length > 1 && !smallWords.has(word));
  if (wanted.length === 0) return [];
  return [...pack.guidancePages.values()]
    .map((page) => ({ page, score: scoreOf(page, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ page }) => page);
}

const smallWords = new Set([
  'an',
  'and',
  'can',
  'do',
  'for',
  'how',
  'in',
  'is',
  'it',
  'my',
  'of',
  'on',
  'or',
  'the',
  'to',
  'use',
  'what',
  'with',
]);

function scoreOf({ title, summary, sections }: Page, wanted: readonly string[]): number {
  const fields = [
    { words: wordsOf(title), weight: 4 },
    { words: wordsOf(sections.map(({ heading }) => heading).join(' ')), weight: 2 },
    { words: wordsOf(summary), weight: 1 },
  ];
  const scores = wanted.map((word) =>
    fields.reduce((sum, { words, weight }) => sum + (words.some((one) => isSame(one, word)) ? weight : 0), 0),
  );
  return scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, 0);
}

// `password` finds `passwords`, and `exams` finds `exam`.
function isSame(word: string, wanted: string): boolean {
  return word.startsWith(wanted) || (wanted.length > 3 && word.length > 2 && wanted === `${word}s`);
}

function wordsOf(text: string): string[] {
  return foldName(text).split(' ');
}
