import type { Answer } from '#domain/decision/answer.ts';
import { isOfUse, withoutClaim } from '#domain/guidance-requests/go-ahead.ts';
import {
  canTakeBack,
  type GuidanceRequest,
  type GuidanceStep,
  isOpen,
} from '#domain/guidance-requests/guidance-request.ts';
import type { Actor, PersonActing } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import type { Receipt, RecordedFact } from '#domain/receipts/receipt.ts';
import { recordedOn } from '#domain/receipts/receipt.ts';
import type { Store } from '#store/store.ts';
import { findStanding, type Standing } from '../ask-page.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { Needs } from '../needs.ts';
import { type NotAllowed, notAllowed, type Origin } from '../people/people-needs.ts';
import { compareWith, type Today } from '../receipts/check-receipt.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';

/** As what somebody sees a question: as the manager, who may answer; as one who had it before; or as a team that gives advice. */
export type SeenAs = 'manager' | 'earlier' | 'adviser';

export type ForManager = {
  readonly request: GuidanceRequest;
  readonly steps: readonly GuidanceStep[];
  readonly seenAs: SeenAs;
  readonly receipt: Receipt;
  /** The saved answer that the decision led to. */
  readonly newReceipt: Receipt | null;
  /** How today's guidance compares with what was saved. */
  readonly today: Today;
  /** Where the asker stands today, without any guidance of a manager; null where the facts cannot be answered any more. */
  readonly standing: Standing | null;
  /** What it would come to today with a go-ahead, and whether that can be saved: not where today's guidance has to know more. */
  readonly withGoAhead: Answer | null;
  readonly canGoAhead: boolean;
  readonly canRefuse: boolean;
  /** Whether they gave a go-ahead that still holds. */
  readonly canTakeBack: boolean;
};

export type FoundForManager =
  | ({ readonly outcome: 'ok' } & ForManager)
  /** It is the asker's own: nobody answers themselves. */
  | { readonly outcome: 'own'; readonly id: string }
  | { readonly outcome: 'not-found' }
  | NotAllowed;

/**
 * Finds a question for whoever it was put to: by the key of the link that they were sent, or by its id where they have signed in with
 * the address that it went to. For everybody else there is none, and the audit trail is told.
 */
export async function findForManager(
  needs: GuidanceNeeds,
  asking: Needs,
  actor: Actor,
  key: string,
  origin: Origin,
): Promise<FoundForManager> {
  if (!may(actor, 'answer-as-line-manager') || actor.kind !== 'person') return notAllowed;
  const access = await accessOf(needs, needs.store, actor, key);
  if (access.outcome === 'own') return access;
  if (access.outcome === 'not-found') {
    await recordRefusal(needs, actor, access.id, origin);
    return { outcome: 'not-found' };
  }
  const { request, seenAs } = access;
  const { store } = needs;
  const ids = [request.receiptId, ...(request.newReceiptId === null ? [] : [request.newReceiptId])];
  const receipts = await store.receipts.byIds(ids);
  const receipt = receipts.find(({ id }) => id === request.receiptId);
  if (receipt === undefined) return { outcome: 'not-found' };
  return {
    outcome: 'ok',
    request,
    seenAs,
    receipt,
    newReceipt: receipts.find(({ id }) => id === request.newReceiptId) ?? null,
    steps: await store.guidanceRequests.stepsOf(request.id),
    canTakeBack: seenAs === 'manager' && canTakeBack(request, actor.id, needs.today()),
    today: compareWith(asking.policy(), receipt, needs.today()),
    ...weigh(needs, asking, receipt),
  };
}

/** The audit trail is told of whoever asks for a question that is not theirs. */
export async function recordRefusal(
  needs: GuidanceNeeds,
  actor: PersonActing,
  id: string | null,
  origin: Origin,
): Promise<void> {
  const what = {
    actor: actor.id,
    action: 'access-refused',
    entry: `guidance-request:${id ?? 'unknown'}`,
  } as const;
  await needs.store.audit.record(auditEvent(needs, what, origin));
}

