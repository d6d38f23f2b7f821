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
  };
}

const columns = ['id', 'issuer', 'subject', 'name', 'email', 'roles'] as const;

/** Roles as a column holds them. Names that no role has any more are left out. */
export function rolesIn(column: string): Role[] {
  return (JSON.parse(column) as unknown[]).filter(isRole);
}
