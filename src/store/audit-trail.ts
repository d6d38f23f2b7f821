import type { Kysely } from 'kysely';
import { type AuditHead, appendToChain, emptyHead } from '#domain/audit/chain.ts';
import type { AuditRecord, NewAuditEvent } from '#domain/audit/event.ts';
import { sha256 } from '#platform/sha256.ts';
import type { Schema } from './schema.ts';

/** What to look for in the trail. Everything that is given must hold. */
export type AuditSearch = {
  /** An id, or the whole name or e-mail address of a person. */
  readonly actor?: string;
  readonly action?: string;
  /** An entry, or the kind of one: `session` finds `session:0199…`. */
  readonly entry?: string;
  /** Days, both inclusive. */
  readonly from?: string;
  readonly to?: string;
  /** Only events before this number: the newest come first. */
  readonly before?: number;
};

export type AuditTrail = {
  /** Writes events at the end of the chain, when the transaction commits. */
  readonly record: (event: NewAuditEvent) => Promise<void>;
  /** The newest events that fit, at most `limit`, with the name of who acted where it is known. */
  readonly search: (
    search: AuditSearch,
    limit: number,
  ) => Promise<readonly (AuditRecord & { readonly actorName: string | null })[]>;
  /** All events from the first on that fit, `batch` at a time, in the order of their numbers. */
  readonly read: (search?: AuditSearch) => AsyncIterable<AuditRecord>;
  readonly head: () => Promise<AuditHead>;
  /** Removes payloads that were to be kept until before `day`, at most `limit`, and says of which events. The events stay. */
  readonly dispose: (day: string, limit: number) => Promise<readonly number[]>;
};

const columns = [
  'audit_events.number',
  'at',
  'actor',
  'action',
  'entry',
  'payload_hash',
  'keep_until',
  'hash',
  'payload',
] as const;
const batch = 1_000;

/** `record` is given by whoever holds the transaction, because the head of the chain is locked last. */
export function auditTrail(
  db: () => Kysely<Schema>,
  record: (event: NewAuditEvent) => Promise<void>,
): AuditTrail {
  // In large or small letters. SQLite knows only those of English, so the name as it was typed counts too.
  const called = (text: string) =>
    db()
      .selectFrom('people')
      .select('id')
      .where((where) =>
        where.or([
          where('name', '=', text),
          where(where.fn<string>('lower', ['name']), '=', text.toLowerCase()),
          where(where.fn<string>('lower', ['email']), '=', text.toLowerCase()),
        ]),
      );
  const events = (search: AuditSearch) => {
    let query = db()
      .selectFrom('audit_events')
      .leftJoin('audit_payloads', 'audit_payloads.number', 'audit_events.number')
      .select(columns);
    const { actor } = search;
    if (actor !== undefined)
      query = query.where((where) =>
        where.or([where('actor', '=', actor), where('actor', 'in', called(actor))]),
      );
    if (search.action !== undefined) query = query.where('action', '=', search.action);
    const { entry } = search;
    if (entry !== undefined) {
      query = entry.includes(':')
        ? query.where('entry', '=', entry)
        : // The character after the colon: everything that starts with the kind, found by the index.
          query.where('entry', '>=', `${entry}:`).where('entry', '<', `${entry};`);
    }
    if (search.from !== undefined) query = query.where('at', '>=', search.from);
    if (search.to !== undefined) query = query.where('at', '<', search.to);
    if (search.before !== undefined) query = query.where('audit_events.number', '<', search.before);
    return query;
  };
  return {
    record,
    async search(search, limit) {
      const rows = await events(search)
        .leftJoin('people', 'people.id', 'audit_events.actor')
        .select('people.name')
        .orderBy('audit_events.number', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...recordOf(row), actorName: row.name || null }));
    },
    async *read(search = {}) {
      for (let last = 0; ; ) {
        const rows = await events(search)
          .where('audit_events.number', '>', last)
          .orderBy('audit_events.number')
          .limit(batch)
          .execute();
        for (const row of rows) yield recordOf(row);
        if (rows.length < batch) return;
        last = rows.at(-1)?.number ?? last;
      }
    },
    async head() {
      // The row that writing goes by, and no other.
      const row = db().selectFrom('audit_head').select(['number', 'hash']).where('id', '=', 1);
      return (await row.executeTakeFirst()) ?? emptyHead;
    },
    async dispose(day, limit) {
      // Two servers may do so at once: each payload is named by the one that removed it.
      const rows = await db()
        .deleteFrom('audit_payloads')
        .where('number', 'in', (from) =>
          from
            .selectFrom('audit_events')
            .innerJoin('audit_payloads as there', 'there.number', 'audit_events.number')
            .select('audit_events.number')
            .where('keep_until', '<', day)
            .orderBy('audit_events.number')
            .limit(limit),
        )
        .returning('number')
        .execute();
      return rows.map(({ number }) => number).sort((a, b) => a - b);
    },
  };
}

/** Puts events at the end of the chain. To be called last in a transaction: until it ends nobody else can write any. */
export async function appendEvents(db: Kysely<Schema>, events: readonly NewAuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  const head = await lockHead(db);
  const { records, head: end } = appendToChain(head, events, sha256);
  await db
    .insertInto('audit_events')
    .values(
      records.map(({ number, at, actor, action, entry, payloadHash, keepUntil, hash }) => ({
        number,
        at,
        actor,
        action,
        entry,
        payload_hash: payloadHash,
        keep_until: keepUntil,
        hash,
      })),
    )
    .execute();
  await db
    .insertInto('audit_payloads')
    .values(records.map(({ number, payload }) => ({ number, payload: payload ?? '' })))
    .execute();
  await db
    .updateTable('audit_head')
    .set({ number: end.number, hash: end.hash })
    .where('id', '=', 1)
    .execute();
}

// Writing to the row locks it on both databases, also where several servers write for the very first time.
async function lockHead(db: Kysely<Schema>): Promise<AuditHead> {
  await db
    .insertInto('audit_head')
    .values({ id: 1, number: emptyHead.number, hash: emptyHead.hash })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ id: 1 }))
    .execute();
  return db.selectFrom('audit_head').select(['number', 'hash']).where('id', '=', 1).executeTakeFirstOrThrow();
}

type Row = Schema['audit_events'] & { readonly payload: string | null };

function recordOf({
  number,
  at,
  actor,
  action,
  entry,
  payload_hash,
  keep_until,
  hash,
  payload,
}: Row): AuditRecord {
  return {
    number,
    at,
    actor,
    action,
    entry,
    payloadHash: payload_hash,
    keepUntil: keep_until,
    hash,
    // SQLite gives bytes where somebody turned a text into bytes. They are no text then, although they read the same.
    payload: payload === null ? null : String(payload),
  };
}
