import type { Kysely } from 'kysely';
import type { Notice, NoticeKind, NoticeState, NoticeWords } from '#domain/notices/notice.ts';
import type { Schema } from './schema.ts';

export type NoticeStore = {
  readonly add: (notice: Notice) => Promise<void>;
  readonly get: (id: string) => Promise<Notice | null>;
  /** The notices of a person, the newest first, at most `limit`, before the one with the id `before`. */
  readonly listOf: (personId: string, limit: number, before?: string) => Promise<readonly Notice[]>;
};

export function noticeStore(db: () => Kysely<Schema>): NoticeStore {
  return {
    async add(notice) {
      await db()
        .insertInto('notices')
        .values({
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
          claimed_until: null,
          attempts: notice.attempts,
          last_problem: notice.lastProblem,
          way: notice.way,
          sent_as: notice.sentAs,
          ended_at: notice.endedAt,
          digest_id: notice.digestId,
          keep_until: notice.keepUntil,
        })
        .execute();
    },
    async get(id) {
      const row = await db().selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : noticeIn(row);
    },
    async listOf(personId, limit, before) {
      let query = db().selectFrom('notices').selectAll().where('person_id', '=', personId);
      if (before !== undefined) query = query.where('id', '<', before);
      return (await query.orderBy('id', 'desc').limit(limit).execute()).map(noticeIn);
    },
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
    attempts: row.attempts,
    lastProblem: row.last_problem,
    way: row.way,
    sentAs: row.sent_as,
    endedAt: row.ended_at,
    digestId: row.digest_id,
    keepUntil: row.keep_until,
  };
}
