import type { QuestionEffect } from '#domain/decision/question-effect.ts';
import type { Verdict } from '#domain/shared/verdict.ts';

/** What the answer to a question can still change, as a sentence for the asker. Empty where it changes nothing. */
export function whyAsked(effect: QuestionEffect | null): string {
  if (effect === null) return '';
  switch (effect.kind) {
    case 'decides':
      return `It decides what the answer can become at best: ${inWords(effect.verdicts, 'or')}.`;
    case 'can-lead-to':
      return `With your other answers it can lead to ${inWords(effect.verdicts, 'or')}.`;
    case 'can-add':
      return effect.what.includes('condition')
        ? 'The answer is a yes so far, and this can add conditions to it.'
        : 'It can add something for you to do next.';
    default:
      return effect satisfies never;
  }
}

const labels: Readonly<Record<Verdict, string>> = {
  allowed: '“You can use it”',
  'allowed-with-conditions': '“You can use it, if …”',
  'get-guidance': '“Ask first”',
  'request-review': '“Not approved yet”',
  'not-allowed': '“Do not use it”',
};

function inWords(verdicts: readonly Verdict[], join: 'and' | 'or'): string {
  const named = verdicts.map((verdict) => labels[verdict]);
  return named.length < 2 ? named.join('') : `${named.slice(0, -1).join(', ')} ${join} ${named.at(-1)}`;
}
