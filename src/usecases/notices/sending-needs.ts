import type { Letter, LetterFrame } from '#domain/notices/letter.ts';
import { choicePath, letterAsText, letterOf } from '#domain/notices/letter.ts';
import type { Notice, NoticeKind } from '#domain/notices/notice.ts';
import type { MailWay, OutgoingLetter } from '#platform/mail/letter.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';

/** What sending notices needs. */
export type SendingNeeds = Pick<PeopleNeeds, 'store' | 'now' | 'today' | 'newId' | 'limits'> & {
  readonly way: MailWay;
  readonly frame: LetterFrame;
  /** A letter as HTML for mail programs. */
  readonly html: (letter: Letter) => string;
  /** From 0 to below 1. */
  readonly chance: () => number;
  /** A letter as a file that mail programs open. */
  readonly asFile: (letter: OutgoingLetter) => Promise<Uint8Array>;
};

/** Somebody was not told of something: an administrator has to look. It holds no personal data. */
export type NoticeAlert = {
  readonly code: 'notice-given-up';
  readonly notice: string;
  readonly kind: NoticeKind;
  readonly way: string;
  readonly attempts: number;
};

/** A notice as it goes out. */
export function outgoing(
  { frame, html }: Pick<SendingNeeds, 'frame' | 'html'>,
  notice: Notice,
): OutgoingLetter {
  const letter = letterOf(notice, frame);
  return {
    id: notice.id,
    to: { name: notice.toName, address: notice.toAddress ?? '' },
    subject: letter.subject,
    text: letterAsText(letter),
    html: html(letter),
    madeAt: new Date(notice.madeAt),
    // Only somebody who has signed in can choose there.
    unsubscribeUrl: notice.personId === null ? null : `${frame.baseUrl}${choicePath}`,
  };
}
