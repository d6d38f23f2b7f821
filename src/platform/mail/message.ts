import MailComposer, { type MailComposerOptions } from 'nodemailer/lib/mail-composer';
import type { OutgoingLetter } from './letter.ts';

/** Who a letter is from. */
export type Sender = { readonly name: string; readonly address: string };

/**
 * A letter as nodemailer takes it: text and HTML of the same words. The same letter comes to the same bytes, whenever and however often it
 * is made. It says that no person wrote it, so that nothing answers by itself (RFC 3834, and what Exchange looks for).
 */
export function messageOf(letter: OutgoingLetter, from: Sender): MailComposerOptions {
  return {
    from,
    to: letter.to,
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    date: letter.madeAt,
    messageId: messageIdOf(letter, from),
    textEncoding: 'quoted-printable',
    // Words come from people too. None of them is a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
    baseBoundary: letter.id,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(letter.unsubscribeUrl === null ? {} : { 'List-Unsubscribe': `<${letter.unsubscribeUrl}>` }),
    },
  };
}

/** The Message-ID of a letter: it stays the same, so that whoever gets it twice can tell. */
export function messageIdOf({ id }: Pick<OutgoingLetter, 'id'>, { address }: Sender): string {
  return `<${id}@${address.slice(address.lastIndexOf('@') + 1)}>`;
}

/** A letter as a file that mail programs open (RFC 5322). */
export async function messageFile(letter: OutgoingLetter, from: Sender): Promise<Buffer> {
  return new MailComposer({ ...messageOf(letter, from), newline: 'windows' }).compile().build();
}
