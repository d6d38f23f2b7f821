import { withoutClaim } from '#domain/guidance-requests/go-ahead.ts';
import {
  entryOf,
  type GuidanceRequest,
  isOpen,
  longestNote,
  remindAfterWorkingDays,
} from '#domain/guidance-requests/guidance-request.ts';
import type { Actor, PersonActing } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import type { Receipt } from '#domain/receipts/receipt.ts';
import { isSameQuestion } from '#domain/receipts/same-question.ts';
import { typedText, typedTextProblem } from '#domain/shared/typed-text.ts';
import { workingDaysAfter } from '#domain/shared/working-days.ts';
import type { Store } from '#store/store.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { Needs } from '../needs.ts';
import { Overtaken } from '../overtaken.ts';
import { type NotAllowed, notAllowed, type Origin } from '../people/people-needs.ts';
import { wordsProblem } from '../receipts/save-answer.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';
import {
  addressOf,
  capProblems,
  foldAddress,
  type GuidanceProblem,
  type NamedPerson,
  readNamedPerson,
} from './named-person.ts';
import { type AskedAbout, type FoundQuestion, findQuestion, knownTool } from './question-to-ask.ts';
import { askedNotice } from './request-notices.ts';
import { writeRequest } from './write-request.ts';
import { writeToManager } from './write-to-manager.ts';

export type ToAsk = {
  /** Of the form: sent twice, it is asked once. The id of the question. */
  readonly attempt: string;
  readonly about: AskedAbout;
  readonly manager: NamedPerson;
  /** Why, for the manager. */
  readonly note: string;
  /** What could go wrong, kept with the answer where it is still to be saved. */
  readonly words: string;
};

type CannotAsk =
  /** A go-ahead would not change the answer, so there is nothing to ask. */
  | { readonly outcome: 'not-offered' }
  /** There is an open question about the same, or this form was sent before, and said the same. */
  | { readonly outcome: 'asked-already'; readonly id: string }
  | Exclude<FoundQuestion, { readonly outcome: 'ok' }>
  | NotAllowed;

export type Prepared =
  | {
      readonly outcome: 'ok';
      readonly found: Extract<FoundQuestion, { readonly outcome: 'ok' }>;
      readonly attempt: string;
      /** The manager that the asker named last; empty texts where they never named one. */
      readonly manager: NamedPerson;
    }
  | CannotAsk;

/** What the form that asks a line manager needs: whether it is offered, and whom the asker named last. */
export async function prepareAsking(
  needs: GuidanceNeeds,
  asking: Needs,
  actor: Actor,
  about: AskedAbout,
): Promise<Prepared> {
  if (!may(actor, 'ask-line-manager') || actor.kind !== 'person') return notAllowed;
  const found = await findQuestion(needs, asking, actor, about);
  if (found.outcome !== 'ok') return found;
  if (found.effect.kind === 'nothing') return { outcome: 'not-offered' };
  const open = await openQuestionAbout(asking, needs.store, actor, found);
  if (open !== null) return { outcome: 'asked-already', id: open.id };
  const { managerName: name, managerAddress: address } = await needs.store.preferences.get(actor.id);
  return { outcome: 'ok', found, attempt: needs.newId(), manager: { name, address } };
}

export type AskedManager =
  | { readonly outcome: 'ok'; readonly id: string }
  /** With the facts that are stated a go-ahead may change the answer: others have to be stated first. */
  | { readonly outcome: 'not-settled' }
  | { readonly outcome: 'cannot-ask'; readonly problems: readonly GuidanceProblem[] }
  /** The same was asked before, with other words or of somebody else: that question stands, and nothing was sent now. */
  | { readonly outcome: 'sent-otherwise'; readonly id: string; readonly managerName: string }
  | CannotAsk;

/**
 * Asks a line manager: saves the answer where it is not saved yet, writes the question, what happened to it and the notice to the
 * manager, in one transaction with the events that tell of it.
 */
export async function askManager(
  needs: GuidanceNeeds,
  asking: Needs,
  actor: Actor,
  toAsk: ToAsk,
  origin: Origin,
): Promise<AskedManager> {
  if (!may(actor, 'ask-line-manager') || actor.kind !== 'person') return notAllowed;
  const earlier = await needs.store.guidanceRequests.get(toAsk.attempt);
  const before = earlier === null ? null : await askedBefore(needs.store, actor, earlier, toAsk);
  // Once the first one is answered or withdrawn, what comes from its form with other words is a new question.
  if (earlier !== null && before !== null && isOver(earlier, before))
    return askManager(needs, asking, actor, { ...toAsk, attempt: needs.newId() }, origin);
  if (before !== null) return before;
  const found = await findQuestion(needs, asking, actor, toAsk.about);
  if (found.outcome !== 'ok') return found;
  if (found.effect.kind === 'nothing') return { outcome: 'not-offered' };
  if (found.effect.kind === 'may-change') return { outcome: 'not-settled' };
  const open = await openQuestionAbout(asking, needs.store, actor, found);
  if (open !== null) return askedBefore(needs.store, actor, open, toAsk);
  const { person: manager, problems } = await readManager(needs, actor, toAsk.manager);
  const all = [...problems, ...textProblems(toAsk)];
  if (all.length > 0) return { outcome: 'cannot-ask', problems: all };
  const asked = { ...toAsk, manager, found };
  try {
    return await needs.store.inOneTransaction((inside) =>
      writeQuestion(needs, asking, inside, actor, asked, origin),
    );
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
    const first =
      (await needs.store.guidanceRequests.get(toAsk.attempt)) ??
      (await openQuestionAbout(asking, needs.store, actor, found));
    // Neither: the saved answer that it was about has just been withdrawn or replaced.
    return first === null ? { outcome: 'not-found' } : askedBefore(needs.store, actor, first, toAsk);
  }
}

