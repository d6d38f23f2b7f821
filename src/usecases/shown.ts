/**
 * What somebody typed, fit to be shown back to them in a message: at most 60 characters, and without control characters or
 * marks that turn the direction of the text.
 */
export function shown(text: string): string {
  const letters = [...text.slice(0, 61)];
  const plain = letters.slice(0, 60).map((letter) => (unfit.test(letter) ? '\ufffd' : letter));
  return letters.length > 60 ? `${plain.join('')}…` : plain.join('');
}

const unfit = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
