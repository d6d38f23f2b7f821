/**
 * Breaks text into lines of at most `width` characters. The first begins with `first`, the others with `rest`. A word that
 * is longer than a line is cut.
 */
export function wrap(text: string, width: number, first = '', rest = first): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  const room = () => (isEmpty ? Math.max(1, width - [...line].length) : width - [...line].length - 1);
  const add = (word: string) => {
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  };
  const startLine = () => {
    lines.push(line.trimEnd());
    line = rest;
    isEmpty = true;
  };
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    let letters = [...word];
    if (letters.length > room() && !isEmpty) startLine();
    while (letters.length > room()) {
      const now = room();
      add(letters.slice(0, now).join(''));
      letters = letters.slice(now);
      startLine();
    }
    add(letters.join(''));
  }
  return [...lines, line.trimEnd()];
}
