import type { Kysely } from 'kysely';
import type { Role } from '#domain/people/roles.ts';
import { rolesIn } from './people.ts';
import type { Schema } from './schema.ts';

/** A browser that is signed in. Instants are UTC text. */
export type Session = {
  readonly id: string;
  readonly personId: string;
  readonly roles: readonly Role[];
  /** The browser in words. */
  readonly device: string;
  readonly createdAt: string;
  readonly usedAt: string;
  /** It ends then, however much it is used. */
  readonly endsAt: string;
  readonly idToken: string | null;
};

export type SessionStore = {
  /** `keyHash` is the hash of what the browser holds. */
  readonly add: (session: Session, keyHash: string) => Promise<void>;
  /** The session with this key and the person's name, whether it still holds or not. */
  readonly find: (keyHash: string) => Promise<(Session & { readonly name: string }) | null>;
  readonly touch: (id: string, usedAt: string) => Promise<void>;
  /** The sessions of a person that were used since `usedAfter` and end after `now`, the one used last first. */
  readonly listOf: (personId: string, usedAfter: string, now: string) => Promise<readonly Session[]>;
  /** Ends a session of a person. False where there is none with this id. */
  readonly end: (id: string, personId: string) => Promise<boolean>;
  /** Ends all sessions of a person. */
  readonly endAllOf: (personId: string) => Promise<void>;
  /** Forgets those that ended, or were used last, before. Returns how many. */
  readonly forget: (usedBefore: string, now: string) => Promise<number>;
};

export function sessionStore(db: () => Kysely<Schema>): SessionStore {
  return {
    async add({ id, personId, roles, device, createdAt, usedAt, endsAt, idToken }, keyHash) {
      await db()
        .insertInto('sessions')
        .values({
          id,
          key_hash: keyHash,
          person_id: personId,
          roles: JSON.stringify(roles),
          browser: device,
          created_at: createdAt,
          used_at: usedAt,
          ends_at: endsAt,
          id_token: idToken,
        })
        .execute();
    },
    async find(keyHash) {
      const row = await db()
        .selectFrom('sessions')
        .innerJoin('people', 'people.id', 'sessions.person_id')
        .selectAll('sessions')
        .select('people.name')
        .where('key_hash', '=', keyHash)
        .executeTakeFirst();
      return row === undefined ? null : { ...sessionOf(row), name: row.name };
    },
    async touch(id, usedAt) {
      await db().updateTable('sessions').set({ used_at: usedAt }).where('id', '=', id).execute();
    },
    async listOf(personId, usedAfter, now) {
      const rows = await db()
        .selectFrom('sessions')
        .selectAll()
        .where('person_id', '=', personId)
        .where('used_at', '>=', usedAfter)
        .where('ends_at', '>', now)
        .orderBy('used_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(sessionOf);
    },
    async end(id, personId) {
      const { numDeletedRows } = await db()
        .deleteFrom('sessions')
        .where('id', '=', id)
        .where('person_id', '=', personId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    async endAllOf(personId) {
      await db().deleteFrom('sessions').where('person_id', '=', personId).execute();
    },
    async forget(usedBefore, now) {
      const { numDeletedRows } = await db()
        .deleteFrom('sessions')
        .where((where) => where.or([where('used_at', '<', usedBefore), where('ends_at', '<=', now)]))
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

function sessionOf(row: Omit<Schema['sessions'], 'key_hash'>): Session {
  return {
    id: row.id,
    personId: row.person_id,
    roles: rolesIn(row.roles),
    device: row.browser,
    createdAt: row.created_at,
    usedAt: row.used_at,
    endsAt: row.ends_at,
    idToken: row.id_token,
  };
}
