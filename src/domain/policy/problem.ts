/** A mistake in a guidance pack: a value that its author can put right, not an exception. */
export type PolicyProblem = {
  readonly level: 'error' | 'warning';
  /** Path inside the pack folder, with forward slashes. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Lower case, without a final stop; what was written stands in backticks. */
  readonly message: string;
  /** The rule it stands in is kept as faulty, which makes answers more careful; everything else stops the pack. */
  readonly isFault?: true;
  /** What would be right, as a sentence of its own. */
  readonly help?: string;
};

/** One line for a terminal: `rules/accounts.yaml:12: unknown fact `acount`. Did you mean `account`?` */
export function describeProblem(problem: PolicyProblem): string {
  const warning = problem.level === 'warning' ? 'warning: ' : '';
  const help = problem.help === undefined ? '' : `. ${problem.help}`;
  return `${problem.file}:${problem.line}: ${warning}${problem.message}${help}`;
}

/** Where something stands in the pack. */
export type Place = { readonly file: string; readonly line: number };

/** One file of a pack, read but not understood yet. `lineOf` finds the line of anything inside it. */
export type PolicyFile = {
  readonly name: string;
  readonly data: unknown;
  readonly lineOf: (path: readonly (string | number)[]) => number;
};
