import type { OutgoingLetter } from '#platform/mail/letter.ts';

/** A letter as the use cases make it. */
export const someLetter: OutgoingLetter = {
  id: '0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee',
  to: { name: 'Alex Asker', address: 'alex@example.org' },
  subject: 'Your answer about Trello has changed – look',
  text: 'Hello Alex Asker\n\nA rule was changed. “Ask first” now.\n\nSee it:\nhttp://localhost:3000/receipts/K7PM-3QX4-T\n',
  html: '<!DOCTYPE html><html lang="en-GB"><body><p>Hello Alex Asker</p></body></html>',
  madeAt: new Date('2026-11-22T09:00:00Z'),
  unsubscribeUrl: 'http://localhost:3000/me/notices',
};

export const someSender = { name: 'Check a tool', address: 'no-reply@tools.example.org' };
