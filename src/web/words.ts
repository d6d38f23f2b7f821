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
  navigation: [
    { text: 'All tools', href: '/tools' },
    { text: 'Guidance', href: '/guidance' },
    { text: 'Which way to share', href: '/guidance/sharing' },
    { text: 'Get help', href: '/help' },
    { text: 'Something has gone wrong', href: '/something-wrong' },
  ],
  footer: [
    { text: 'All statements', href: '/statements' },
    { text: 'Feedback', href: '/feedback' },
    { text: 'API', href: '/api' },
  ],
} as const;
