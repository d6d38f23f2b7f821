import type { Policy } from '#domain/decision/policy.ts';
import type { Day } from '#domain/shared/day.ts';
import type { Guidance } from '#store/guidance.ts';
import type { PolicyText } from '#store/policy-folder.ts';
import type { ToolSearch } from '#store/tool-search.ts';
import type { Asked } from './usage/count-asked.ts';
import type { StateInForce } from './versions/in-force.ts';

/** What asking needs from the outside: the policy in force, its search index, and today in Europe/London. */
export type Needs = {
  readonly policy: () => Policy;
  readonly search: () => ToolSearch;
  readonly today: () => Day;
  /** The files of the policy in force as they were read, to be kept with what rests on them. */
  readonly texts: () => readonly PolicyText[];
  /** Told of every answer that was given, to count it without whoever asked. Absent: nothing is counted. */
  readonly count?: (asked: Asked | null) => void;
  /** How the version in force came to be, where it is one of the database. Absent: it is the one of a folder. */
  readonly inForce?: () => StateInForce;
  /** Looks at once whether another version is in force. What was just published here is then taken here too. */
  readonly lookForVersion?: () => Promise<void>;
  /** How many notices are given up, so that somebody was not told; null where nobody has looked yet. */
  readonly noticesGivenUp?: () => number | null;
};

/** What is known of a pack once its files were read: enough to check, prove and compare it. */
export type ReadGuidance = Pick<Guidance, 'parsed' | 'problems'> & {
  readonly ready: { readonly policy: Policy } | null;
};

/** A guidance pack as it stands in its folder, for the commands that look into the pack itself. */
export type LoadedGuidance = Guidance;
