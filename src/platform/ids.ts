import { randomInt, randomUUIDv7 } from 'node:crypto';

// No 0 and O, 1 and I and L, 2 and Z, 5 and S, 8 and B, U and V: people read these out over the telephone.
const characters = '34679ACDEFGHJKMNPQRTWXY';

/** A short reference for an error page and the log, such as `K7PM-3QX4`. Not a secret, not a key. */
export function newReference(): string {
  const pick = () => characters[randomInt(characters.length)];
  const four = () => Array.from({ length: 4 }, pick).join('');
  return `${four()}-${four()}`;
}

/** A new id: a UUID of version 7, which sorts by when it was made. Nobody can guess it, but it is no secret. */
export function newId(): string {
  return randomUUIDv7();
}
