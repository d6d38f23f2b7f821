/** A calendar day in Europe/London, `YYYY-MM-DD`. Days compare as text. */
export type Day = string;

/** Whether `text` is a day that exists in the calendar. */
export function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year > 0 && date >= 1 && date <= monthLength(year, month);
}

/** The day after `day`. */
export function nextDay(day: Day): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  if (date < monthLength(year, month)) return written(year, month, date + 1);
  return month < 12 ? written(year, month + 1, 1) : written(year + 1, 1, 1);
}

// The Gregorian calendar, ISO 8601.
function monthLength(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

function written(year: number, month: number, date: number): Day {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

/** Whether something with these dates, both inclusive and both optional, is in force on `day`. */
export function isInForce(dates: { readonly from?: Day; readonly to?: Day }, day: Day): boolean {
  return (dates.from === undefined || dates.from <= day) && (dates.to === undefined || day <= dates.to);
}

/** A day or a month (`2018-03`) as people write it: 22 November 2026, March 2018. */
export function dayInWords(text: string): string {
  const months = [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ];
  const [year, month, date] = text.split('-');
  const name = months[Number(month) - 1];
  return date === undefined ? `${name} ${year}` : `${Number(date)} ${name} ${year}`;
}

/** The day so many days later, or earlier where the number is negative. Outside the years 1 to 9999: the first or the last day. */
export function daysAfter(day: Day, days: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  // A day and no instant: in UTC every day has 24 hours. `Date.UTC` takes the years before 100 for those of the last century.
  const moved = new Date(0);
  moved.setUTCFullYear(year, month - 1, date + days);
  if (moved.getUTCFullYear() < 1) return '0001-01-01';
  return moved.getUTCFullYear() > 9999 ? '9999-12-31' : moved.toISOString().slice(0, 10);
}
