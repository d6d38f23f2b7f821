import type { Kysely } from 'kysely';
import type { NoticeChoice } from '#domain/notices/notice.ts';
import type { Schema } from './schema.ts';

/** What somebody chose, and the line manager they named last; empty texts where they never named one. */
export type Preferences = {
  readonly notices: NoticeChoice;
  readonly managerName: string;
  readonly managerAddress: string;
};

export type PreferenceStore = {
  /** What somebody chose; the usual where they never chose. */
  readonly get: (personId: string) => Promise<Preferences>;
  readonly save: (personId: string, preferences: Preferences) => Promise<void>;
};

const usual: Preferences = { notices: 'at-once', managerName: '', managerAddress: '' };

export function preferenceStore(db: () => Kysely<Schema>): PreferenceStore {
  return {
    async get(personId) {
      const row = await db()
        .selectFrom('preferences')
        .selectAll()
        .where('person_id', '=', personId)
        .executeTakeFirst();
      if (row === undefined) return usual;
      return {
        notices: row.notices as NoticeChoice,
        managerName: row.manager_name,
        managerAddress: row.manager_address,
      };
    },
    async save(personId, { notices, managerName, managerAddress }) {
      const values = { notices, manager_name: managerName, manager_address: managerAddress };
      await db()
        .insertInto('preferences')
        .values({ person_id: personId, ...values })
        .onConflict((conflict) => conflict.column('person_id').doUpdateSet(values))
        .execute();
    },
  };
}
