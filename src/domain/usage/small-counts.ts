/** Fewer than so many of anything could point at somebody, so they are not shown. */
export const leastShown = 5;

/** A count fit to be shown: rounded to fives, so that no difference of two shows a small one; null below five. */
export function shownCount(times: number): number | null {
  return times < leastShown ? null : Math.round(times / leastShown) * leastShown;
}

/** Something that was counted, as it may be shown. */
export type ShownCount = { readonly key: string; readonly times: number };

/** Counts by one of their properties, the largest first, without the small ones; and how many of those there are. */
export function countsBy<Row extends { readonly times: number }>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): { readonly shown: readonly ShownCount[]; readonly hidden: number } {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.times);
  const shown: ShownCount[] = [];
  let hidden = 0;
  for (const [key, times] of sums) {
    const count = shownCount(times);
    if (count === null) hidden += 1;
    else shown.push({ key, times: count });
  }
  return { shown: shown.sort((a, b) => b.times - a.times || (a.key < b.key ? -1 : 1)), hidden };
}
