import { describeProblem, type PolicyProblem } from '#domain/policy/problem.ts';

const mostLines = 20;

/** The errors among the problems of a pack as lines, the first few of them. */
export function problemLines(problems: readonly PolicyProblem[]): string[] {
  const lines = problems.filter(({ level }) => level === 'error').map(describeProblem);
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), `and ${more} more`] : lines;
}
