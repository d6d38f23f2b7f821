import type { Day } from '../shared/day.ts';

/** What became of a proposal. `outdated`: another version came into force meanwhile, so that what was acknowledged is not what would change. */
export type ProposalState = 'open' | 'agreed' | 'refused' | 'withdrawn' | 'outdated';

/** A version that a policy owner wants to publish, until a second person agrees. */
export type Proposal = {
  readonly id: string;
  readonly hash: string;
  /** The version whose place it takes: what is acknowledged is the difference from it. */
  readonly baseHash: string;
  /** The first day; null: at once. */
  readonly effectiveOn: Day | null;
  /** Names of loosenings, as `policy diff` gives them. */
  readonly acknowledged: readonly string[];
  readonly words: string;
  readonly proposedBy: string;
  readonly proposerName: string;
  readonly proposedAt: string;
  readonly state: ProposalState;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  /** What whoever decided wrote; empty: nothing. */
  readonly decisionWords: string;
};

/** The most characters that may be written with a proposal or a decision. */
export const longestProposalWords = 1_000;

/** What a loosening is acknowledged by where two versions cannot be compared at all. */
export const notComparableName = 'cannot-be-compared';