// Also where it says the same as one that was withdrawn.
function isOver({ state }: GuidanceRequest, { outcome }: AskedManager): boolean {
  return (
    (outcome === 'sent-otherwise' && !isOpen(state)) || (outcome === 'asked-already' && state === 'withdrawn')
  );
}

// Whoever goes back, corrects what they wrote and sends it again must not believe that the correction arrived.
async function askedBefore(
  store: Store,
  actor: PersonActing,
  earlier: GuidanceRequest,
  { manager, note, words, about }: ToAsk,
): Promise<AskedManager> {
  if (earlier.personId !== actor.id) return { outcome: 'not-found' };
  const [first] = await store.guidanceRequests.stepsOf(earlier.id);
  const [receipt] = about.kind === 'facts' ? await store.receipts.byIds([earlier.receiptId]) : [];
  const isSame =
    first?.words === typedText(note) &&
    first.toAddress === foldAddress(manager.address) &&
    (receipt === undefined || receipt.words === typedText(words));
  return isSame
    ? { outcome: 'asked-already', id: earlier.id }
    : { outcome: 'sent-otherwise', id: earlier.id, managerName: earlier.managerName };
}

/** Reads whom somebody names as their line manager: nobody can name themselves. */
export async function readManager(
  needs: Pick<GuidanceNeeds, 'store' | 'limits'>,
  actor: PersonActing,
  typed: NamedPerson,
): Promise<ReturnType<typeof readNamedPerson>> {
  const own = await addressOf(needs, actor.id);
  const notThem =
    own === null ? [] : [[own, 'Enter the address of your line manager, not your own'] as const];
  return readNamedPerson(needs, typed, { who: 'your line manager', notThem: new Map(notThem) });
}

function textProblems({ note, words, about }: ToAsk): GuidanceProblem[] {
  const wrongNote = typedTextProblem('What you write to them', note, longestNote);
  const wrongWords = about.kind === 'facts' ? wordsProblem(words) : null;
  return [
    ...(wrongNote === null ? [] : [{ field: 'note' as const, detail: wrongNote }]),
    ...(wrongWords === null ? [] : [{ field: 'words' as const, detail: wrongWords }]),
  ];
}

type Found = Extract<FoundQuestion, { readonly outcome: 'ok' }>;

async function writeQuestion(
  needs: GuidanceNeeds,
  asking: Needs,
  inside: Store,
  actor: PersonActing,
  { attempt, manager, note, words, found }: ToAsk & { readonly found: Found },
  origin: Origin,
): Promise<AskedManager> {
  const problems = await capProblems(needs, inside, actor.id, manager);
  if (problems.length > 0) return { outcome: 'cannot-ask', problems };
  // Whoever sends two forms at once waits here with the second, and finds the first.
  await inside.people.lock(actor.id);
  if ((await openQuestionAbout(asking, inside, actor, found)) !== null) throw new Overtaken();
  const { unclaimed } = found;
  const { request, receipt } = await writeRequest(needs, asking, inside, {
    id: attempt,
    state: 'waiting',
    asker: actor,
    receipt: found.receipt,
    toSave: { standing: unclaimed, words },
    manager,
    note,
    remindOn: firstReminder(needs),
    origin,
  });
  await writeToManager(needs, inside, request, 'guidance-asked', actor.id, (path) =>
    askedNotice(actor.name, knownTool(unclaimed), path),
  );
  const what = {
    actor: actor.id,
    action: 'guidance-asked',
    entry: entryOf(request),
  } as const;
  await inside.audit.record(
    auditEvent(needs, what, origin, { receipt: receipt.reference, manager: manager.address }),
  );
  return { outcome: 'ok', id: request.id };
}

/** The day of the first reminder, where the clock starts today. */
export function firstReminder({ today, holidays }: Pick<GuidanceNeeds, 'today' | 'holidays'>): string {
  return workingDaysAfter(today(), remindAfterWorkingDays[0], holidays);
}

// Far more than anybody has open, and little enough to be looked through.
const mostOpen = 200;

/** The question of whoever asks that is still open and about the same: their saved answer, or one with the same facts. */
async function openQuestionAbout(
  { policy }: Pick<Needs, 'policy'>,
  store: Store,
  { id }: PersonActing,
  { receipt, unclaimed }: Found,
): Promise<GuidanceRequest | null> {
  const open = await store.guidanceRequests.listOpenOf(id, mostOpen);
  const receipts = await store.receipts.byIds(open.map(({ receiptId }) => receiptId));
  const isSame = (facts: Receipt['facts']): boolean =>
    isSameQuestion(policy(), withoutClaim(policy(), new Map(Object.entries(facts))), unclaimed.stated);
  const same = new Set(
    receipts.filter(({ id: one, facts }) => one === receipt?.id || isSame(facts)).map(({ id: one }) => one),
  );
  return open.find(({ receiptId }) => same.has(receiptId)) ?? null;
}
