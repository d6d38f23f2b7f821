/*
 * A reference that can be read out on the telephone: eight characters that do not look or sound alike, and one that is worked out
 * from them. The check is a pure system as in ISO/IEC 7064: with a prime number of characters it finds every single mistake and
 * every two neighbours that changed places.
 */

/** No 0 and O, 1 and I and L, 2 and Z, 5 and S, 8 and B, U and V. Their number is prime, which the check needs. */
export const referenceCharacters = '34679ACDEFGHJKMNPQRTWXY';
const length = 8;
const radix = 2;

/** The reference for eight random numbers, each from 0 to 22: `K7PM-3QX4-T`. */
export function referenceOf(numbers: readonly number[]): string {
  if (numbers.length !== length) throw new Error(`a reference has ${length} random characters`);
  const letters = numbers.map((number) => referenceCharacters[number] ?? '').join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}-${checkOf(letters)}`;
}

export type ReadReference =
  | { readonly ok: true; readonly reference: string }
  | { readonly ok: false; readonly problem: string };

/** Reads what somebody typed: in any case, with spaces or dashes anywhere. What is wrong comes back as a sentence. */
export function readReference(text: string): ReadReference {
  const letters = text.toUpperCase().replaceAll(/[\s\-–.]/g, '');
  if (letters === '') return { ok: false, problem: 'Enter a reference' };
  const strange = [...letters].find((letter) => !referenceCharacters.includes(letter));
  if (strange !== undefined)
    return { ok: false, problem: `A reference has no ${strange}. It is made of ${referenceCharacters}` };
  if (letters.length !== length + 1)
    return {
      ok: false,
      problem: `A reference has ${length + 1} characters, such as K7PM-3QX4-${checkOf('K7PM3QX4')}`,
    };
  const [body, check] = [letters.slice(0, length), letters.slice(length)];
  if (checkOf(body) !== check)
    return { ok: false, problem: 'The last character does not fit the others. Check each of them' };
  return { ok: true, reference: `${body.slice(0, 4)}-${body.slice(4)}-${check}` };
}

// The sum of all characters, each weighted with a power of the radix, is 1 modulo their number; the check stands last, with 1.
function checkOf(letters: string): string {
  const modulus = referenceCharacters.length;
  let sum = 0;
  for (const letter of letters) sum = ((sum + referenceCharacters.indexOf(letter)) * radix) % modulus;
  return referenceCharacters[(((1 - sum) % modulus) + modulus) % modulus] ?? '';
}
