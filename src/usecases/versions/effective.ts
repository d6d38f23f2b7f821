import type { Day } from '#domain/shared/day.ts';
import { midnightInLondon } from '#domain/shared/midnight.ts';
import type { Proposal } from '#domain/versions/proposal.ts';
import { inForceAt, type Publication } from '#domain/versions/publication.ts';

/** When what is published now comes into force: at the beginning of its day in London, or now where that has passed. */
export function effectiveAt(effectiveOn: Day | null, now: string): string {
  const begins = effectiveOn === null ? now : midnightInLondon(effectiveOn);
  return begins > now ? begins : now;
}

/** What a version would take the place of: what would be in force without it when it comes into force. */
export function replacedBy(
  publications: readonly Publication[],
  effectiveOn: Day | null,
  now: string,
): Publication | null {
  return inForceAt(publications, effectiveAt(effectiveOn, now));
}

/** Whether a proposal would change something else than what was acknowledged when it was made. */
export function isOutdated(
  publications: readonly Publication[],
  { baseHash, effectiveOn }: Pick<Proposal, 'baseHash' | 'effectiveOn'>,
  now: string,
): boolean {
  return replacedBy(publications, effectiveOn, now)?.hash !== baseHash;
}
