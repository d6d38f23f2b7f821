import type { Kysely } from 'kysely';
import type { KnownWords, ReceiptChange } from '#domain/receipts/change.ts';
import type { Day } from '#domain/shared/day.ts';
import type { Schema } from './schema.ts';

/** One going over all saved answers, for a version of the guidance and a day. Numbers only grow, and the greatest is the current one. */
export type Evaluation = {
  readonly number: number;
  readonly policyHash: string;
  readonly on: Day;
  readonly startedAt: string;
  readonly why: 'version' | 'day';
};

/** What the owner of a saved answer knows it comes to. `words` are null where they are those of the saved answer itself. */
export type KnownAnswer = {
  readonly receiptId: string;
  readonly core: string;
  readonly words: KnownWords | null;
};

/** A change that somebody was told of. */
export type ToldChange = {
  readonly id: string;
  readonly receiptId: string;
  /** The reference of the saved answer. */
  readonly reference: string;
  readonly personId: string;
  readonly at: string;
  readonly evaluation: number;
  /** Cores (src/domain/receipts/core.ts). */
  readonly before: string;
  readonly after: string;
  readonly change: ReceiptChange;
};

export type EvaluationStore = {
  readonly current: () => Promise<Evaluation | null>;
  /** Begins one. False where another server has begun one with this number. */
  readonly begin: (evaluation: Evaluation) => Promise<boolean>;
  /** Saved answers that hold and were not looked at in an evaluation, at most `limit`, always in the same order. */
  readonly due: (number: number, limit: number) => Promise<readonly KnownAnswer[]>;
  /** Saved answers that hold, in the order of their ids, at most `limit` after the one with the id `after`. */
  readonly known: (after: string, limit: number) => Promise<readonly KnownAnswer[]>;
  /** Writes down what a saved answer comes to. False where somebody has looked at it in this evaluation, or it does not hold any more. */
  readonly look: (number: number, known: KnownAnswer) => Promise<boolean>;
  /** The same for many that come to what was known of them. */
  readonly lookAtSame: (number: number, receiptIds: readonly string[]) => Promise<void>;
  readonly addChange: (change: Omit<ToldChange, 'reference'>) => Promise<void>;
  /** What a person was told, the newest first, at most `limit`, before the one with the id `before`. */
  readonly changesOf: (personId: string, limit: number, before?: string) => Promise<readonly ToldChange[]>;
  /** What was told of a saved answer, the newest first. */
  readonly changesOfReceipt: (receiptId: string) => Promise<readonly ToldChange[]>;
};

export function evaluationStore(db: () => Kysely<Schema>): EvaluationStore {
  const changes = () =>
    db()
      .selectFrom('receipt_changes')
      .innerJoin('receipts', 'receipts.id', 'receipt_changes.receipt_id')
      .selectAll('receipt_changes')
      .select('receipts.reference')
      .orderBy('receipt_changes.id', 'desc');
  return {
    async current() {
      const row = await db()
        .selectFrom('evaluations')
        .selectAll()
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return null;
      const { number, policy_hash: policyHash, on_day: on, started_at: startedAt } = row;
      return { number, policyHash, on, startedAt, why: row.why as Evaluation['why'] };
    },
    async begin({ number, policyHash, on, startedAt, why }) {
      const { numInsertedOrUpdatedRows } = await db()
        .insertInto('evaluations')
        .values({ number, policy_hash: policyHash, on_day: on, started_at: startedAt, why })
        .onConflict((conflict) => conflict.column('number').doNothing())
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async due(number, limit) {
      const rows = await db()
        .selectFrom('receipt_checks')
        .selectAll()
        .where('evaluation', '<', number)
        .orderBy('evaluation')
        .orderBy('receipt_id')
        .limit(limit)
        .execute();
      return rows.map(knownIn);
    },
    async known(after, limit) {
      const rows = await db()
        .selectFrom('receipt_checks')
        .selectAll()
        .where('receipt_id', '>', after)
        .orderBy('receipt_id')
        .limit(limit)
        .execute();
      return rows.map(knownIn);
    },
    async look(number, { receiptId, core, words }) {
      const { numUpdatedRows } = await db()
        .updateTable('receipt_checks')
        .set({ evaluation: number, core, words: words === null ? null : JSON.stringify(words) })
        .where('receipt_id', '=', receiptId)
        .where('evaluation', '<', number)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async lookAtSame(number, receiptIds) {
      if (receiptIds.length === 0) return;
      await db()
        .updateTable('receipt_checks')
        .set({ evaluation: number })
        .where('receipt_id', 'in', receiptIds)
        .where('evaluation', '<', number)
        .execute();
    },
    async addChange({ id, receiptId, personId, at, evaluation, before, after, change }) {
      await db()
        .insertInto('receipt_changes')
        .values({
          id,
          receipt_id: receiptId,
          person_id: personId,
          at,
          evaluation,
          before,
          after,
          change: JSON.stringify(change),
        })
        .execute();
    },
    async changesOf(personId, limit, before) {
      let query = changes().where('receipt_changes.person_id', '=', personId);
      if (before !== undefined) query = query.where('receipt_changes.id', '<', before);
      return (await query.limit(limit).execute()).map(changeIn);
    },
    async changesOfReceipt(receiptId) {
      return (await changes().where('receipt_id', '=', receiptId).execute()).map(changeIn);
    },
  };
}

function knownIn({ receipt_id: receiptId, core, words }: Schema['receipt_checks']): KnownAnswer {
  return { receiptId, core, words: words === null ? null : (JSON.parse(words) as KnownWords) };
}

function changeIn(row: Schema['receipt_changes'] & { readonly reference: string }): ToldChange {
  return {
    id: row.id,
    receiptId: row.receipt_id,
    reference: row.reference,
    personId: row.person_id,
    at: row.at,
    evaluation: row.evaluation,
    before: row.before,
    after: row.after,
    change: JSON.parse(row.change) as ReceiptChange,
  };
}
