import type { Kysely, Selectable } from 'kysely';
import type {
  GuidanceRequest,
  GuidanceState,
  GuidanceStep,
  GuidanceStepKind,
} from '#domain/guidance-requests/guidance-request.ts';
import type { Schema } from './schema.ts';

/** Who a link was made for. */
export type KeyHolder = 'manager' | 'adviser';

/** What of a question changes as it goes on. */
export type GuidanceChange = Partial<
  Pick<
    GuidanceRequest,
    | 'managerName'
    | 'managerAddress'
    | 'managerId'
    | 'state'
    | 'remindOn'
    | 'reminders'
    | 'decidedAt'
    | 'until'
    | 'newReceiptId'
    | 'keepUntil'
  >
>;

export type GuidanceRequestStore = {
  /** Adds a question. False where there is one with this id, or an open one on the same saved answer. */
  readonly add: (request: GuidanceRequest) => Promise<boolean>;
  readonly get: (id: string) => Promise<GuidanceRequest | null>;
  /** What the link with this hash leads to, and whom it was made for. */
  readonly byKey: (
    keyHash: string,
  ) => Promise<{ readonly request: GuidanceRequest; readonly holder: KeyHolder } | null>;
  readonly addKey: (requestId: string, keyHash: string, holder: KeyHolder) => Promise<void>;
  /** No link leads to the question any more. */
  readonly dropKeys: (requestId: string) => Promise<void>;
  /**
   * Changes a question that still stands as it was seen: in the same state, with the same manager, reminded as often. False where
   * somebody was quicker; then nothing is changed.
   */
  readonly change: (
    seen: Pick<GuidanceRequest, 'id' | 'state' | 'managerAddress' | 'reminders'>,
    change: GuidanceChange,
  ) => Promise<boolean>;
  /** The questions of a person, the newest first, at most `limit`, before the one with the id `before`. */
  readonly listOf: (personId: string, limit: number, before?: string) => Promise<readonly GuidanceRequest[]>;
  /** The open questions of a person, the newest first, at most `limit`. */
  readonly listOpenOf: (personId: string, limit: number) => Promise<readonly GuidanceRequest[]>;
  /** Open questions that wait for a person, by who they are or by their address; the oldest first. */
  readonly listWaitingFor: (
    person: { readonly id: string; readonly address: string | null },
    limit: number,
  ) => Promise<readonly GuidanceRequest[]>;
  /** The questions that a person decided as line manager, the newest first, at most `limit`, before the one with the id `before`. */
  readonly listDecidedBy: (
    managerId: string,
    limit: number,
    before?: string,
  ) => Promise<readonly GuidanceRequest[]>;
  /** Everything that was asked or told about a saved answer, or that led to it; the newest first. */
  readonly listAbout: (receiptId: string) => Promise<readonly GuidanceRequest[]>;
  /** Open questions whose manager is to be reminded by `day`. */
  readonly toRemind: (day: string, limit: number) => Promise<readonly GuidanceRequest[]>;
  readonly addStep: (step: GuidanceStep) => Promise<void>;
  /** What happened to a question, in its order. */
  readonly stepsOf: (requestId: string) => Promise<readonly GuidanceStep[]>;
  /** Ids of questions that were to be kept until before `day`, at most `limit`. */
  readonly due: (day: string, limit: number) => Promise<readonly string[]>;
  readonly remove: (ids: readonly string[]) => Promise<void>;
};

const open = ['waiting', 'advice'];

