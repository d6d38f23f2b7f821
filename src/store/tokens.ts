import type { Kysely } from 'kysely';
import type { Role } from '#domain/people/roles.ts';
import { rolesIn } from './people.ts';
import type { Schema } from './schema.ts';

/** An access token that a person made for a program. */
export type AccessToken = {
  readonly id: string;
  readonly personId: string;
  readonly label: string;
  readonly roles: readonly Role[];
  readonly createdAt: string;
  /** The last day on which it holds. */
  readonly endsOn: string;
  readonly usedOn: string | null;
  readonly endedAt: string | null;
};

export type TokenStore = {
  readonly add: (token: AccessToken, keyHash: string) => Promise<void>;
  /** The token with this key, with the name of the person and the roles that the person has now. */
  readonly find: (
    keyHash: string,
  ) => Promise<(AccessToken & { readonly name: string; readonly personRoles: readonly Role[] }) | null>;
  readonly touch: (id: string, usedOn: string) => Promise<void>;
  /** The tokens of a person, the newest first, ended ones too. */
  readonly listOf: (personId: string) => Promise<readonly AccessToken[]>;
  /** Ends a token of a person. False where there is none with this id that still holds. */
  readonly end: (id: string, personId: string, at: string) => Promise<boolean>;
  /** Ends all tokens of a person that still hold. */
  readonly endAllOf: (personId: string, at: string) => Promise<void>;
  /** Forgets those that were ended, or had their last day, before a day. */
  readonly forget: (before: string) => Promise<void>;
};

export function tokenStore(db: () => Kysely<Schema>): TokenStore {
  return {
    async add({ id, personId, label, roles, createdAt, endsOn, usedOn, endedAt }, keyHash) {
      await db()
        .insertInto('tokens')
        .values({
          id,
          person_id: personId,
          key_hash: keyHash,
          label,
          roles: JSON.stringify(roles),
          created_at: createdAt,
          ends_on: endsOn,
          used_on: usedOn,
          ended_at: endedAt,
        })
        .execute();
    },
    async find(keyHash) {
      const row = await db()
        .selectFrom('tokens')
        .innerJoin('people', 'people.id', 'tokens.person_id')
        .selectAll('tokens')
        .select(['people.name', 'people.roles as person_roles'])
        .where('key_hash', '=', keyHash)
        .executeTakeFirst();
      if (row === undefined) return null;
      return { ...tokenOf(row), name: row.name, personRoles: rolesIn(row.person_roles) };
    },
    async touch(id, usedOn) {
      await db()
        .updateTable('tokens')
        .set({ used_on: usedOn })
        .where('id', '=', id)
        .where((where) => where.or([where('used_on', 'is', null), where('used_on', '<', usedOn)]))
        .execute();
    },
    async listOf(personId) {
      const rows = await db()
        .selectFrom('tokens')
        .selectAll()
        .where('person_id', '=', personId)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute();
      return rows.map(tokenOf);
    },
    async end(id, personId, at) {
      const { numUpdatedRows } = await db()
        .updateTable('tokens')
        .set({ ended_at: at })
        .where('id', '=', id)
        .where('person_id', '=', personId)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async endAllOf(personId, at) {
      await db()
        .updateTable('tokens')
        .set({ ended_at: at })
        .where('person_id', '=', personId)
        .where('ended_at', 'is', null)
        .execute();
    },
    async forget(before) {
      await db()
        .deleteFrom('tokens')
        .where((where) => where.or([where('ends_on', '<', before), where('ended_at', '<', before)]))
        .execute();
    },
  };
}

function tokenOf(row: Omit<Schema['tokens'], 'key_hash'>): AccessToken {
  return {
    id: row.id,
    personId: row.person_id,
    label: row.label,
    roles: rolesIn(row.roles),
    createdAt: row.created_at,
    endsOn: row.ends_on,
    usedOn: row.used_on,
    endedAt: row.ended_at,
  };
}
