import type { Kysely } from 'kysely';
import { leastShown } from '#domain/usage/small-counts.ts';
import type { Schema } from './schema.ts';

/** One line of what was asked: how often, on a day, of a tool, by people of an organisation, with this verdict for this rule. */
export type AskedCount = {
  readonly day: string;
  /** The id of the tool; empty where none was named or where nobody knows it. */
  readonly tool: string;
  readonly organisation: string;
  readonly verdict: string;
  /** The rule that decided. */
  readonly rule: string;
  readonly times: number;
};

/** A name to be counted, and what stands for it while it may not be read. */
export type NameToAdd = UnknownName & { readonly hidden: string };

export type UnknownName = { readonly day: string; readonly name: string; readonly times: number };

/** A question whose answer did not help: its facts and nothing else. */
export type Unhelpful = {
  readonly id: string;
  readonly day: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly verdict: string;
  readonly policy: string;
};

export type UsageStore = {
  /**
   * Adds to what is counted already. No key may stand in it twice. To be called in a transaction, so that it is all or nothing. A name
   * is stored as `hidden` until it has been asked about often enough to be shown.
   */
  readonly add: (asked: readonly AskedCount[], names: readonly NameToAdd[]) => Promise<void>;
  /** Counts over the days from `from` to `to`, both inclusive, summed over the days. */
  readonly asked: (from: string, to: string) => Promise<readonly Omit<AskedCount, 'day'>[]>;
  /** How often anything was asked, day by day. */
  readonly perDay: (
    from: string,
    to: string,
  ) => Promise<readonly { readonly day: string; readonly times: number }[]>;
  readonly unknownNames: (
    from: string,
    to: string,
    least: number,
    limit: number,
  ) => Promise<readonly Omit<UnknownName, 'day'>[]>;
  readonly addUnhelpful: (unhelpful: Unhelpful) => Promise<void>;
  /** The newest first. */
  readonly unhelpful: (limit: number) => Promise<readonly Unhelpful[]>;
  /** Forgets what was counted before a day. */
  readonly forget: (before: string) => Promise<void>;
};

export function usageStore(db: () => Kysely<Schema>): UsageStore {
  return {
    async add(asked, names) {
      for (const rows of batchesOf(inOrder(asked, keyOf))) {
        await db()
          .insertInto('asked')
          .values(rows)
          .onConflict((conflict) =>
            conflict
              .columns(['day', 'tool', 'organisation', 'verdict', 'rule'])
              .doUpdateSet((row) => ({ times: row('asked.times', '+', row.ref('excluded.times')) })),
          )
          .execute();
      }
      for (const one of inOrder(names, ({ name }) => name)) await addName(db(), one);
    },
    async asked(from, to) {
      const rows = await db()
        .selectFrom('asked')
        .select(['tool', 'organisation', 'verdict', 'rule'])
        .select((row) => row.fn.sum<number>('times').as('times'))
        .where('day', '>=', from)
        .where('day', '<=', to)
        .groupBy(['tool', 'organisation', 'verdict', 'rule'])
        .execute();
      return rows.map((row) => ({ ...row, times: Number(row.times) }));
    },
    async perDay(from, to) {
      const rows = await db()
        .selectFrom('asked')
        .select('day')
        .select((row) => row.fn.sum<number>('times').as('times'))
        .where('day', '>=', from)
        .where('day', '<=', to)
        .groupBy('day')
        .orderBy('day')
        .execute();
      return rows.map(({ day, times }) => ({ day, times: Number(times) }));
    },
    async unknownNames(from, to, least, limit) {
      const rows = await db()
        .selectFrom('unknown_names')
        .select('name')
        .select((row) => row.fn.sum<number>('times').as('times'))
        .where('day', '>=', from)
        .where('day', '<=', to)
        .where('name', 'not like', '#%')
        .groupBy('name')
        .having((row) => row.fn.sum('times'), '>=', least)
        .orderBy('times', 'desc')
        .orderBy('name')
        .limit(limit)
        .execute();
      return rows.map(({ name, times }) => ({ name, times: Number(times) }));
    },
    async addUnhelpful({ id, day, facts, verdict, policy }) {
      await db()
        .insertInto('unhelpful')
        .values({ id, day, facts: JSON.stringify(facts), verdict, policy })
        .execute();
    },
    async unhelpful(limit) {
      const rows = await db()
        .selectFrom('unhelpful')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...row, facts: JSON.parse(row.facts) as Record<string, string> }));
    },
    async forget(before) {
      for (const table of ['asked', 'unknown_names', 'unhelpful'] as const)
        await db().deleteFrom(table).where('day', '<', before).execute();
    },
  };
}

// Under its own name only from when it could be shown: until then what somebody typed cannot be read here by anybody.
async function addName(db: Kysely<Schema>, { day, name, hidden, times }: NameToAdd): Promise<void> {
  const earlier = await db
    .selectFrom('unknown_names')
    .select((row) => row.fn.sum<number>('times').as('times'))
    .where('name', 'in', [hidden, name])
    .executeTakeFirst();
  const isOften = Number(earlier?.times ?? 0) + times >= leastShown;
  const add = (as: string, on: string, more: number) =>
    db
      .insertInto('unknown_names')
      .values({ day: on, name: as, times: more })
      .onConflict((conflict) =>
        conflict
          .columns(['day', 'name'])
          .doUpdateSet((row) => ({ times: row('unknown_names.times', '+', more) })),
      )
      .execute();
  await add(isOften ? name : hidden, day, times);
  if (!isOften) return;
  const before = await db
    .deleteFrom('unknown_names')
    .where('name', '=', hidden)
    .returning(['day', 'times'])
    .execute();
  for (const row of before) await add(name, row.day, row.times);
}

function keyOf({ day, tool, organisation, verdict, rule }: AskedCount): string {
  return JSON.stringify([day, tool, organisation, verdict, rule]);
}

// In one order on every server, so that two that add at once never wait for one another in a circle.
function inOrder<Row>(rows: readonly Row[], key: (row: Row) => string): Row[] {
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

const mostAtOnce = 500;

function* batchesOf<Row>(rows: readonly Row[]): Iterable<Row[]> {
  for (let at = 0; at < rows.length; at += mostAtOnce) yield rows.slice(at, at + mostAtOnce);
}
