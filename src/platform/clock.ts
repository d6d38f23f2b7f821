/** What time it is. Everything that needs to know is given a clock, so that a test can choose the day. */
export type Clock = {
  readonly now: () => Date;
  /** The day in Europe/London, as `YYYY-MM-DD`. */
  readonly today: () => string;
};

/** The clock of the machine. */
export function systemClock(): Clock {
  let hour = -1;
  let day = '';
  return {
    now: () => new Date(),
    today() {
      const now = new Date();
      // A day begins and ends with an hour, and finding its name is slow.
      const hourNow = Math.floor(now.getTime() / 3_600_000);
      if (hourNow !== hour) [hour, day] = [hourNow, dayInLondon(now)];
      return day;
    },
  };
}

/** A clock that stands still at an instant, such as `2026-03-29T00:59:00Z`. Throws when it is not one. */
export function fixedClock(iso: string): Clock {
  const instant = new Date(iso);
  if (Number.isNaN(instant.getTime())) throw new Error(`not an instant: \`${iso}\``);
  return { now: () => new Date(instant), today: () => dayInLondon(instant) };
}

// `sv-SE` writes a date as YYYY-MM-DD.
const londonDay = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

function dayInLondon(instant: Date): string {
  return londonDay.format(instant);
}