export function guidanceRequestStore(db: () => Kysely<Schema>): GuidanceRequestStore {
  const newest = (limit: number, before?: string) => {
    const query = db().selectFrom('guidance_requests').selectAll().orderBy('id', 'desc').limit(limit);
    return before === undefined ? query : query.where('id', '<', before);
  };
  return {
    async add(request) {
      const { numInsertedOrUpdatedRows } = await db()
        .insertInto('guidance_requests')
        .values(rowOf(request))
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async get(id) {
      const row = await db()
        .selectFrom('guidance_requests')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? null : requestIn(row);
    },
    async byKey(keyHash) {
      const row = await db()
        .selectFrom('guidance_keys')
        .innerJoin('guidance_requests', 'guidance_requests.id', 'guidance_keys.request_id')
        .selectAll('guidance_requests')
        .select('guidance_keys.holder')
        .where('guidance_keys.key_hash', '=', keyHash)
        .executeTakeFirst();
      return row === undefined ? null : { request: requestIn(row), holder: row.holder as KeyHolder };
    },
    async addKey(requestId, keyHash, holder) {
      await db()
        .insertInto('guidance_keys')
        .values({ key_hash: keyHash, request_id: requestId, holder })
        .execute();
    },
    async dropKeys(requestId) {
      await db().deleteFrom('guidance_keys').where('request_id', '=', requestId).execute();
    },
    async change(seen, change) {
      const { numUpdatedRows } = await db()
        .updateTable('guidance_requests')
        .set(columnsOf(change))
        .where('id', '=', seen.id)
        .where('state', '=', seen.state)
        .where('manager_address', '=', seen.managerAddress)
        .where('reminders', '=', seen.reminders)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async listOf(personId, limit, before) {
      const rows = await newest(limit, before).where('person_id', '=', personId).execute();
      return rows.map(requestIn);
    },
    async listOpenOf(personId, limit) {
      const rows = await newest(limit).where('person_id', '=', personId).where('state', 'in', open).execute();
      return rows.map(requestIn);
    },
    async listWaitingFor({ id, address }, limit) {
      const rows = await db()
        .selectFrom('guidance_requests')
        .selectAll()
        .where('state', 'in', open)
        .where((is) =>
          address === null
            ? is('manager_id', '=', id)
            : is.or([is('manager_id', '=', id), is('manager_address', '=', address)]),
        )
        .where('person_id', '!=', id)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(requestIn);
    },
    async listDecidedBy(managerId, limit, before) {
      const rows = await newest(limit, before)
        .where('manager_id', '=', managerId)
        .where('state', 'in', ['go-ahead', 'refused'])
        .execute();
      return rows.map(requestIn);
    },
    async listAbout(receiptId) {
      const rows = await db()
        .selectFrom('guidance_requests')
        .selectAll()
        .where((is) => is.or([is('receipt_id', '=', receiptId), is('new_receipt_id', '=', receiptId)]))
        .orderBy('id', 'desc')
        .execute();
      return rows.map(requestIn);
    },
    async toRemind(day, limit) {
      const rows = await db()
        .selectFrom('guidance_requests')
        .selectAll()
        .where('state', 'in', open)
        .where('remind_on', '<=', day)
        .orderBy('remind_on')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(requestIn);
    },
    async addStep({ id, requestId, at, actor, actorName, kind, words, toName, toAddress }) {
      await db()
        .insertInto('guidance_steps')
        .values({
          id,
          request_id: requestId,
          at,
          actor,
          actor_name: actorName,
          kind,
          words,
          to_name: toName,
          to_address: toAddress,
        })
        .execute();
    },
    async stepsOf(requestId) {
      const rows = await db()
        .selectFrom('guidance_steps')
        .selectAll()
        .where('request_id', '=', requestId)
        .orderBy('id')
        .execute();
      return rows.map(stepIn);
    },
    async due(day, limit) {
      const rows = await db()
        .selectFrom('guidance_requests')
        .select('id')
        .where('keep_until', '<', day)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
    remove: (ids) => removeGuidanceRequests(db(), ids),
  };
}

/** Removes questions with everything that hangs on them. Also called where the saved answers that they are about go. */
export async function removeGuidanceRequests(db: Kysely<Schema>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  for (const table of ['guidance_keys', 'guidance_steps'] as const)
    await db.deleteFrom(table).where('request_id', 'in', ids).execute();
  await db.deleteFrom('guidance_requests').where('id', 'in', ids).execute();
}

function columnsOf(change: GuidanceChange): Partial<Schema['guidance_requests']> {
  const columns = {
    manager_name: change.managerName,
    manager_address: change.managerAddress,
    manager_id: change.managerId,
    state: change.state,
    remind_on: change.remindOn,
    reminders: change.reminders,
    decided_at: change.decidedAt,
    until_day: change.until,
    new_receipt_id: change.newReceiptId,
    keep_until: change.keepUntil,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

function rowOf(request: GuidanceRequest): Schema['guidance_requests'] {
  return {
    id: request.id,
    receipt_id: request.receiptId,
    person_id: request.personId,
    asker_name: request.askerName,
    note: request.note,
    manager_name: request.managerName,
    manager_address: request.managerAddress,
    manager_id: request.managerId,
    state: request.state,
    asked_at: request.askedAt,
    remind_on: request.remindOn,
    reminders: request.reminders,
    decided_at: request.decidedAt,
    until_day: request.until,
    new_receipt_id: request.newReceiptId,
    keep_until: request.keepUntil,
  };
}

function requestIn(row: Selectable<Schema['guidance_requests']>): GuidanceRequest {
  return {
    id: row.id,
    receiptId: row.receipt_id,
    personId: row.person_id,
    askerName: row.asker_name,
    note: row.note,
    managerName: row.manager_name,
    managerAddress: row.manager_address,
    managerId: row.manager_id,
    state: row.state as GuidanceState,
    askedAt: row.asked_at,
    remindOn: row.remind_on,
    reminders: row.reminders,
    decidedAt: row.decided_at,
    until: row.until_day,
    newReceiptId: row.new_receipt_id,
    keepUntil: row.keep_until,
  };
}

function stepIn(row: Selectable<Schema['guidance_steps']>): GuidanceStep {
  return {
    id: row.id,
    requestId: row.request_id,
    at: row.at,
    actor: row.actor,
    actorName: row.actor_name,
    kind: row.kind as GuidanceStepKind,
    words: row.words,
    toName: row.to_name,
    toAddress: row.to_address,
  };
}
