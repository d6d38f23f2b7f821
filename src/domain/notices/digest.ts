import { type Day, nextDay } from '../shared/day.ts';
import { instantInLondon } from '../shared/london-instant.ts';
import { choicePath } from './letter.ts';
import type { Notice, NoticeWords } from './notice.ts';

/** How many notices a digest names. The rest are on the page. */
const mostNamed = 30;

/** When what is told on `day` goes out to somebody who wants one notice a day: at 8 the next morning in London, weekends too. */
export function digestAt(day: Day): string {
  return instantInLondon(nextDay(day), 8);
}

/** The words of a notice that stands for several. */
export function digestWords(members: readonly Pick<Notice, 'words'>[]): NoticeWords {
  const named = members.slice(0, mostNamed);
  const more = members.length - named.length;
  return {
    subject: members.length === 1 ? 'One notice for you' : `${members.length} notices for you`,
    paragraphs: ['You asked for one email a day. This is what there is to tell you since the last one.'],
    items: [
      ...named.map(({ words }) => ({ text: words.subject, path: words.link?.path ?? null })),
      ...(more > 0 ? [{ text: `And ${more} more`, path: choicePath }] : []),
    ],
    link: { text: 'Read all your notices', path: choicePath },
  };
}
