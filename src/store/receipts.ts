import type { Kysely } from 'kysely';
import type { Receipt, RecordedFact } from '#domain/receipts/receipt.ts';
import { removeGuidanceRequests } from './guidance-requests.ts';
import type { Schema } from './schema.ts';

export type ReceiptStore = {
  /** Adds a receipt, which its owner is to be told of when it changes. False where its reference or its id is taken already. */
  readonly add: (receipt: Receipt) => Promise<boolean>;
  readonly byReference: (reference: string) => Promise<Receipt | null>;
  /** Those with these ids, in no order; ids that there are not are left out. */
  readonly byIds: (ids: readonly string[]) => Promise<readonly Receipt[]>;
  /** The receipts of a person, the newest first, at most `limit`, before the one with the id `before`. */
  readonly listOf: (personId: string, limit: number, before?: string) => Promise<readonly Receipt[]>;
  /** Says which receipt took the place of a live one. False where it is not live any more. */
  readonly supersede: (id: string, by: string) => Promise<boolean>;
  /** Withdraws a live receipt. False where it is not live any more. */
  readonly withdraw: (id: string, at: string) => Promise<boolean>;
  /** Ids of receipts that were to be kept until before `day`, at most `limit`. */
  readonly due: (day: string, limit: number) => Promise<readonly string[]>;
  readonly remove: (ids: readonly string[]) => Promise<void>;
};

export function receiptStore(db: () => Kysely<Schema>): ReceiptStore {
  const end = async (id: string, values: { superseded_by: string } | { withdrawn_at: string }) => {
    const { numUpdatedRows } = await db()
      .updateTable('receipts')
      .set(values)
      .where('id', '=', id)
      .where('superseded_by', 'is', null)
      .where('withdrawn_at', 'is', null)
      .executeTakeFirst();
    // Nobody is told any more of what does not hold any more.
    await db().deleteFrom('receipt_checks').where('receipt_id', '=', id).execute();
    return numUpdatedRows > 0n;
  };
  return {
    async add(receipt) {
      const { numInsertedOrUpdatedRows } = await db()
        .insertInto('receipts')
        .values(rowOf(receipt))
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if ((numInsertedOrUpdatedRows ?? 0n) === 0n) return false;
      // Evaluation 0 has never been: whatever came into force while it was saved, it is looked at again.
      const check = { receipt_id: receipt.id, evaluation: 0, core: receipt.core, words: null };
      await db().insertInto('receipt_checks').values(check).execute();
      return true;
    },
    async byReference(reference) {
      const row = await db()
        .selectFrom('receipts')
        .selectAll()
        .where('reference', '=', reference)
        .executeTakeFirst();
      return row === undefined ? null : receiptIn(row);
    },
    async byIds(ids) {
      if (ids.length === 0) return [];
      return (await db().selectFrom('receipts').selectAll().where('id', 'in', ids).execute()).map(receiptIn);
    },
    async listOf(personId, limit, before) {
      let query = db().selectFrom('receipts').selectAll().where('person_id', '=', personId);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.orderBy('id', 'desc').limit(limit).execute()).map(receiptIn);
    },
    supersede: (id, by) => end(id, { superseded_by: by }),
    withdraw: (id, at) => end(id, { withdrawn_at: at }),
    async due(day, limit) {
      const rows = await db()
        .selectFrom('receipts')
        .select('id')
        .where('keep_until', '<', day)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
    async remove(ids) {
      if (ids.length === 0) return;
      // Whose place one that goes has taken does not hold again: it ended when that one was saved.
      await db()
        .updateTable('receipts')
        .set(({ fn, ref, selectFrom }) => ({
          withdrawn_at: fn.coalesce(
            ref('withdrawn_at'),
            selectFrom('receipts as newer')
              .select('newer.saved_at')
              .whereRef('newer.id', '=', 'receipts.superseded_by'),
          ),
          superseded_by: null,
        }))
        .where('superseded_by', 'in', ids)
        .execute();
      await db().deleteFrom('receipt_checks').where('receipt_id', 'in', ids).execute();
      await db().deleteFrom('receipt_changes').where('receipt_id', 'in', ids).execute();
      // A question whose decision stands on a saved answer that stays, stays with that: whoever decided may take it back.
      await db()
        .updateTable('guidance_requests')
        .set(({ ref }) => ({ receipt_id: ref('new_receipt_id').$notNull() }))
        .where('receipt_id', 'in', ids)
        .where('new_receipt_id', 'is not', null)
        .where('new_receipt_id', 'not in', ids)
        .execute();
      const asked = await db()
        .selectFrom('guidance_requests')
        .select('id')
        .where('receipt_id', 'in', ids)
        .execute();
      await removeGuidanceRequests(
        db(),
        asked.map(({ id }) => id),
      );
      await db()
        .updateTable('guidance_requests')
        .set({ new_receipt_id: null })
        .where('new_receipt_id', 'in', ids)
        .execute();
      await db().deleteFrom('receipts').where('id', 'in', ids).execute();
    },
  };
}

function rowOf(receipt: Receipt): Schema['receipts'] {
  return {
    id: receipt.id,
    reference: receipt.reference,
    person_id: receipt.personId,
    person_name: receipt.personName,
    saved_at: receipt.savedAt,
    on_day: receipt.on,
    language: receipt.language,
    policy_hash: receipt.policyHash,
    policy_label: receipt.policyLabel,
    facts: JSON.stringify(Object.entries(receipt.facts)),
    answer: receipt.answer,
    core: receipt.core,
    words: receipt.words,
    keep_until: receipt.keepUntil,
    signature: receipt.signature,
    superseded_by: receipt.supersededBy,
    withdrawn_at: receipt.withdrawnAt,
    recorded: JSON.stringify(receipt.recorded),
  };
}

function receiptIn(row: Schema['receipts']): Receipt {
  return {
    id: row.id,
    reference: row.reference,
    personId: row.person_id,
    personName: row.person_name,
    savedAt: row.saved_at,
    on: row.on_day,
    language: row.language,
    policyHash: row.policy_hash,
    policyLabel: row.policy_label,
    facts: Object.fromEntries(JSON.parse(row.facts) as [string, string][]),
    recorded: JSON.parse(row.recorded) as RecordedFact[],
    answer: row.answer,
    core: row.core,
    words: row.words,
    keepUntil: row.keep_until,
    signature: row.signature,
    supersededBy: row.superseded_by,
    withdrawnAt: row.withdrawn_at,
  };
}
