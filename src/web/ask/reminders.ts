import { createHash } from 'node:crypto';
import ical, { ICalCalendarMethod } from 'ical-generator';
import type { Answer } from '#domain/decision/answer.ts';
import { type Day, dayInWords, isDay, nextDay } from '#domain/shared/day.ts';
import { isPermission } from '#domain/shared/verdict.ts';
import { versionTag } from '#domain/versions/version-name.ts';
import type { Standing } from '#usecases/ask-page.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';

type Asking = Pick<Web, 'needs' | 'config'>;

import { hrefOf, type Query, textIn } from './address.ts';

type Interval = {
  readonly id: string;
  readonly label: string;
  readonly freq: 'WEEKLY' | 'MONTHLY';
  readonly count: number;
  /** How many days from today the first reminder is. */
  readonly days: number;
};

const intervals: readonly Interval[] = [
  { id: 'week', label: 'Every week', freq: 'WEEKLY', count: 1, days: 7 },
  { id: 'fortnight', label: 'Every two weeks', freq: 'WEEKLY', count: 2, days: 14 },
  { id: 'month', label: 'Every month', freq: 'MONTHLY', count: 1, days: 28 },
  { id: 'quarter', label: 'Every three months', freq: 'MONTHLY', count: 3, days: 91 },
];

/** Whether an answer asks for anything that a calendar can remind of: a yes with something to keep. */
export function hasReminders({ verdict, conditions }: Answer): boolean {
  return isPermission(verdict) && conditions.some(({ reminder }) => reminder !== undefined);
}

/** What the reminders page prints. `download` is the address of the calendar file once the form is right. */
export type RemindersModel = PageModel & {
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  readonly intervals: readonly { readonly value: string; readonly text: string; readonly checked: boolean }[];
  readonly intervalError: string | null;
  readonly end: {
    readonly day: string;
    readonly month: string;
    readonly year: string;
    readonly error: string | null;
  };
  readonly download: string | null;
  readonly about: string;
};

/** The form for the reminders: how often to move the information, and when the work ends, if that is known. */
export function remindersView(
  web: Asking,
  { stated, match, answer }: Standing,
  query: Query,
): RemindersModel {
  const isSent = textIn(query, 'sent') === 'reminders';
  const every = intervals.find(({ id }) => id === textIn(query, 'every'));
  const end = endOf(query);
  const intervalError =
    isSent && every === undefined ? 'Choose how often you will move the information' : null;
  const endError = isSent ? problemOfEnd(end, { answer, every, today: web.needs.today() }) : null;
  const errors = [
    ...(intervalError === null ? [] : [{ text: intervalError, href: '#every' }]),
    ...(endError === null ? [] : [{ text: endError, href: '#ends-day' }]),
  ];
  const isReady = isSent && errors.length === 0 && every !== undefined;
  return {
    title: 'Reminders for your calendar',
    ...(errors.length > 0 ? { errors } : {}),
    back: { text: 'Back to the answer', href: hrefOf('/answer', stated) },
    policyLabel: web.needs.policy().pack.label,
    hidden: [...stated].map(([name, value]) => ({ name, value })),
    intervals: intervals.map(({ id, label }) => ({ value: id, text: label, checked: id === every?.id })),
    intervalError,
    end: { ...end.parts, error: endError },
    download: isReady
      ? hrefOf('/answer/reminders.ics', stated, {
          every: every.id,
          ...(end.day === null ? {} : { ends: end.day }),
        })
      : null,
    about: match?.name ?? 'the tool',
  };
}

/**
 * The calendar file (RFC 5545): moving the key information, checking who has access, and clearing up at the end. Only for an answer
 * that `hasReminders`, and a query in which `remindersView` finds no error.
 */