function weigh(
  needs: GuidanceNeeds,
  asking: Needs,
  receipt: Receipt,
): Pick<ForManager, 'standing' | 'withGoAhead' | 'canGoAhead' | 'canRefuse'> {
  const policy = asking.policy();
  const stood = findStanding(
    asking,
    Object.fromEntries(withoutClaim(policy, new Map(Object.entries(receipt.facts)))),
  );
  const guidance = policy.pack.managersGuidance;
  if (stood.outcome === 'problems' || guidance === null)
    return { standing: null, withGoAhead: null, canGoAhead: false, canRefuse: false };
  const given = standingWith(needs, asking, receipt, guidance.goAhead);
  const refused = standingWith(needs, asking, receipt, guidance.refusal);
  return {
    standing: stood.standing,
    withGoAhead: given?.answer ?? null,
    canGoAhead: isOfUse(given?.answer ?? null),
    canRefuse: refused?.answer.settled ?? false,
  };
}

/** Where the asker stands today once a manager's guidance is on record; null where the facts cannot be answered any more. */
export function standingWith(
  needs: Pick<GuidanceNeeds, 'today'>,
  asking: Needs,
  receipt: Receipt,
  value: string,
): Standing | null {
  const policy = asking.policy();
  const guidance = policy.pack.managersGuidance;
  if (guidance === null) return null;
  const stated = withoutClaim(policy, new Map(Object.entries(receipt.facts)));
  const others = recordedOn(otherRecords(receipt, guidance.fact), needs.today());
  const stood = findStanding(
    asking,
    Object.fromEntries(stated),
    new Map([...others, [guidance.fact, value]]),
  );
  return stood.outcome === 'ok' ? stood.standing : null;
}

/** What is on record of a saved answer beside a line manager's guidance. */
export function otherRecords({ recorded }: Receipt, managersFact: string): readonly RecordedFact[] {
  return recorded.filter(({ fact }) => fact !== managersFact);
}

export type Access =
  | { readonly outcome: 'ok'; readonly request: GuidanceRequest; readonly seenAs: SeenAs }
  | { readonly outcome: 'own'; readonly id: string }
  | { readonly outcome: 'not-found'; readonly id: string | null };

/** What a key or an id gives access to, for a person, as it stands in `store`. */
export async function accessOf(
  { hash }: Pick<GuidanceNeeds, 'hash'>,
  store: Store,
  actor: PersonActing,
  key: string,
): Promise<Access> {
  const byKey = await store.guidanceRequests.byKey(hash(key));
  const request = byKey?.request ?? (await store.guidanceRequests.get(key));
  if (request === null || request.state === 'told') return { outcome: 'not-found', id: null };
  if (request.personId === actor.id) return { outcome: 'own', id: request.id };
  const isManager = byKey?.holder === 'manager' || (await isWith(store, request, actor));
  if (isManager) return { outcome: 'ok', request, seenAs: 'manager' };
  if (byKey?.holder === 'adviser') return { outcome: 'ok', request, seenAs: 'adviser' };
  const steps = await store.guidanceRequests.stepsOf(request.id);
  const tookPart = steps.some(({ actor: id }) => id === actor.id);
  return tookPart ? { outcome: 'ok', request, seenAs: 'earlier' } : { outcome: 'not-found', id: request.id };
}

async function isWith(store: Store, request: GuidanceRequest, actor: PersonActing): Promise<boolean> {
  if (request.managerId === actor.id) return true;
  const email = (await store.people.get(actor.id))?.email?.toLowerCase();
  return email !== undefined && email === request.managerAddress;
}

/** Whether somebody may still answer a question. */
export function mayAnswer({ request, seenAs }: Pick<ForManager, 'request' | 'seenAs'>): boolean {
  return seenAs === 'manager' && isOpen(request.state);
}
