import type { ToolMatch } from '#domain/catalogue/find-tool.ts';
import { type Alternative, findAlternatives, findInstead } from '#domain/decision/alternatives.ts';
import { type Change, findChanges, needsChange } from '#domain/decision/changes.ts';
import type { StatedFacts } from '#domain/decision/parse-facts.ts';
import type { Policy } from '#domain/decision/policy.ts';
import type { Day } from '#domain/shared/day.ts';
import { isPermission } from '#domain/shared/verdict.ts';
import type { Standing } from './ask-page.ts';
import type { Needs } from './needs.ts';

/** What an answer can hold beside itself, as the API and the command line name it. */
export const helps = ['changes', 'alternatives'] as const;
export type Help = (typeof helps)[number];

/** Whether something is the name of one of them. */
export function isHelp(name: unknown): name is Help {
  return helps.some((help) => help === name);
}

/** What would make it all right, and other tools that pass. What was not asked for is absent. */
export type WhatHelps = {
  readonly changes?: readonly Change[];
  readonly alternatives?: readonly Alternative[];
};

type Asked = { readonly stated: StatedFacts; readonly match: ToolMatch | undefined };

/** Finds what helps somebody who asked: changes of their plan and other tools, each of them evaluated. */
export function findWhatHelps(
  { policy, on }: { readonly policy: Policy; readonly on: Day },
  { stated, match }: Asked,
  wanted: readonly Help[],
): WhatHelps {
  return {
    ...(wanted.includes('changes') ? { changes: findChanges(policy, stated, match, on) } : {}),
    ...(wanted.includes('alternatives') ? { alternatives: findAlternatives(policy, stated, match, on) } : {}),
  };
}

/** Whether something would have to be done differently for a yes, and what. */
export type ChangesShown = { readonly isNeeded: boolean; readonly changes: readonly Change[] };

/** What would make it all right for somebody who stands there. */
export function showChanges(needs: Needs, { stated, match, answer }: Standing): ChangesShown {
  const policy = needs.policy();
  if (!needsChange(policy.pack, stated, answer.best)) return { isNeeded: false, changes: [] };
  return { isNeeded: true, changes: findChanges(policy, stated, match, answer.on) };
}

/** What somebody who stands there can use today: with the account and device they have, or else with those of the pack. */
export function showInstead(needs: Needs, { stated, match, answer }: Standing, most?: number): Alternative[] {
  return isPermission(answer.best) ? [] : findInstead(needs.policy(), stated, match, answer.on, most);
}
