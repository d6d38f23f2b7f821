import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import { systemClock } from './clock.ts';

// No 0 and O, 1 and I and L, 2 and Z, 5 and S, 8 and B, U and V: people read these out over the telephone.
const characters = '34679ACDEFGHJKMNPQRTWXY';

/** A short reference for an error page and the log, such as `K7PM-3QX4`. Not a secret, not a key. */
export function newReference(): string {
  const pick = () => characters[randomInt(characters.length)];
  const four = () => Array.from({ length: 4 }, pick).join('');
  return `${four()}-${four()}`;
}

/**
 * A new id: a UUID of version 7 (RFC 9562). It sorts by when it was made; of two that this process makes the later one sorts behind,
 * also within a millisecond and where the clock is set back. Nobody can guess it, but it is no secret.
 */
export function newId(): string {
  return v7();
}

/** Whether a text has the form of an id of `newId` that was made until now. The clocks of servers may differ by an hour. */
export function isPastId(text: string): boolean {
  if (!idForm.test(text)) return false;
  // The first 48 bits are the milliseconds since 1970.
  return Number.parseInt(text.replace('-', '').slice(0, 12), 16) < clock.now().getTime() + hourMs;
}

const idForm = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const hourMs = 3_600_000;
const clock = systemClock();
