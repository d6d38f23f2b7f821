import { setImmediate } from 'node:timers/promises';
import type { Policy } from '#domain/decision/policy.ts';
import { type Day, daysAfter } from '#domain/shared/day.ts';
import type { Verdict } from '#domain/shared/verdict.ts';
import { shownCount } from '#domain/usage/small-counts.ts';
import type { Store } from '#store/store.ts';
import type { Needs } from '../needs.ts';
import { findOrdinaryCase } from '../ordinary-case.ts';

/** What is asked most, and what it comes to in the ordinary case under two versions. */
export type MostAsked = {
  readonly facts: Readonly<Record<string, string>>;
  readonly tool: string;
  readonly organisation: string;
  /** Rounded to fives; what was asked fewer than five times is left out. */
  readonly times: number;
  /** Null: the version cannot answer it. */
  readonly before: Verdict | null;
  readonly after: Verdict | null;
};

const days = 28;
const most = 10;

/**
 * The ten tools, each with a part of the department, that were asked about most in the last four weeks, and the verdict of the ordinary
 * case under both versions: counts have no people and no facts in them, so it is the ordinary case that can be shown.
 */
export async function findMostAsked(
  needs: Needs,
  { usage }: Pick<Store, 'usage'>,
  versions: { readonly before: Policy; readonly after: Policy; readonly on: Day },
): Promise<readonly MostAsked[]> {
  const { before, after, on } = versions;
  const today = needs.today();
  const sums = new Map<string, { tool: string; organisation: string; times: number }>();
  for (const { tool, organisation, times } of await usage.asked(daysAfter(today, 1 - days), today)) {
    if (tool === '') continue;
    const key = JSON.stringify([tool, organisation]);
    const known = sums.get(key);
    sums.set(key, { tool, organisation, times: times + (known?.times ?? 0) });
  }
  const counted = [...sums.values()]
    .flatMap((one) => {
      const times = shownCount(one.times);
      return times === null ? [] : [{ ...one, times }];
    })
    .sort((a, b) => b.times - a.times || (a.tool < b.tool ? -1 : 1))
    .slice(0, most);
  const found: MostAsked[] = [];
  for (const { tool, organisation, times } of counted) {
    const stated = { tool, ...(organisation === '' ? {} : { organisation }) };
    const facts = ordinary(needs, before, on, stated)?.facts ?? stated;
    found.push({
      facts,
      tool: after.pack.tools.get(tool)?.name ?? before.pack.tools.get(tool)?.name ?? tool,
      organisation: after.pack.organisations.get(organisation)?.name ?? organisation,
      times,
      before: ordinary(needs, before, on, stated)?.verdict ?? null,
      after:
        ordinary(needs, after, on, facts)?.verdict ?? ordinary(needs, after, on, stated)?.verdict ?? null,
    });
    await setImmediate();
  }
  return found;
}

function ordinary(
  needs: Needs,
  policy: Policy,
  on: Day,
  facts: Readonly<Record<string, string>>,
): { readonly verdict: Verdict; readonly facts: Readonly<Record<string, string>> } | null {
  const found = findOrdinaryCase({ ...needs, policy: () => policy, today: () => on }, facts);
  if (found === null) return null;
  const { answer, stated } = found.standing;
  return { verdict: answer.verdict, facts: Object.fromEntries(stated) };
}
