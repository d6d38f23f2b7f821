import type { SituationFacts } from './situation.ts';

/** Something that the proofs found. `acknowledged` is the owner's reason, where there is one. */
export type Finding = {
  readonly kind: FindingKind;
  /** The rule, condition, verdict or gap it is about; two rules for an overlap; a verdict, a fact and its value. */
  readonly about: readonly string[];
  readonly text: string;
  readonly situation: SituationFacts | null;
  /** How many situations it covers, where that is counted. */
  readonly situations: bigint | null;
  readonly acknowledged: string | null;
};

/** The kinds of findings, in the order in which they are told. */
export const findingKinds = [
  'gap',
  'never-decides',
  'never-applies',
  'never-reached',
  'verdict-unreachable',
  'overlap',
] as const;

export type FindingKind = (typeof findingKinds)[number];
