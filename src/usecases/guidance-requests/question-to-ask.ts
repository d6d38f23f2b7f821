import { effectOfGoAhead, type GoAheadEffect, withoutClaim } from '#domain/guidance-requests/go-ahead.ts';
import type { PersonActing } from '#domain/people/actor.ts';
import { readCore } from '#domain/receipts/core.ts';
import { type Receipt, recordedOn, stateOf } from '#domain/receipts/receipt.ts';
import { readReference } from '#domain/receipts/reference.ts';
import { isPermission, type Verdict } from '#domain/shared/verdict.ts';
import { findStanding, type Standing } from '../ask-page.ts';
import type { Needs } from '../needs.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';

/** What somebody wants to ask or tell their line manager about: facts, or an answer that they have saved. */
export type AskedAbout =
  | { readonly kind: 'facts'; readonly facts: Readonly<Record<string, unknown>> }
  | { readonly kind: 'receipt'; readonly reference: string };

export type FoundQuestion =
  /** `receipt` is null where it is still to be saved. */
  | {
      readonly outcome: 'ok';
      readonly standing: Standing;
      /** The same without what is claimed of the line manager: what a manager is asked. */
      readonly unclaimed: Standing;
      readonly effect: GoAheadEffect;
      readonly receipt: Receipt | null;
    }
  | { readonly outcome: 'problems'; readonly detail: string }
  | { readonly outcome: 'not-found' };

/** Finds what somebody wants to ask about, as it stands today. A saved answer has to be their own, and to hold. */
export async function findQuestion(
  needs: Pick<GuidanceNeeds, 'store' | 'today'>,
  asking: Needs,
  actor: PersonActing,
  about: AskedAbout,
): Promise<FoundQuestion> {
  const receipt = about.kind === 'facts' ? null : await ownReceipt(needs, actor, about.reference);
  if (about.kind === 'receipt' && receipt === null) return { outcome: 'not-found' };
  const policy = asking.policy();
  const stood = findStanding(asking, receipt?.facts ?? (about.kind === 'facts' ? about.facts : {}));
  if (stood.outcome === 'problems')
    return { outcome: 'problems', detail: stood.problems.map(({ detail }) => detail).join('. ') };
  const { standing } = stood;
  if (standing.stated.size === 0) return { outcome: 'problems', detail: 'nothing was asked' };
  const isDecided =
    receipt !== null &&
    recordedOn(receipt.recorded, needs.today()).has(policy.pack.managersGuidance?.fact ?? '');
  const effect: GoAheadEffect = isDecided
    ? { kind: 'nothing' }
    : effectOfGoAhead(policy, standing, asking.today(), standing.answer);
  return { outcome: 'ok', standing, unclaimed: withoutAnyClaim(asking, standing), effect, receipt };
}

// Where the facts without the claim could not be answered, a go-ahead has no effect, and nobody is asked.
function withoutAnyClaim(asking: Needs, standing: Standing): Standing {
  const own = withoutClaim(asking.policy(), standing.stated);
  if (own === standing.stated) return standing;
  const stood = findStanding(asking, Object.fromEntries(own));
  return stood.outcome === 'ok' ? stood.standing : standing;
}

async function ownReceipt(
  { store }: Pick<GuidanceNeeds, 'store'>,
  actor: PersonActing,
  typed: string,
): Promise<Receipt | null> {
  const read = readReference(typed);
  const receipt = read.ok ? await store.receipts.byReference(read.reference) : null;
  return receipt !== null && receipt.personId === actor.id && stateOf(receipt) === 'live' ? receipt : null;
}

/** Whether the guidance suggests telling one's line manager: a permission with the condition that says so. */
export function suggestsTelling(
  { policy }: Pick<Needs, 'policy'>,
  answer: { readonly verdict: Verdict; readonly conditions: readonly { readonly id: string }[] },
): boolean {
  const tell = policy().pack.managersGuidance?.tell;
  return isPermission(answer.verdict) && answer.conditions.some(({ id }) => id === tell);
}

/** The same for a saved answer that holds, as it was saved. */
export function receiptSuggestsTelling(asking: Pick<Needs, 'policy'>, receipt: Receipt): boolean {
  const { verdict, conditions } = readCore(receipt.core);
  return (
    stateOf(receipt) === 'live' &&
    // Whoever gave the go-ahead knows.
    receipt.recorded.length === 0 &&
    suggestsTelling(asking, { verdict: verdict as Verdict, conditions: conditions.map((id) => ({ id })) })
  );
}

/** The name of the tool, where the guidance knows it: what somebody typed may be anything, and stays behind the link. */
export function knownTool({ match }: Pick<Standing, 'match'>): string | null {
  return match?.tool?.name ?? null;
}
