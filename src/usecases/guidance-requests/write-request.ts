import type { GuidanceRequest, GuidanceStepKind } from '#domain/guidance-requests/guidance-request.ts';
import type { PersonActing } from '#domain/people/actor.ts';
import type { Receipt } from '#domain/receipts/receipt.ts';
import { type Day, daysAfter } from '#domain/shared/day.ts';
import { typedText } from '#domain/shared/typed-text.ts';
import type { Store } from '#store/store.ts';
import type { Needs } from '../needs.ts';
import { Overtaken } from '../overtaken.ts';
import type { Origin } from '../people/people-needs.ts';
import { type ToSave, writeReceipt } from '../receipts/save-answer.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';
import { type NamedPerson, rememberManager } from './named-person.ts';

/** What goes to a line manager: a question that waits for them, or what they are only told. */
export type RequestToWrite = {
  /** Of the form: sent twice, it is written once. */
  readonly id: string;
  readonly state: 'waiting' | 'told';
  readonly asker: PersonActing;
  /** The saved answer that it is about; null where it is still to be saved, from `toSave`. */
  readonly receipt: Receipt | null;
  readonly toSave: Pick<ToSave, 'standing' | 'words' | 'supersedes'>;
  readonly manager: NamedPerson;
  readonly note: string;
  /** Null: nobody is reminded. */
  readonly remindOn: Day | null;
  readonly origin: Origin;
};

export type WrittenRequest = { readonly request: GuidanceRequest; readonly receipt: Receipt };

/**
 * Writes down what goes to a line manager, in a transaction of its caller (`inside`): the saved answer, where there is none yet, the
 * request with its first step, and whom the asker named. The notice and the event are the caller's. Throws `Overtaken` where the same
 * form was written by somebody quicker, where another question on the same saved answer is open, and where the saved answer whose place the new one takes does not hold any more.
 */
export async function writeRequest(
  needs: GuidanceNeeds,
  asking: Needs,
  inside: Store,
  { id, state, asker, receipt: found, toSave, manager, note, remindOn, origin }: RequestToWrite,
): Promise<WrittenRequest> {
  const at = needs.now().toISOString();
  const saving = { ...toSave, owner: asker, by: asker.id, origin };
  const receipt = found ?? (await writeReceipt(needs, asking, inside, saving));
  const known = await inside.people.byEmail(manager.address);
  const isOnlyTold = state === 'told';
  const request: GuidanceRequest = {
    id,
    receiptId: receipt.id,
    personId: asker.id,
    askerName: asker.name,
    note: typedText(note),
    managerName: manager.name,
    managerAddress: manager.address,
    managerId: known?.id ?? null,
    state,
    askedAt: at,
    remindOn,
    reminders: 0,
    // Nothing more happens to what was only told, and it goes with its saved answer. A question may be about one from long ago.
    decidedAt: isOnlyTold ? at : null,
    until: null,
    newReceiptId: null,
    keepUntil: isOnlyTold ? receipt.keepUntil : daysAfter(needs.today(), needs.limits.receiptDays),
  };
  if (!(await inside.guidanceRequests.add(request))) throw new Overtaken();
  const kind = isOnlyTold ? 'told' : 'asked';
  await writeStep(needs, inside, { request, by: asker, kind, words: note, to: manager, at });
  await rememberManager(inside, asker.id, manager);
  return { request, receipt };
}

/** Writes down what happened to a request, in the transaction of what it tells of (`inside`). */
export async function writeStep(
  needs: Pick<GuidanceNeeds, 'now' | 'newId'>,
  inside: Store,
  step: {
    readonly request: Pick<GuidanceRequest, 'id'>;
    /** Who did it; the product itself has no name. */
    readonly by: Pick<PersonActing, 'id' | 'name'>;
    readonly kind: GuidanceStepKind;
    /** As they were typed; empty where nothing was written. */
    readonly words: string;
    /** Whom it went to; left out where it went to nobody. */
    readonly to?: NamedPerson;
    /** Where the request says the same instant; now where it is left out. */
    readonly at?: string;
  },
): Promise<void> {
  await inside.guidanceRequests.addStep({
    id: needs.newId(),
    requestId: step.request.id,
    at: step.at ?? needs.now().toISOString(),
    actor: step.by.id,
    actorName: step.by.name,
    kind: step.kind,
    words: typedText(step.words),
    toName: step.to?.name ?? '',
    toAddress: step.to?.address ?? '',
  });
}
