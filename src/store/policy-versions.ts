import type { Kysely } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Policy } from '#domain/decision/policy.ts';
import { type Guidance, guidanceOf } from './guidance.ts';
import type { PolicyText } from './policy-folder.ts';
import type { Schema } from './schema.ts';

/** A version of the guidance, by the hash of its content. */
export type PolicyVersion = {
  readonly hash: string;
  readonly label: string;
  /** Its files; only asked for where the version is not kept yet. */
  readonly texts: () => readonly PolicyText[];
};

/** A version as it stands in a list. */
export type KeptVersion = { readonly hash: string; readonly label: string; readonly keptAt: string };

/** A version with what is in it. `guidance.ready` is null where this code cannot read it. */
export type LoadedVersion = KeptVersion & { readonly guidance: Guidance };

export type PolicyVersionStore = {
  /** Keeps a version. One that is kept already stays as it is. */
  readonly keep: (version: PolicyVersion, at: string) => Promise<void>;
  /** A version made ready for deciding; null where none with this hash is kept, or where this code cannot read it any more. */
  readonly get: (hash: string) => Promise<Policy | null>;
  /**
   * A version with everything that is in it and everything that is wrong with it; null where none with this hash is kept. It is read
   * in steps between which others get a turn, and kept in memory for a while.
   */
  readonly load: (hash: string) => Promise<LoadedVersion | null>;
  /** All of them, the one that was kept last first. */
  readonly list: () => Promise<readonly KeptVersion[]>;
};

// Compiled, one takes a few megabytes. Same hash, same content, so they never go stale.
const loaded = new LRUCache<string, Promise<Guidance>>({ max: 6 });

/** Remembers a pack that was just read from its folder, so that the same version need not be read again from the database. */
export function rememberGuidance(guidance: Guidance): void {
  if (guidance.ready !== null) loaded.set(guidance.hash, Promise.resolve(guidance));
}

export function policyVersionStore(db: () => Kysely<Schema>): PolicyVersionStore {
  const store: PolicyVersionStore = {
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
      const { ready } = (await loaded.get(hash)) ?? (await store.load(hash))?.guidance ?? { ready: null };
      return ready?.policy ?? null;
    },
    async load(hash) {
      const row = await db()
        .selectFrom('policy_versions')
        .select(['label', 'kept_at'])
        .where('hash', '=', hash)
        .executeTakeFirst();
      if (row === undefined) return null;
      const guidance = await (loaded.get(hash) ?? read(hash, await filesOf(hash)));
      return { hash, label: row.label, keptAt: row.kept_at, guidance };
    },
    async list() {
      const rows = await db()
        .selectFrom('policy_versions')
        .select(['hash', 'label', 'kept_at'])
        .orderBy('kept_at', 'desc')
        .orderBy('hash')
        .execute();
      return rows.map(({ hash, label, kept_at: keptAt }) => ({ hash, label, keptAt }));
    },
  };
  return store;

  async function filesOf(hash: string): Promise<string> {
    const row = await db()
      .selectFrom('policy_versions')
      .select('files')
      .where('hash', '=', hash)
      .executeTakeFirstOrThrow();
    return row.files;
  }
}

function read(hash: string, files: string): Promise<Guidance> {
  const reading = understood(hash, files);
  loaded.set(hash, reading);
  // What is not sound is read again when somebody asks again.
  const forget = () => void (loaded.peek(hash) === reading && loaded.delete(hash));
  reading.then(({ ready }) => ready === null && forget(), forget);
  return reading;
}

async function understood(hash: string, files: string): Promise<Guidance> {
  const texts = (JSON.parse(files) as [string, string][]).map(([name, text]) => ({ name, text }));
  const guidance = await guidanceOf(texts);
  if (guidance.hash === hash) return guidance;
  // What does not hash to its own name is not what was kept.
  const message = `what is kept of this version is not what it was: its content has the hash ${guidance.hash}`;
  const problem = { level: 'error', file: 'pack.yaml', line: 1, message } as const;
  return { ...guidance, problems: [problem, ...guidance.problems], ready: null };
}
