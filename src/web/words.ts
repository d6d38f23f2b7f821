import type { Verdict } from '#domain/shared/verdict.ts';

/** The words of the frame around every page, in English. The words of the guidance are in the pack. */
export const words = {
  organisation: 'Ministry of Justice',
  serviceName: 'Check if you can use a tool for work',
  skipLink: 'Skip to main content',
  menu: 'Menu',
  backLabel: 'The page before',
  errorPrefix: 'Error: ',
  errorSummaryTitle: 'There is a problem',
  searchLabel: 'Search for a tool',
  searchButton: 'Search',
  policy: 'Guidance',
  trial: 'Anybody can sign in as anybody.',
  signedInAs: 'Signed in as',
  signOut: 'Sign out',
  navigation: [
    { text: 'All tools', href: '/tools' },
    { text: 'Guidance', href: '/guidance' },
    { text: 'Which way to share', href: '/guidance/sharing' },
    { text: 'Get help', href: '/help' },
    { text: 'Something has gone wrong', href: '/something-wrong' },
  ],
  footer: [
    { text: 'All statements', href: '/statements' },
    { text: 'What is proved', href: '/policy/proof' },
    { text: 'Your account', href: '/me' },
    { text: 'Feedback', href: '/feedback' },
    { text: 'API', href: '/api' },
    { text: 'Privacy', href: '/privacy' },
    { text: 'Accessibility', href: '/accessibility' },
  ],
} as const;

/** What a verdict is called on a page and in the cell of a table, what that means, its colour, and what is said while it is the best still possible. */
export const verdictWords: Readonly<
  Record<
    Verdict,
    {
      readonly label: string;
      readonly short: string;
      readonly meaning: string;
      readonly tone: string;
      readonly atBest: string;
    }
  >
> = {
  allowed: { label: 'You can use it', short: 'Yes', meaning: 'You can use it', tone: 'yes', atBest: '' },
  'allowed-with-conditions': {
    label: 'You can use it, if …',
    short: 'Yes, if …',
    meaning: 'You can use it if you meet the conditions',
    tone: 'conditions',
    atBest: '',
  },
  'get-guidance': {
    label: 'Ask first',
    short: 'Ask first',
    meaning: 'Ask somebody before you use it',
    tone: 'ask',
    atBest: 'Whatever you answer next, you will need to ask somebody before you use it.',
  },
  'request-review': {
    label: 'Not approved yet',
    short: 'Review first',
    meaning: 'It needs a security review before you use it',
    tone: 'review',
    atBest:
      'Whatever you answer next, it needs a security review before you use it. The next questions show whether a review would help.',
  },
  'not-allowed': {
    label: 'Do not use it',
    short: 'No',
    meaning: 'Do not use it',
    tone: 'no',
    atBest: 'Whatever you answer next, you cannot use it.',
  },
};

/** What an answer is called that no rule has decided yet. */
export const openWords = { label: 'It depends', short: 'It depends', tone: 'ask' } as const;

/** How strongly something is asked for, the strongest first. */
export const strengths: readonly string[] = ['must', 'should', 'good idea'];