export function calendarOf(web: Asking, standing: Standing, query: Query): string {
  const { stated, match, answer } = standing;
  const name = match?.name ?? 'the tool';
  const every = intervals.find(({ id }) => id === textIn(query, 'every'));
  if (every === undefined) throw new Error('the query has been checked by remindersView');
  const ends = endOf(query).day;
  const today = web.needs.today();
  const url = `${web.config.baseUrl}${hrefOf('/answer', stated, { policy: versionTag(answer.policy) })}`;
  const calendar = ical({
    // The library escapes every text but this one.
    name: escaped(`Reminders for ${name}`),
    prodId: { company: 'Clear to Use', product: 'Reminders', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
  });
  const stamp = atNoon(today);
  const idOf = (what: string) =>
    `${createHash('sha256')
      .update(`${what} ${url} ${every.id} ${ends ?? ''}`)
      .digest('hex')
      .slice(0, 32)}@clear-to-use`;
  const add = (what: 'interval' | 'access' | 'end', start: Day, summary: string, repeats: boolean) => {
    const addition = answer.conditions.find(({ reminder }) => reminder === what);
    if (addition === undefined) return;
    calendar.createEvent({
      id: idOf(what),
      stamp,
      start: atNoon(start),
      allDay: true,
      summary,
      description: `${addition.text}\n\nThe answer this follows from: ${url}`,
      // Where the start is a day, so must be the end, which the library would write as an instant.
      ...(repeats
        ? {
            repeating: `FREQ=${every.freq};INTERVAL=${every.count}${ends === null ? '' : `;UNTIL=${ends.replaceAll('-', '')}`}`,
          }
        : {}),
    });
  };
  const first = firstDay(every, today);
  add('interval', first, `Move the key information from ${name} to an MoJ system`, true);
  add('access', first, `Check who has access to ${name}`, true);
  if (ends !== null)
    add('end', ends, `Work ends: move everything from ${name} to an MoJ system, then clear it`, false);
  return calendar.toString();
}

type End = {
  readonly day: Day | null;
  readonly isEmpty: boolean;
  readonly parts: { readonly day: string; readonly month: string; readonly year: string };
};

// The form sends three parts, the address of the file one day.
function endOf(query: Query): End {
  const whole = textIn(query, 'ends');
  if (whole !== undefined) {
    const [year = '', month = '', day = ''] = whole.split('-');
    return { day: isDay(whole) ? whole : null, isEmpty: false, parts: { day, month, year } };
  }
  const parts = {
    day: textIn(query, 'answer.ends-day') ?? '',
    month: textIn(query, 'answer.ends-month') ?? '',
    year: textIn(query, 'answer.ends-year') ?? '',
  };
  const text = `${parts.year}-${parts.month.padStart(2, '0')}-${parts.day.padStart(2, '0')}`;
  return {
    day: isDay(text) ? text : null,
    isEmpty: Object.values(parts).every((part) => part === ''),
    parts,
  };
}

type Wanted = { readonly answer: Answer; readonly every: Interval | undefined; readonly today: Day };

function problemOfEnd({ day, isEmpty }: End, { answer, every, today }: Wanted): string | null {
  const repeats = answer.conditions.some(({ reminder }) => reminder === 'interval' || reminder === 'access');
  if (isEmpty)
    return repeats ? null : 'Enter the day the work ends: the end is all that this answer asks you to mind';
  if (day === null) return 'The day the work ends must be a real date, such as 31 3 2027';
  if (day < today) return `The day the work ends must be ${dayInWords(today)} or later`;
  if (!repeats || every === undefined || day >= firstDay(every, today)) return null;
  const first = dayInWords(firstDay(every, today));
  return `The work ends before the first reminder, on ${first}. Enter a later day, choose to move it more often, or leave the day empty`;
}

// From the 29th on, months without such a day would have no reminder.
function firstDay({ freq, days }: Interval, today: Day): Day {
  const day = daysAfter(today, days);
  return freq === 'MONTHLY' && day.slice(8) > '28' ? `${day.slice(0, 8)}28` : day;
}

function daysAfter(day: Day, count: number): Day {
  let later = day;
  for (let step = 0; step < count; step++) later = nextDay(later);
  return later;
}

// Noon keeps the day the same in every time zone from here to New Zealand.
function atNoon(day: Day): Date {
  return new Date(`${day}T12:00:00Z`);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll(/\r\n?|\n/g, '\\n');
}
