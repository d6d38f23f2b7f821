import type { Day } from './day.ts';

/** The instant at which a full hour of a day begins in London, such as 8 in the morning, in UTC with milliseconds and `Z`. */
export function instantInLondon(day: Day, hour: number): string {
  const asIfUtc = new Date(`${day}T${String(hour).padStart(2, '0')}:00:00.000Z`);
  // London is as early as UTC, or an hour ahead of it.
  const ahead = hourInLondon(asIfUtc) !== hour % 24 ? 3_600_000 : 0;
  return new Date(asIfUtc.getTime() - ahead).toISOString();
}

const inLondon = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hour: 'numeric',
  hourCycle: 'h23',
});

function hourInLondon(instant: Date): number {
  return Number(inLondon.format(instant));
}
