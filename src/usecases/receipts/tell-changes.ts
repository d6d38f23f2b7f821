import { system } from '#domain/people/actor.ts';
import {
  changeBetween,
  isOtherAnswer,
  type KnownWords,
  type ReceiptChange,
  unanswerable,
} from '#domain/receipts/change.ts';
import { coreOf } from '#domain/receipts/core.ts';
import { type Receipt, recordedOn } from '#domain/receipts/receipt.ts';
import type { Evaluation, KnownAnswer } from '#store/evaluations.ts';
import type { Store } from '#store/store.ts';
import { answerQuestion } from '../answer-question.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { Needs } from '../needs.ts';
import { writeNotice } from '../notices/write-notice.ts';
import { changeNotice } from './change-notice.ts';
import type { ReceiptNeeds } from './receipt-needs.ts';

/** What telling of changes needs: the guidance that this server answers from, and which one the database says is in force. */
export type TellingNeeds = {
  readonly people: ReceiptNeeds;
  readonly asking: Pick<Needs, 'policy'>;
  readonly inForceHash: (store: Store) => Promise<string>;
};

// Small, so that requests come in between, and somebody who saves an answer waits for no more than this.
const batch = 50;

/**
 * Looks at some of the saved answers that hold and were not looked at under the guidance in force and the day of today, and tells
 * the owners of those that come to something else: a change, a notice and an event of the audit trail, in one transaction with
 * what they know now. True: there may be more. Any number of servers may do so at once, and be stopped at any moment.
 */
export async function tellSomeChanges(needs: TellingNeeds): Promise<boolean> {
  const { store } = needs.people;
  const evaluation = await currentEvaluation(needs);
  if (evaluation === null) return false;
  if ((await store.evaluations.due(evaluation.number, 1)).length === 0) return false;
  return store.inOneTransaction(async (inside) => {
    // Another server may have taken a newer version into force in the meantime.
    const current = await inside.evaluations.current();
    if (current?.number !== evaluation.number) return true;
    const due = await inside.evaluations.due(evaluation.number, batch);
    const ids = due.map(({ receiptId }) => receiptId);
    const receipts = new Map((await inside.receipts.byIds(ids)).map((receipt) => [receipt.id, receipt]));
    const same: string[] = [];
    for (const known of due) {
      const receipt = receipts.get(known.receiptId);
      if (receipt === undefined) continue;
      const found = findChange(needs.asking, evaluation, receipt, known);
      if (found.core === known.core) same.push(receipt.id);
      else await tell(needs, inside, evaluation, receipt, { known, found });
    }
    await inside.evaluations.lookAtSame(evaluation.number, same);
    return due.length === batch;
  });
}

/**
 * The evaluation for the version in force and today; begun where there is none yet. Null while this server answers from another
 * version than the one in force. A day never goes back: a server whose clock is behind takes the day of the others.
 */
async function currentEvaluation(needs: TellingNeeds): Promise<Evaluation | null> {
  const { people, asking, inForceHash } = needs;
  const { hash } = asking.policy();
  if ((await inForceHash(people.store)) !== hash) return null;
  const current = await people.store.evaluations.current();
  const today = people.today();
  const isSameVersion = current?.policyHash === hash;
  if (current !== null && isSameVersion && current.on >= today) return current;
  return people.store.inOneTransaction(async (inside) => {
    // Read again: what is in force may have changed since.
    if ((await inForceHash(inside)) !== hash) return null;
    const next: Evaluation = {
      number: (current?.number ?? 0) + 1,
      policyHash: hash,
      on: current !== null && current.on > today ? current.on : today,
      startedAt: people.now().toISOString(),
      why: isSameVersion ? 'day' : 'version',
    };
    return (await inside.evaluations.begin(next)) ? next : null;
  });
}

async function tell(
  needs: TellingNeeds,
  inside: Store,
  evaluation: Evaluation,
  receipt: Receipt,
  { known, found }: { readonly known: KnownAnswer; readonly found: Found },
): Promise<void> {
  const now = { receiptId: receipt.id, core: found.core, words: found.words };
  // Another server has just done the same.
  if (!(await inside.evaluations.look(evaluation.number, now))) return;
  const { change } = found;
  if (change === null) return;
  const { people } = needs;
  const at = people.now().toISOString();
  await inside.evaluations.addChange({
    id: people.newId(),
    receiptId: receipt.id,
    personId: receipt.personId,
    at,
    evaluation: evaluation.number,
    before: known.core,
    after: found.core,
    change,
  });
  const about = `receipt:${receipt.id}`;
  const to = { kind: 'person', id: receipt.personId } as const;
  await writeNotice(people, inside, {
    to,
    kind: 'answer-changed',
    about,
    words: changeNotice(receipt, change),
  });
  const what = { actor: system, action: 'receipt-changed', entry: about } as const;
  const payload = {
    reference: receipt.reference,
    before: known.core,
    after: found.core,
    policy: change.policy,
  };
  await inside.audit.record(auditEvent(people, what, null, payload));
}

type Found = Pick<KnownAnswer, 'core' | 'words'> & {
  /** Null: whoever saved it knows all of it already. */
  readonly change: ReceiptChange | null;
};

/** What a saved answer comes to under a version and on a day, and what its owner is to be told. Writes nothing. */
export function findChange(
  { policy }: Pick<Needs, 'policy'>,
  { on, why }: Pick<Evaluation, 'on' | 'why'>,
  receipt: Receipt,
  known: Pick<KnownAnswer, 'core' | 'words'>,
): Found {
  const answered = answerQuestion(
    { policy, today: () => on },
    { facts: receipt.facts, recorded: recordedOn(receipt.recorded, on) },
  );
  const answer = answered.outcome === 'ok' ? answered.answer : null;
  const core = answer === null ? unanswerable : coreOf(answer);
  if (!isOtherAnswer(known.core, core)) return { core, words: known.words, change: null };
  const { pack, hash } = policy();
  const change = changeBetween(
    { core: known.core, words: known.words ?? (JSON.parse(receipt.answer) as KnownWords) },
    {
      core,
      answer,
      problems: answered.outcome === 'problems' ? answered.problems.map(({ detail }) => detail) : [],
      addsOf: (rule) => pack.rules.find(({ id }) => id === rule)?.adds ?? [],
    },
    { policy: { label: pack.label, hash }, on, why },
  );
  return { core, words: answer === null ? known.words : wordsOf(answer), change };
}

function wordsOf({ headline, reasons, conditions, nextSteps }: KnownWords): KnownWords {
  const named = (list: KnownWords['conditions']) => list.map(({ id, text }) => ({ id, text }));
  return {
    headline,
    reasons: reasons.map(({ rule, because, citations }) => ({ rule, because, citations })),
    conditions: named(conditions),
    nextSteps: named(nextSteps),
  };
}
