/** A mistake in what somebody stated. `fact` is the name as given; the message needs no other context. */
export type FactProblem = {
  readonly fact: string;
  readonly detail: string;
  /** What would be right: a name or a value. */
  readonly suggestion?: string;
};
