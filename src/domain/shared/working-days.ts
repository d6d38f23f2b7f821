import { type Day, nextDay } from './day.ts';

/** The bank holidays that are known, and the last year for which they are. */
export type Holidays = {
  readonly days: ReadonlySet<Day>;
  /** The last day that the list reaches: after it only weekends are known. */
  readonly knownUntil: Day;
};

/** Whether people work on a day: no Saturday, no Sunday and no bank holiday. */
export function isWorkingDay(day: Day, { days }: Holidays): boolean {
  return !isWeekend(day) && !days.has(day);
}

/**
 * The working day that comes so many working days after `day`, which need not be one itself: one working day after a Friday or a
 * Saturday is the Monday. 0 or less: the day itself.
 */
export function workingDaysAfter(day: Day, count: number, holidays: Holidays): Day {
  let found = day;
  for (let left = count; left > 0; ) {
    const next = nextDay(found);
    if (next <= found) return found;
    found = next;
    if (isWorkingDay(found, holidays)) left--;
  }
  return found;
}

// A day and no instant: at noon in UTC it is the same day everywhere that matters.
function isWeekend(day: Day): boolean {
  return new Date(`${day}T12:00:00Z`).getUTCDay() % 6 === 0;
}
