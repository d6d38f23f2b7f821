import type { Actor, PersonActing } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { coreOf } from '#domain/receipts/core.ts';
import {
  isSameFacts,
  longestWords,
  type Receipt,
  type RecordedFact,
  signedTextOf,
} from '#domain/receipts/receipt.ts';
import { referenceCharacters, referenceOf } from '#domain/receipts/reference.ts';
import { daysAfter } from '#domain/shared/day.ts';
import { typedText, typedTextProblem } from '#domain/shared/typed-text.ts';
import type { Store } from '#store/store.ts';
import { answerAsJson } from '../answer-as-json.ts';
import type { Standing } from '../ask-page.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { Needs } from '../needs.ts';
import { Overtaken } from '../overtaken.ts';
import { type NotAllowed, notAllowed, type Origin } from '../people/people-needs.ts';
import type { ReceiptNeeds } from './receipt-needs.ts';

export type ToSave = {
  /** The id of the receipt: sent twice with the same one, it is saved once. Undefined: a new one. */
  readonly id?: string;
  /** Where the asker stands. Its answer was given with what of `recorded` holds today. */
  readonly standing: Standing;
  readonly words: string;
  readonly supersedes?: Receipt;
  readonly recorded?: readonly RecordedFact[];
};

type ToWrite = ToSave & {
  readonly owner: { readonly id: string; readonly name: string };
  readonly by: string;
  readonly origin: Origin;
};

export type Saved =
  | { readonly outcome: 'ok'; readonly receipt: Receipt }
  /** Not everything is answered yet, so there is no answer to save. */
  | { readonly outcome: 'not-settled' }
  | { readonly outcome: 'problems'; readonly problems: readonly { readonly detail: string }[] }
  /** The receipt whose place it was to take does not hold any more. */
  | { readonly outcome: 'overtaken' }
  | NotAllowed;

const mostDraws = 10;

/**
 * Saves the answer to a question for whoever asks: what was stated, what was known, the answer with every reason and condition, the
 * version of the guidance and the day, signed. `supersedes` is the receipt whose place it takes; where that does not hold any more, nothing
 * is saved (`overtaken`). One `id` with the same facts and words saves once; with others it saves another answer under an id of its own.
 */
export async function saveAnswer(
  needs: ReceiptNeeds,
  asking: Needs,
  actor: Actor,
  asked: ToSave,
  origin: Origin,
): Promise<Saved> {
  if (!may(actor, 'keep-receipts') || actor.kind !== 'person') return notAllowed;
  if (!asked.standing.answer.settled) return { outcome: 'not-settled' };
  const problem = wordsProblem(asked.words);
  if (problem !== null) return { outcome: 'problems', problems: [{ detail: problem }] };
  const before = await savedBefore(needs.store, actor, asked);
  const anew = (): Promise<Saved> =>
    saveAnswer(needs, asking, actor, { ...asked, id: needs.newId() }, origin);
  if (before.outcome === 'otherwise') return anew();
  if (before.outcome === 'same') return { outcome: 'ok', receipt: before.receipt };
  try {
    return await needs.store.inOneTransaction(async (inside) => ({
      outcome: 'ok',
      receipt: await writeReceipt(needs, asking, inside, { ...asked, owner: actor, by: actor.id, origin }),
    }));
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
    const now = await savedBefore(needs.store, actor, asked);
    if (now.outcome === 'same') return { outcome: 'ok', receipt: now.receipt };
    return now.outcome === 'otherwise' && asked.supersedes === undefined ? anew() : { outcome: 'overtaken' };
  }
}

type SavedBefore =
  | { readonly outcome: 'nothing' }
  /** The same form said the same: nothing is to be saved. */
  | { readonly outcome: 'same'; readonly receipt: Receipt }
  /** It was sent again with other words or facts, or after what it saved was withdrawn: that is another answer to save. */
  | { readonly outcome: 'otherwise'; readonly receipt: Receipt };

async function savedBefore(
  store: Store,
  actor: PersonActing,
  { id, standing, words }: ToSave,
): Promise<SavedBefore> {
  const [receipt] = id === undefined ? [] : await store.receipts.byIds([id]);
  if (receipt === undefined) return { outcome: 'nothing' };
  const isSame =
    receipt.personId === actor.id &&
    receipt.withdrawnAt === null &&
    receipt.words === typedText(words) &&
    isSameFacts(receipt.facts, standing.stated);
  return { outcome: isSame ? 'same' : 'otherwise', receipt };
}

/** What is wrong with what somebody wrote about what could go wrong; null where nothing is. */
export function wordsProblem(words: string): string | null {
  return typedTextProblem('What could go wrong', words, longestWords);
}

/**
 * Writes a receipt and its event, in a transaction of its caller (`inside`). `owner` is whose receipt it is, `by` the id of who
 * caused it: a line manager's decision makes one for the asker. The answer has to be settled, and the words short enough. Throws
 * `Overtaken` where the receipt whose place it takes does not hold any more, or one with its id was written by somebody quicker.
 */
export async function writeReceipt(
  needs: ReceiptNeeds,
  asking: Needs,
  inside: Store,
  { id = needs.newId(), standing, words, supersedes, recorded = [], owner, by, origin }: ToWrite,
): Promise<Receipt> {
  const { answer, stated } = standing;
  if (!answer.settled) throw new Error('an answer that is still open cannot be saved');
  const { pack } = asking.policy();
  const at = needs.now().toISOString();
  const { hash, label } = answer.policy;
  const receipt = {
    id,
    personId: owner.id,
    personName: owner.name,
    savedAt: at,
    on: answer.on,
    language: 'en',
    policyHash: hash,
    policyLabel: label,
    facts: Object.fromEntries(stated),
    recorded,
    answer: JSON.stringify(answerAsJson(pack, stated, answer)),
    core: coreOf(answer),
    words: typedText(words),
    keepUntil: daysAfter(needs.today(), needs.limits.receiptDays),
  };
  await inside.policyVersions.keep({ hash, label, texts: asking.texts }, at);
  const saved = await addSigned(needs, inside, receipt);
  if (supersedes !== undefined && !(await inside.receipts.supersede(supersedes.id, saved.id)))
    throw new Overtaken();
  const what = { actor: by, action: 'receipt-saved', entry: `receipt:${saved.id}` } as const;
  const replaced = supersedes === undefined ? {} : { inPlaceOf: supersedes.reference };
  await inside.audit.record(auditEvent(needs, what, origin, { reference: saved.reference, ...replaced }));
  return saved;
}

// Of 78 thousand million references hardly one is drawn twice; where it is, another one is drawn.
async function addSigned(
  needs: ReceiptNeeds,
  store: Store,
  unsigned: Omit<Receipt, 'reference' | 'signature' | 'supersededBy' | 'withdrawnAt'>,
): Promise<Receipt> {
  for (let draw = 0; draw < mostDraws; draw++) {
    const numbers = Array.from({ length: 8 }, () => needs.randomBelow(referenceCharacters.length));
    const named = { ...unsigned, reference: referenceOf(numbers) };
    const signature = needs.signer.sign(signedTextOf(named));
    const receipt: Receipt = { ...named, signature, supersededBy: null, withdrawnAt: null };
    if (await store.receipts.add(receipt)) return receipt;
    if ((await store.receipts.byIds([receipt.id])).length > 0) throw new Overtaken();
  }
  throw new Error('no free reference was found');
}
