/**
 * Breaks a text into lines that are at most `width` pixels wide in Arial of 16 pixels, since a drawing breaks none by itself. A word
 * that is longer than a line stays whole.
 */
export function textLines(text: string, width: number, isBold = false): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer, isBold) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}

/** How wide a text is in Arial of 16 pixels, at most. */
function widthOf(text: string, isBold: boolean): number {
  let thousandths = 0;
  for (const letter of text) thousandths += widths.find(([letters]) => letters.test(letter))?.[1] ?? 1015;
  return (thousandths * 16 * (isBold ? 1.09 : 1)) / 1000;
}

// The widest letter of each sort, in thousandths of the size: a line may come out shorter than it could be, and never longer.
const widths: readonly (readonly [letters: RegExp, width: number])[] = [
  [/[ijl'’|]/, 222],
  [/[ .,;:!tfIr/()[\]“”-]/, 333],
  [/[ckvxyzsJ]/, 500],
  [/[abdeghnopqu0-9?TFZL…]/, 611],
  [/[ABEKPSVXY&]/, 667],
  [/[CDHNRUGOQw]/, 778],
  [/[mM]/, 833],
];
