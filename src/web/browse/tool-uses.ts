import type { Reason } from '#domain/decision/answer.ts';
import type { Pack, Tool } from '#domain/policy/pack.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { isPermission, severityOf, type Verdict } from '#domain/shared/verdict.ts';
import type { Needs } from '#usecases/needs.ts';
import { findOrdinaryCase, type OrdinaryCase } from '#usecases/ordinary-case.ts';
import { verdictWords } from '../words.ts';

/** One thing that a tool is usually used for, with the answer for ordinary work. `label` is what the pack calls it. */
export type Use = {
  readonly fact: string;
  readonly value: string;
  readonly label: string;
  readonly found: OrdinaryCase;
};

/**
 * What a tool is usually used for. A use whose answer has nothing to do with the tool (such as deleting what is not saved)
 * is left to the questions.
 */
export function usesOf(needs: Needs, tool: Tool, kept: ReadonlyMap<string, string>): Use[] {
  const { pack } = needs.policy();
  return [...tool.fits].flatMap(([fact, values]) =>
    values.flatMap((value): Use[] => {
      const found = findOrdinaryCase(needs, { ...Object.fromEntries(kept), tool: tool.id, [fact]: value });
      if (found === null || !isAboutTool(found)) return [];
      const label = pack.facts.get(fact)?.values.find(({ id }) => id === value)?.label ?? value;
      return [{ fact, value, label, found }];
    }),
  );
}

function isAboutTool({ aboutTool: [first], standing }: OrdinaryCase): boolean {
  const { verdict } = standing.answer;
  return first !== undefined && (isPermission(verdict) || first.verdict === verdict);
}

/** What is said where the answer for ordinary work says little. */
export const itDepends = 'It depends';

/**
 * The answer for ordinary work in a few words. A no that other answers would turn into a yes is not a no yet; and a tool that
 * no document names is never called permitted before the questions are answered.
 */
export function usualAnswer(tool: Tool, { standing, best }: OrdinaryCase): string {
  const { verdict } = standing.answer;
  const isOpen = isPermission(verdict) ? tool.listed === undefined : isPermission(best);
  return isOpen ? itDepends : verdictWords[verdict].label;
}

/** One answer for the tool as a whole, with the date of the list where a dated list is what permits it. */
export function shortAnswer(pack: Pack, tool: Tool, uses: readonly Use[]): string {
  const [first, ...others] = uses;
  const isOne =
    first !== undefined &&
    others.every(({ found }) => usualAnswer(tool, found) === usualAnswer(tool, first.found));
  const verdicts = uses.map(({ found }) => found.standing.answer.verdict);
  if (tool.listed !== undefined && uses.length > 0 && verdicts.every(isPermission)) {
    const strictest = verdicts.includes('allowed-with-conditions') ? 'allowed-with-conditions' : 'allowed';
    const on = tool.listed?.on;
    const dated = on === undefined ? '' : ` (${pack.datedText.replace('{date}', dayInWords(on))})`;
    return `${shortAnswers[strictest]}${dated}. Your account, your device and your information can change that.`;
  }
  if (!isOne || usualAnswer(tool, first.found) === itDepends)
    return 'It depends on what you want to do, and how.';
  return `${shortAnswers[first.found.standing.answer.verdict]}.`;
}

const shortAnswers: Readonly<Record<Verdict, string>> = {
  allowed: 'Yes, for ordinary work',
  'allowed-with-conditions': 'Usually yes, for ordinary work, if you meet the conditions',
  'get-guidance': 'Ask first',
  'request-review': 'Not yet. Nobody has approved it, so a security review comes first',
  'not-allowed': 'No, not for work',
};

/** Why: the rules that decide each use, the strictest first, at most three. No permission for a tool that none names. */
export function reasonsFor(tool: Tool, uses: readonly Use[]): Reason[] {
  const severity = ({ found }: Use) => severityOf(found.standing.answer.verdict);
  const reasons = new Map<string, Reason>();
  for (const { found } of [...uses].sort((a, b) => severity(b) - severity(a))) {
    const [deciding] = found.aboutTool;
    if (deciding === undefined || deciding.verdict === null) continue;
    if (tool.listed !== undefined || !isPermission(deciding.verdict)) reasons.set(deciding.rule, deciding);
  }
  return [...reasons.values()].slice(0, 3);
}

/** What ordinary work means for one use: every fact that was filled in, in words. */
export function ordinaryWork(
  pack: Pack,
  use: Use,
  kept: ReadonlyMap<string, string>,
): readonly { readonly label: string; readonly value: string }[] {
  return [...use.found.standing.stated].flatMap(([id, value]) => {
    const fact = pack.facts.get(id);
    if (fact === undefined || fact.valuesFrom === 'tools' || id === use.fact || kept.has(id)) return [];
    return [{ label: fact.label, value: fact.values.find((one) => one.id === value)?.label ?? value }];
  });
}
