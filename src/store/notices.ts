import type { Kysely } from 'kysely';
import type { Notice, NoticeKind, NoticeState, NoticeWords } from '#domain/notices/notice.ts';
import type { DatabaseKind } from './database.ts';
import type { Schema } from './schema.ts';

/** What to look for among notices. Everything that is given must hold. */
export type NoticeSearch = {
  readonly state?: NoticeState;
  readonly kind?: NoticeKind;
  readonly personId?: string;
  /** Only notices before this id: the newest come first. */
  readonly before?: string;
};

export type NoticeStore = {
  readonly add: (notice: Notice) => Promise<void>;
  readonly get: (id: string) => Promise<Notice | null>;
  /** The notices of a person, the newest first, at most `limit`, before the one with the id `before`. Digests are left out: what they hold is in the list. */
  readonly listOf: (personId: string, limit: number, before?: string) => Promise<readonly Notice[]>;
  readonly search: (search: NoticeSearch, limit: number) => Promise<readonly Notice[]>;
  /** How many notices there are in each state that has any. */
  readonly countByState: () => Promise<ReadonlyMap<NoticeState, number>>;
  readonly countIn: (state: NoticeState) => Promise<number>;
  /** How many notices somebody caused since an instant, to addresses that they gave. */
  readonly countCausedBy: (personId: string, since: string) => Promise<number>;

  /** Takes the notice that has waited longest and is due, for whoever asks first, until `claimedUntil`, and counts the attempt. */
  readonly claim: (now: string, claimedUntil: string) => Promise<Notice | null>;
  /** The three ends of a claim. False where it is somebody else’s by now: then nothing is changed. */
  readonly markSent: (claim: Claim, sent: { way: string; as: string; at: string }) => Promise<boolean>;
  readonly markLater: (claim: Claim, later: { problem: string; dueAt: string }) => Promise<boolean>;
  readonly markGivenUp: (
    claim: Claim,
    end: { problem: string; way: string | null; at: string },
  ) => Promise<boolean>;
  /** Lets a notice that was given up wait again. False where it was not. */
  readonly tryAgain: (id: string, times: { dueAt: string; giveUpAt: string }) => Promise<boolean>;

  /** Somebody for whom a digest is due; null where there is nobody. */
  readonly digestDueFor: (now: string) => Promise<string | null>;
  /** Puts what is due for somebody’s digest into it, and says what that is, the oldest first. */
  readonly putInDigest: (personId: string, digestId: string, now: string) => Promise<readonly Notice[]>;
  /** Moves what waits for somebody and is not being sent to where it waits now. Says how many were moved. */
  readonly move: (personId: string, to: Moved, now: string) => Promise<number>;

  /** Removes notices that were to be kept until before `day`, at most `limit`, and says which. */
  readonly removeDue: (day: string, limit: number) => Promise<readonly string[]>;
  /** Which of these ids are those of notices. */
  readonly among: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
};

/** Whose it is to send a notice: whoever claimed it until then. */
export type Claim = { readonly id: string; readonly claimedUntil: string };

/** Where what waits goes: out by itself, into a digest, or to the page alone. */
export type Moved =
  | { readonly state: 'waiting'; readonly dueAt: string; readonly giveUpAt: string }
  | { readonly state: 'for-digest'; readonly dueAt: string }
  | { readonly state: 'page-only' };

