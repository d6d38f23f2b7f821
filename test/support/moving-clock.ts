import { type Clock, fixedClock } from '#platform/clock.ts';

/** A clock that stands still until it is moved. */
export type MovingClock = Clock & { readonly moveMinutes: (minutes: number) => void };

/** A clock for tests of what ends by itself. */
export function movingClock(iso = '2026-11-22T09:00:00Z'): MovingClock {
  let now = new Date(iso);
  return {
    now: () => new Date(now),
    today: () => fixedClock(now.toISOString()).today(),
    moveMinutes(minutes) {
      now = new Date(now.getTime() + minutes * 60_000);
    },
  };
}
