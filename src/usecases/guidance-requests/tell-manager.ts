import type { Actor, PersonActing } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { type Receipt, stateOf } from '#domain/receipts/receipt.ts';
import { readReference } from '#domain/receipts/reference.ts';
import { typedText } from '#domain/shared/typed-text.ts';
import { isPermission } from '#domain/shared/verdict.ts';
import type { Store } from '#store/store.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { Needs } from '../needs.ts';
import { writeNotice } from '../notices/write-notice.ts';
import { Overtaken } from '../overtaken.ts';
import { type NotAllowed, notAllowed, type Origin } from '../people/people-needs.ts';
import { wordsProblem } from '../receipts/save-answer.ts';
import { readManager } from './ask-manager.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';
import { capProblems, foldAddress, type GuidanceProblem, type NamedPerson } from './named-person.ts';
import {
  type AskedAbout,
  type FoundQuestion,
  findQuestion,
  knownTool,
  receiptSuggestsTelling,
  suggestsTelling,
} from './question-to-ask.ts';
import { toldNotice, toldOfClaimNotice } from './request-notices.ts';
import { writeRequest } from './write-request.ts';

export type ToTellManager = {
  /** Of the form: sent twice, they are told once. */
  readonly attempt: string;
  readonly about: AskedAbout;
  /** Null: the one that was named last. */
  readonly manager: NamedPerson | null;
  /** What could go wrong, kept with the answer where it is still to be saved. */
  readonly words: string;
  /** The reference of the own saved answer whose place it takes, where it is still to be saved; empty: of none. */
  readonly supersedes: string;
};

type Found = Extract<FoundQuestion, { readonly outcome: 'ok' }>;

type CannotTell =
  /** The answer is no permission, or does not suggest telling anybody. */
  { readonly outcome: 'not-offered' } | Exclude<FoundQuestion, { readonly outcome: 'ok' }> | NotAllowed;

export type PreparedTelling =
  | {
      readonly outcome: 'ok';
      readonly found: Found;
      readonly attempt: string;
      readonly manager: NamedPerson;
    }
  | CannotTell;

/** What the form that tells a line manager needs. */
export async function prepareTelling(
  needs: GuidanceNeeds,
  asking: Needs,
  actor: Actor,
  about: AskedAbout,
): Promise<PreparedTelling> {
  if (!may(actor, 'ask-line-manager') || actor.kind !== 'person') return notAllowed;
  const found = await findToTell(needs, asking, actor, about);
  if (found.outcome !== 'ok') return found;
  const { managerName: name, managerAddress: address } = await needs.store.preferences.get(actor.id);
  return { outcome: 'ok', found, attempt: needs.newId(), manager: { name, address } };
}

async function findToTell(
  needs: GuidanceNeeds,
  asking: Needs,
  actor: PersonActing,
  about: AskedAbout,
): Promise<Found | CannotTell> {
  const found = await findQuestion(needs, asking, actor, about);
  if (found.outcome !== 'ok') return found;
  const { receipt, standing } = found;
  const isSuggested =
    receipt === null
      ? standing.answer.settled && suggestsTelling(asking, standing.answer)
      : receiptSuggestsTelling(asking, receipt);
  return isSuggested ? found : { outcome: 'not-offered' };
}

export type ToldManager =
  | { readonly outcome: 'ok'; readonly receipt: Receipt; readonly manager: NamedPerson }
  /** Nobody was named before, or something that was typed is wrong. */
  | { readonly outcome: 'cannot-tell'; readonly problems: readonly GuidanceProblem[] }
  /** The saved answer whose place a new one was to take has just stopped holding. */
  | { readonly outcome: 'overtaken' }
  | CannotTell;

/**
 * Tells a line manager what somebody is going to use: saves the answer where it is not saved yet, and writes the notice, in one
 * transaction with the events. Nothing is asked, and nothing hangs on it.
 */
