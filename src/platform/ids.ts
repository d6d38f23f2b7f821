import { randomInt } from 'node:crypto';
import { v7 } from 'uuid';

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
