import assert from 'node:assert/strict';
import type { NoticeWords } from '#domain/notices/notice.ts';
import type { MailWay, OutgoingLetter, SendResult } from '#platform/mail/letter.ts';
import type { Memory } from '#serve.ts';
import type { SendingNeeds } from '#usecases/notices/sending-needs.ts';
import { writeNotice } from '#usecases/notices/write-notice.ts';
import { signInOnTrial } from '#usecases/people/sign-in.ts';
import { whoIsThere } from '#usecases/people/who-is-there.ts';
import type { MovingClock } from './moving-clock.ts';

export const origin = { address: '192.0.2.7', device: 'Firefox on Linux' };

export const someWords: NoticeWords = {
  subject: 'Your answer about Trello has changed',
  paragraphs: ['A rule was changed.'],
  link: { text: 'See your saved answer', path: '/receipts/K7PM-3QX4-T' },
};

/** A server that sends at the time of a clock, the way a test gives, without chance. */
export function sendingAt({ sending }: Memory, clock: MovingClock, way: MailWay = sending.way): SendingNeeds {
  const { now, today } = clock;
  return { ...sending, way, now, today, chance: () => 0 };
}

/** Somebody of the trial sign-in, signed in. */
export async function actorOf({ people }: Memory, id: string) {
  const signedIn = await signInOnTrial(people, id, origin);
  const actor = await whoIsThere(people, signedIn?.key);
  assert.ok(actor.kind === 'person');
  return actor;
}

/** Writes a notice to a person, as whatever tells of something does. Returns its id. */
export function tell(needs: SendingNeeds, personId: string, words = someWords): Promise<string> {
  return needs.store.inOneTransaction((inside) =>
    writeNotice(needs, inside, {
      to: { kind: 'person', id: personId },
      kind: 'answer-changed',
      about: 'receipt:1',
      words,
    }),
  );
}

/** A way to send that answers what it is told to, in turn and then the last for ever, and remembers what it was given. */
export function scriptedWay(results: readonly SendResult[]) {
  const given: { readonly letter: OutgoingLetter; readonly mayBeThere: boolean }[] = [];
  const way: MailWay = {
    name: 'smtp',
    async send(letter, mayBeThere) {
      given.push({ letter, mayBeThere });
      const result = results[Math.min(given.length, results.length) - 1];
      assert.ok(result !== undefined);
      return result;
    },
  };
  return { way, given };
}