export async function tellManager(
  needs: GuidanceNeeds,
  asking: Needs,
  actor: Actor,
  toTell: ToTellManager,
  origin: Origin,
): Promise<ToldManager> {
  if (!may(actor, 'ask-line-manager') || actor.kind !== 'person') return notAllowed;
  const earlier = await toldBefore(needs.store, actor, toTell);
  // Corrected and sent again, it is told again: to somebody else, or of an answer with other words.
  if (earlier?.outcome === 'told-otherwise')
    return tellManager(needs, asking, actor, { ...toTell, ...earlier.about, attempt: needs.newId() }, origin);
  if (earlier !== null) return earlier;
  const found = await findToTell(needs, asking, actor, toTell.about);
  if (found.outcome !== 'ok') return found;
  const last = await needs.store.preferences.get(actor.id);
  const typed = toTell.manager ?? { name: last.managerName, address: last.managerAddress };
  const { person: manager, problems } = await readManager(needs, actor, typed);
  const wrongWords = found.receipt === null ? wordsProblem(toTell.words) : null;
  const all: readonly GuidanceProblem[] =
    wrongWords === null ? problems : [...problems, { field: 'words', detail: wrongWords }];
  if (all.length > 0) return { outcome: 'cannot-tell', problems: all };
  try {
    return await needs.store.inOneTransaction((inside) =>
      writeTold(needs, asking, inside, actor, { ...toTell, manager, found }, origin),
    );
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
    const now = await toldBefore(needs.store, actor, toTell);
    return now === null || now.outcome === 'told-otherwise' ? { outcome: 'overtaken' } : now;
  }
}

type ToldOtherwise = {
  readonly outcome: 'told-otherwise';
  /** The answer that was saved then, where it is the same one now: it is not saved twice. */
  readonly about: Partial<Pick<ToTellManager, 'about'>>;
};

// The form was sent before: what it did then.
async function toldBefore(
  store: Store,
  actor: PersonActing,
  { attempt, about, manager, words }: ToTellManager,
): Promise<ToldManager | ToldOtherwise | null> {
  const earlier = await store.guidanceRequests.get(attempt);
  if (earlier === null) return null;
  const [receipt] = await store.receipts.byIds([earlier.receiptId]);
  if (earlier.personId !== actor.id || receipt === undefined) return { outcome: 'not-found' };
  const { managerName: name, managerAddress: address } = earlier;
  const isSameAnswer = about.kind === 'receipt' || receipt.words === typedText(words);
  const isSameManager = manager === null || foldAddress(manager.address) === address;
  if (isSameAnswer && isSameManager) return { outcome: 'ok', receipt, manager: { name, address } };
  const isSaved = isSameAnswer && stateOf(receipt) === 'live';
  return {
    outcome: 'told-otherwise',
    about: isSaved ? { about: { kind: 'receipt', reference: receipt.reference } } : {},
  };
}

// Whether it is permitted only because the asker claims a go-ahead.
function isPermittedByClaim({ standing, unclaimed }: Found): boolean {
  return standing !== unclaimed && !isPermission(unclaimed.answer.verdict);
}

async function writeTold(
  needs: GuidanceNeeds,
  asking: Needs,
  inside: Store,
  actor: PersonActing,
  {
    attempt,
    manager,
    words,
    supersedes,
    found,
  }: Omit<ToTellManager, 'manager'> & { readonly manager: NamedPerson; readonly found: Found },
  origin: Origin,
): Promise<ToldManager> {
  const problems = await capProblems(needs, inside, actor.id, manager);
  if (problems.length > 0) return { outcome: 'cannot-tell', problems };
  const { standing } = found;
  const read = readReference(supersedes);
  const old = read.ok ? await inside.receipts.byReference(read.reference) : null;
  const earlier =
    old !== null && old.personId === actor.id && stateOf(old) === 'live' ? { supersedes: old } : {};
  const { request, receipt } = await writeRequest(needs, asking, inside, {
    id: attempt,
    state: 'told',
    asker: actor,
    receipt: found.receipt,
    toSave: { standing, words, ...earlier },
    manager,
    note: '',
    remindOn: null,
    origin,
  });
  await writeNotice(needs, inside, {
    to:
      request.managerId === null
        ? { kind: 'address', name: manager.name, address: manager.address }
        : { kind: 'person', id: request.managerId },
    kind: 'manager-told',
    about: `receipt:${receipt.id}`,
    words: (isPermittedByClaim(found) ? toldOfClaimNotice : toldNotice)(
      actor.name,
      knownTool(standing),
      receipt.reference,
    ),
    causedBy: actor.id,
  });
  const what = { actor: actor.id, action: 'manager-told', entry: `receipt:${receipt.id}` } as const;
  await inside.audit.record(auditEvent(needs, what, origin, { manager: manager.address }));
  return { outcome: 'ok', receipt, manager };
}
