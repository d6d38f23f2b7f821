import type { Verdict } from '#domain/shared/verdict.ts';
import type { Style } from './terminal.ts';

/** What a verdict is called at the command line, and its colour. */
export const verdictWords: Readonly<Record<Verdict, { readonly label: string; readonly style: Style }>> = {
  allowed: { label: 'you can use it', style: ['bold', 'green'] },
  'allowed-with-conditions': {
    label: 'you can use it, if you meet the conditions',
    style: ['bold', 'green'],
  },
  'get-guidance': { label: 'ask first', style: ['bold', 'yellow'] },
  'request-review': { label: 'not approved yet, ask for a review', style: ['bold', 'yellow'] },
  'not-allowed': { label: 'do not use it', style: ['bold', 'red'] },
};