/** `onAdded` is told of every notice that may have to be sent, inside its transaction. */
export function noticeStore(
  db: () => Kysely<Schema>,
  kind: DatabaseKind,
  onAdded: () => void = () => {},
): NoticeStore {
  const end = async ({ id, claimedUntil }: Claim, values: Partial<Schema['notices']>): Promise<boolean> => {
    const { numUpdatedRows } = await db()
      .updateTable('notices')
      .set({ ...values, claimed_until: null })
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .where('claimed_until', '=', claimedUntil)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  };
  return {
    async add(notice) {
      await db().insertInto('notices').values(rowOf(notice)).execute();
      onAdded();
    },
    async get(id) {
      const row = await db().selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : noticeIn(row);
    },
    async listOf(personId, limit, before) {
      let query = db().selectFrom('notices').selectAll().where('person_id', '=', personId);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.where('kind', '!=', 'digest').orderBy('id', 'desc').limit(limit).execute()).map(
        noticeIn,
      );
    },
    async search({ state, kind: about, personId, before }, limit) {
      let query = db().selectFrom('notices').selectAll();
      if (state !== undefined) query = query.where('state', '=', state);
      if (about !== undefined) query = query.where('kind', '=', about);
      if (personId !== undefined) query = query.where('person_id', '=', personId);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.orderBy('id', 'desc').limit(limit).execute()).map(noticeIn);
    },
    async countByState() {
      const rows = await db()
        .selectFrom('notices')
        .select((select) => ['state', select.fn.countAll<number>().as('count')])
        .groupBy('state')
        .execute();
      return new Map(rows.map(({ state, count }) => [state as NoticeState, Number(count)]));
    },
    async countIn(state) {
      const row = await db()
        .selectFrom('notices')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('state', '=', state)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    async countCausedBy(personId, since) {
      const row = await db()
        .selectFrom('notices')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('caused_by', '=', personId)
        .where('made_at', '>=', since)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },

    async claim(now, claimedUntil) {
      const row = await db()
        .updateTable('notices')
        .set((set) => ({ claimed_until: claimedUntil, attempts: set('attempts', '+', 1) }))
        .where('id', '=', (from) => {
          const due = from
            .selectFrom('notices')
            .select('id')
            .where('state', '=', 'waiting')
            .where('due_at', '<=', now)
            .where((where) =>
              where.or([where('claimed_until', 'is', null), where('claimed_until', '<=', now)]),
            )
            .orderBy('due_at')
            .orderBy('id')
            .limit(1);
          // On SQLite one writes at a time, so nothing has to be skipped.
          return kind === 'postgres' ? due.forUpdate().skipLocked() : due;
        })
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? null : noticeIn(row);
    },
    markSent: (claim, { way, as, at }) => end(claim, { state: 'sent', way, sent_as: as, ended_at: at }),
    markLater: (claim, { problem, dueAt }) => end(claim, { last_problem: problem, due_at: dueAt }),
    markGivenUp: (claim, { problem, way, at }) =>
      end(claim, { state: 'given-up', last_problem: problem, way, ended_at: at }),
    async tryAgain(id, { dueAt, giveUpAt }) {
      const { numUpdatedRows } = await db()
        .updateTable('notices')
        .set({ state: 'waiting', due_at: dueAt, give_up_at: giveUpAt, ended_at: null })
        .where('id', '=', id)
        .where('state', '=', 'given-up')
        .executeTakeFirst();
      onAdded();
      return numUpdatedRows > 0n;
    },

    async digestDueFor(now) {
      const row = await db()
        .selectFrom('notices')
        .select('person_id')
        .where('state', '=', 'for-digest')
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(1)
        .executeTakeFirst();
      return row?.person_id ?? null;
    },
    async putInDigest(personId, digestId, now) {
      const rows = await db()
        .updateTable('notices')
        .set({ state: 'in-digest', digest_id: digestId, ended_at: now })
        .where('person_id', '=', personId)
        .where('state', '=', 'for-digest')
        .where('due_at', '<=', now)
        .returningAll()
        .execute();
      return rows.map(noticeIn).sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async move(personId, to, now) {
      const from = {
        waiting: ['for-digest'],
        'for-digest': ['waiting'],
        'page-only': ['waiting', 'for-digest'],
      };
      let query = db()
        .updateTable('notices')
        .set(movedTo(to, now))
        .where('person_id', '=', personId)
        .where('state', 'in', from[to.state])
        .where((where) => where.or([where('claimed_until', 'is', null), where('claimed_until', '<=', now)]));
      // A digest that waits stays the one of its day.
      if (to.state === 'for-digest') query = query.where('kind', '!=', 'digest');
      const { numUpdatedRows } = await query.executeTakeFirst();
      if (to.state === 'waiting') onAdded();
      return Number(numUpdatedRows);
    },

    async removeDue(day, limit) {
      // Two servers may do so at once: each notice is named by the one that removed it.
      const rows = await db()
        .deleteFrom('notices')
        .where('id', 'in', (from) =>
          from
            .selectFrom('notices')
            .select('id')
            .where('keep_until', '<', day)
            .orderBy('keep_until')
            .limit(limit),
        )
        .returning('id')
        .execute();
      return rows.map(({ id }) => id).sort();
    },
    async among(ids) {
      if (ids.length === 0) return new Set();
      const rows = await db().selectFrom('notices').select('id').where('id', 'in', ids).execute();
      return new Set(rows.map(({ id }) => id));
    },
  };
}

function movedTo(to: Moved, now: string): Partial<Schema['notices']> {
  switch (to.state) {
    case 'waiting':
      return { state: to.state, due_at: to.dueAt, give_up_at: to.giveUpAt };
    case 'for-digest':
      return { state: to.state, due_at: to.dueAt };
    case 'page-only':
      return { state: to.state, ended_at: now };
    default:
      return to satisfies never;
  }
}

function rowOf(notice: Notice): Schema['notices'] {
  return {
    id: notice.id,
    person_id: notice.personId,
    to_name: notice.toName,
    to_address: notice.toAddress,
    kind: notice.kind,
    about: notice.about,
    words: JSON.stringify(notice.words),
    made_at: notice.madeAt,
    state: notice.state,
    due_at: notice.dueAt,
    give_up_at: notice.giveUpAt,
    claimed_until: notice.claimedUntil,
    attempts: notice.attempts,
    last_problem: notice.lastProblem,
    way: notice.way,
    sent_as: notice.sentAs,
    ended_at: notice.endedAt,
    digest_id: notice.digestId,
    caused_by: notice.causedBy,
    keep_until: notice.keepUntil,
  };
}

function noticeIn(row: Schema['notices']): Notice {
  return {
    id: row.id,
    personId: row.person_id,
    toName: row.to_name,
    toAddress: row.to_address,
    kind: row.kind as NoticeKind,
    about: row.about,
    words: JSON.parse(row.words) as NoticeWords,
    madeAt: row.made_at,
    state: row.state as NoticeState,
    dueAt: row.due_at,
    giveUpAt: row.give_up_at,
    claimedUntil: row.claimed_until,
    attempts: row.attempts,
    lastProblem: row.last_problem,
    way: row.way,
    sentAs: row.sent_as,
    endedAt: row.ended_at,
    digestId: row.digest_id,
    causedBy: row.caused_by,
    keepUntil: row.keep_until,
  };
}
