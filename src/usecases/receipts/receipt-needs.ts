import type { Signer } from '#platform/signer.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';

/** What saving and checking answers needs. */
export type ReceiptNeeds = PeopleNeeds & {
  readonly signer: Signer;
  /** A random whole number from 0 to below `limit`. */
  readonly randomBelow: (limit: number) => number;
};
