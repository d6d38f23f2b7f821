import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

export type SecretStore = {
  /** The secret with this name; made and kept where there is none yet. Every server gets the same. */
  readonly get: (name: string, make: () => string, at: string) => Promise<string>;
};

export function secretStore(db: () => Kysely<Schema>): SecretStore {
  return {
    async get(name, make, at) {
      const held = async () =>
        (await db().selectFrom('secrets').select('value').where('name', '=', name).executeTakeFirst())?.value;
      const known = await held();
      if (known !== undefined) return known;
      await db()
        .insertInto('secrets')
        .values({ name, value: make(), created_at: at })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute();
      return (await held()) ?? '';
    },
  };
}
