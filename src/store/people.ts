import { type Kysely, sql } from 'kysely';
import { isRole, type Role } from '#domain/people/roles.ts';
import type { Schema } from './schema.ts';

/** Somebody who has signed in at least once. */
export type Person = {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  /** What the last sign-in brought. */
  readonly roles: readonly Role[];
};

export type PeopleStore = {
  /** Writes down who signed in: makes the person where the provider's name for it is new, and brings the rest up to date. */
  readonly save: (person: Person, at: string) => Promise<Person>;
  readonly get: (id: string) => Promise<Person | null>;
  /**
   * Empties what is known of people who were seen last before an instant: name, e-mail address, roles. Who they are to the provider
   * stays, so that they are the same person where they come back.
   */
  readonly forget: (seenBefore: string) => Promise<void>;
  /** Everybody whose last sign-in brought one of these roles, by id, at most `limit`. */
  readonly withRole: (roles: readonly Role[], limit: number) => Promise<readonly Person[]>;
  /** Whether anybody has signed in for whom somebody else than `issuer` vouched. */
  readonly hasIssuerBeside: (issuer: string) => Promise<boolean>;
  /** The names of people by their ids. Ids that nobody has are left out. */
  readonly namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** In a transaction: whatever else is to be done for this person in one that locks them too waits until it has ended. */
  readonly lock: (id: string) => Promise<void>;
  /** Whoever signed in last with this e-mail address, in whatever letters. */
  readonly byEmail: (address: string) => Promise<Person | null>;
};

export function peopleStore(db: () => Kysely<Schema>): PeopleStore {
  return {
    async save(person, at) {
      const { id, issuer, subject, name, email } = person;
      const roles = JSON.stringify(person.roles);
      const row = await db()
        .insertInto('people')
        .values({ id, issuer, subject, name, email, roles, created_at: at, seen_at: at })
        .onConflict((conflict) =>
          conflict.columns(['issuer', 'subject']).doUpdateSet({ name, email, roles, seen_at: at }),
        )
        .returning('id')
        .executeTakeFirstOrThrow();
      return { ...person, id: row.id };
    },
    async get(id) {
      const row = await db().selectFrom('people').select(columns).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : { ...row, roles: rolesIn(row.roles) };
    },
    async lock(id) {
      // Writing to the row locks it on both databases.
      await db()
        .updateTable('people')
        .set(({ ref }) => ({ seen_at: ref('seen_at') }))
        .where('id', '=', id)
        .execute();
    },
    async byEmail(address) {
      const row = await db()
        .selectFrom('people')
        .select(columns)
        .where(sql`lower(email)`, '=', address.toLowerCase())
        .orderBy('seen_at', 'desc')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : { ...row, roles: rolesIn(row.roles) };
    },
    async forget(seenBefore) {
      await db()
        .updateTable('people')
        .set({ name: '', email: null, roles: '[]' })
        .where('seen_at', '<', seenBefore)
        .where('name', '<>', '')
        .execute();
      // The line manager that they named last is somebody too.
      await db()
        .deleteFrom('preferences')
        .where('person_id', 'in', db().selectFrom('people').select('id').where('name', '=', ''))
        .execute();
    },
    async withRole(roles, limit) {
      if (roles.length === 0) return [];
      const rows = await db()
        .selectFrom('people')
        .select(['id', 'issuer', 'subject', 'name', 'email', 'roles'])
        // A JSON list of names without any character that would be written otherwise.
        .where((row) => row.or(roles.map((role) => row('roles', 'like', `%"${role}"%`))))
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row, roles: rolesIn(row.roles) }));
    },
    async hasIssuerBeside(issuer) {
      const row = await db()
        .selectFrom('people')
        .select('id')
        .where('issuer', '!=', issuer)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async namesOf(ids) {
      if (ids.length === 0) return new Map();
      const rows = await db().selectFrom('people').select(['id', 'name']).where('id', 'in', ids).execute();
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
  };
}

const columns = ['id', 'issuer', 'subject', 'name', 'email', 'roles'] as const;

/** Roles as a column holds them. Names that no role has any more are left out. */
export function rolesIn(column: string): Role[] {
  return (JSON.parse(column) as unknown[]).filter(isRole);
}
