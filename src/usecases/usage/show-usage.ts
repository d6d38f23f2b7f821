import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { daysAfter, isDay } from '#domain/shared/day.ts';
import { countsBy, leastShown, type ShownCount, shownCount } from '#domain/usage/small-counts.ts';
import type { Unhelpful } from '#store/usage.ts';
import { type NotAllowed, notAllowed, type PeopleNeeds } from '../people/people-needs.ts';

export type Counted = { readonly shown: readonly ShownCount[]; readonly hidden: number };

/** What was asked between two days, without people. Small counts are left out, the others rounded to fives. */
export type Usage = {
  readonly from: string;
  readonly to: string;
  /** Null: fewer than five in all. */
  readonly total: number | null;
  /** Each day of the span; null: none or fewer than five. */
  readonly perDay: readonly { readonly day: string; readonly times: number | null }[];
  readonly byTool: Counted;
  readonly byVerdict: Counted;
  readonly byOrganisation: Counted;
  readonly byRule: Counted;
  readonly unknownNames: readonly ShownCount[];
  readonly unhelpful: readonly Unhelpful[];
};

export type UsageShown =
  | ({ readonly outcome: 'ok' } & Usage)
  | {
      readonly outcome: 'problems';
      readonly problems: readonly { readonly field: 'from' | 'to'; readonly detail: string }[];
    }
  | NotAllowed;

const usualDays = 28;
const mostDays = 366;

/** Shows what was asked. Without days: the last four weeks. */
export async function showUsage(
  { store, today }: Pick<PeopleNeeds, 'store' | 'today'>,
  actor: Actor,
  span: { readonly from?: string; readonly to?: string },
): Promise<UsageShown> {
  if (!may(actor, 'see-usage')) return notAllowed;
  const to = span.to?.trim() || today();
  const from = span.from?.trim() || (isDay(to) ? daysAfter(to, 1 - usualDays) : to);
  const problems = problemsOf(from, to, today());
  if (problems.length > 0) return { outcome: 'problems', problems };
  const rows = await store.usage.asked(from, to);
  const days = new Map((await store.usage.perDay(from, to)).map(({ day, times }) => [day, times]));
  const names = await store.usage.unknownNames(from, to, leastShown, 50);
  const perDay: { day: string; times: number | null }[] = [];
  for (let day = from; day <= to; day = daysAfter(day, 1))
    perDay.push({ day, times: shownCount(days.get(day) ?? 0) });
  return {
    outcome: 'ok',
    from,
    to,
    total: shownCount(rows.reduce((sum, { times }) => sum + times, 0)),
    perDay,
    byTool: countsBy(
      rows.filter(({ tool }) => tool !== ''),
      ({ tool }) => tool,
    ),
    byVerdict: countsBy(rows, ({ verdict }) => verdict),
    byOrganisation: countsBy(rows, ({ organisation }) => organisation),
    byRule: countsBy(rows, ({ rule }) => rule),
    unknownNames: names.flatMap(({ name, times }) => {
      const shown = shownCount(times);
      return shown === null ? [] : [{ key: name, times: shown }];
    }),
    unhelpful: await store.usage.unhelpful(50),
  };
}

function problemsOf(from: string, to: string, now: string): { field: 'from' | 'to'; detail: string }[] {
  const real = (what: string): string => `The ${what} day must be a real date, such as 2026-11-22`;
  if (!isDay(from)) return [{ field: 'from', detail: real('first') }];
  if (!isDay(to)) return [{ field: 'to', detail: real('last') }];
  if (to > now) return [{ field: 'to', detail: 'The last day must be today or earlier' }];
  if (from > to)
    return [{ field: 'to', detail: 'The last day must be the same as the first day or after it' }];
  if (daysAfter(from, mostDays) <= to)
    return [{ field: 'to', detail: 'The last day must be within a year of the first day' }];
  return [];
}
