import type { Kysely } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Policy } from '#domain/decision/policy.ts';
import { guidanceOf } from './guidance.ts';
import type { PolicyText } from './policy-folder.ts';
import type { Schema } from './schema.ts';

/** A version of the guidance, by the hash of its content. */
export type PolicyVersion = {
  readonly hash: string;
  readonly label: string;
  /** Its files; only asked for where the version is not kept yet. */
  readonly texts: () => readonly PolicyText[];
};

export type PolicyVersionStore = {
  /** Keeps a version. One that is kept already stays as it is. */
  readonly keep: (version: PolicyVersion, at: string) => Promise<void>;
  /** A version made ready for deciding; null where none with this hash is kept, or where this code cannot read it any more. */
  readonly get: (hash: string) => Promise<Policy | null>;
};

// Compiled, one takes a few megabytes. Same hash, same content, so they never go stale.
const ready = new LRUCache<string, Policy>({ max: 4 });

export function policyVersionStore(db: () => Kysely<Schema>): PolicyVersionStore {
  return {
    async keep({ hash, label, texts }, at) {
      const held = await db()
        .selectFrom('policy_versions')
        .select('hash')
        .where('hash', '=', hash)
        .executeTakeFirst();
      if (held !== undefined) return;
      const files = JSON.stringify(texts().map(({ name, text }) => [name, text]));
      await db()
        .insertInto('policy_versions')
        .values({ hash, label, files, kept_at: at })
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .execute();
    },
    async get(hash) {
      const known = ready.get(hash);
      if (known !== undefined) return known;
      const row = await db()
        .selectFrom('policy_versions')
        .select('files')
        .where('hash', '=', hash)
        .executeTakeFirst();
      if (row === undefined) return null;
      const texts = (JSON.parse(row.files) as [string, string][]).map(([name, text]) => ({ name, text }));
      const policy = guidanceOf(texts).ready?.policy;
      // What does not hash to its own name is not what was kept.
      if (policy === undefined || policy.hash !== hash) return null;
      ready.set(hash, policy);
      return policy;
    },
  };
}
