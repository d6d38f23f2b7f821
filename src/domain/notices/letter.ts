import type { Notice, NoticeWords } from './notice.ts';

/** What is the same in every notice: which service it is from, and where that is. */
export type LetterFrame = {
  readonly serviceName: string;
  readonly organisation: string;
  /** Without a final slash. */
  readonly baseUrl: string;
};

/** A notice as a letter: the same words for text, HTML and whatever else. Addresses are whole. */
export type Letter = {
  readonly subject: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly items: readonly LetterLink[];
  readonly link: LetterLink | null;
  readonly from: string;
  /** Why somebody gets it. */
  readonly why: string;
  /** How to get it in another way, or not at all; null for somebody who has never signed in. */
  readonly change: LetterLink | null;
};

export type LetterLink = { readonly text: string; readonly url: string | null };

/** Where somebody chooses how they are told. */
export const choicePath = '/me/notices';

/** A notice as a letter. */
export function letterOf(
  { toName, personId, words }: Pick<Notice, 'toName' | 'personId' | 'words'>,
  frame: LetterFrame,
): Letter {
  const { serviceName, organisation, baseUrl } = frame;
  const whole = (path: string | null): string | null => (path === null ? null : `${baseUrl}${path}`);
  const isKnown = personId !== null;
  return {
    subject: words.subject,
    greeting: toName.trim() === '' ? 'Hello' : `Hello ${toName.trim()}`,
    paragraphs: words.paragraphs,
    items: (words.items ?? []).map(({ text, path }) => ({ text, url: whole(path) })),
    link: words.link === null ? null : { text: words.link.text, url: whole(words.link.path) },
    from: `${serviceName}, ${organisation}`,
    why: isKnown
      ? 'You get this email because you have signed in to this service.'
      : 'You get this email because somebody who uses this service gave it your address.',
    change: isKnown ? { text: 'Choose how you get notices', url: whole(choicePath) } : null,
  };
}

/** A letter as plain text. */
export function letterAsText(letter: Letter): string {
  const blocks = [
    letter.greeting,
    ...letter.paragraphs,
    ...letter.items.map(linkAsText),
    ...(letter.link === null ? [] : [linkAsText(letter.link)]),
    [
      '--',
      letter.from,
      letter.why,
      ...(letter.change === null ? [] : [`${letter.change.text}: ${letter.change.url}`]),
    ].join('\n'),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Everything that words say, in one line each: for pages that show what was sent. */
export function linesOf({ paragraphs, items = [] }: NoticeWords): readonly string[] {
  return [...paragraphs, ...items.map(({ text }) => text)];
}

function linkAsText({ text, url }: LetterLink): string {
  return url === null ? text : `${text}:\n${url}`;
}
