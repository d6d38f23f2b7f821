import type { Day } from './day.ts';

const londonHour = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hour: 'numeric',
  hourCycle: 'h23',
});
const hourMs = 3_600_000;

/** The instant at which a day begins in Europe/London, UTC with milliseconds and `Z`: an hour earlier while it is summer there. */
export function midnightInLondon(day: Day): string {
  const inUtc = Date.parse(`${day}T00:00:00.000Z`);
  // Clocks change at one in the morning, so that the hour at midnight UTC says which time held when the day began.
  const hour = Number(londonHour.format(inUtc));
  return new Date(inUtc - hour * hourMs).toISOString();
}
