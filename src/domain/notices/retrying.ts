/** For how long a notice belongs to the server that is sending it. Every way to send gives up sooner. */
export const claimMs = 60_000;

/** For how long sending a notice is tried. */
export const giveUpAfterMs = 2 * 86_400_000;

const firstWaitMs = 60_000;
const longestWaitMs = 4 * 3_600_000;

/**
 * How long to wait after so many attempts, from a minute to six hours: twice as long after each, and up to half as long again by
 * `chance` (from 0 to below 1), so that what failed at one moment is not tried at one moment. Two days hold about fifteen attempts.
 */
export function waitMsAfter(attempts: number, chance: number): number {
  const wait = Math.min(firstWaitMs * 2 ** (Math.max(1, attempts) - 1), longestWaitMs);
  return Math.round(wait * (1 + chance / 2));
}
