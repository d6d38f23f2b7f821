/** Why a version came into force: the very first start, a start where there is only the trial sign-in, or two people. */
export const publicationReasons = ['first-start', 'trial', 'agreed'] as const;
export type PublicationReason = (typeof publicationReasons)[number];

/** That a version of the guidance comes into force at an instant. Never changed and never taken back: only followed by another. */
export type Publication = {
  /** From 1 on, in the order in which they were published. */
  readonly number: number;
  readonly hash: string;
  readonly effectiveAt: string;
  readonly publishedAt: string;
  readonly why: PublicationReason;
  /** Ids of people, or `system` for both. */
  readonly proposedBy: string;
  readonly agreedBy: string;
};

/** How a publication stands. `replaced`: another one took its place before its time had come. */
export type PublicationState = 'in-force' | 'scheduled' | 'earlier' | 'replaced';

/**
 * Whether the time of a publication has come. What was published at once has begun for every server, also for one whose clock is
 * behind that of the server where it was published.
 */
export function hasBegun(
  { effectiveAt, publishedAt }: Pick<Publication, 'effectiveAt' | 'publishedAt'>,
  at: string,
): boolean {
  return effectiveAt <= publishedAt || effectiveAt <= at;
}

/**
 * The publication in force at an instant: the one with the greatest number among those that have begun. So one that is published
 * later takes the place of one that was only scheduled.
 */
export function inForceAt(publications: Iterable<Publication>, at: string): Publication | null {
  let found: Publication | null = null;
  for (const one of publications)
    if (hasBegun(one, at) && (found === null || one.number > found.number)) found = one;
  return found;
}

/** The next publication that will come into force after an instant, as things stand; null: none is scheduled. */
export function nextAfter(publications: Iterable<Publication>, at: string): Publication | null {
  const all = [...publications];
  const scheduled = all.filter((one) => stateAt(all, one, at) === 'scheduled');
  return scheduled.toSorted((a, b) => compare(a.effectiveAt, b.effectiveAt))[0] ?? null;
}

/** How one of the publications stands at an instant. */
export function stateAt(
  publications: readonly Publication[],
  one: Publication,
  at: string,
): PublicationState {
  if (inForceAt(publications, at)?.number === one.number) return 'in-force';
  // What comes later and begins no later leaves it no time of its own.
  const isReplaced = publications.some(
    (other) => other.number > one.number && other.effectiveAt <= one.effectiveAt,
  );
  if (!hasBegun(one, at)) return isReplaced ? 'replaced' : 'scheduled';
  return isReplaced && one.effectiveAt > one.publishedAt ? 'replaced' : 'earlier';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
