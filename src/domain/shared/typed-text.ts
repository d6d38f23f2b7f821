/** What people write in several lines, as it is kept: without white space around it, and each line ending in one character. */
export function typedText(text: string): string {
  return text.trim().replaceAll('\r\n', '\n');
}

/** Whether anything is said in it: signs that nobody sees, and dots, say nothing. */
export function saysSomething(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/**
 * What is wrong with what people write in several lines; null where nothing is. `what` begins the sentence: `What you write`. Control
 * characters are nothing that anybody types, and U+0000 cannot be stored in PostgreSQL.
 */
export function typedTextProblem(what: string, text: string, longest: number): string | null {
  const kept = typedText(text);
  const length = [...kept].length;
  if (length > longest) return `${what} must be ${longest} characters or less. It has ${length}`;
  return /[^\P{Cc}\n\t]/u.test(kept) ? `${what} must not hold control characters. Type it again` : null;
}
