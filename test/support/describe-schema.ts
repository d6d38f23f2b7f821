import { sql } from 'kysely';
import type { Database } from '#store/database.ts';

/** The tables, columns, constraints and indexes of a database as text, for the golden file of its kind. */
export async function describeSchema({ kysely, kind }: Database): Promise<string> {
  if (kind === 'sqlite') {
    const { rows } = await sql<{ sql: string }>`
      select sql from sqlite_master
      where sql is not null and name not like 'kysely_%' and name not like 'sqlite_%'
      order by tbl_name, type desc, name`.execute(kysely);
    return rows.map((row) => `${row.sql};\n`).join('');
  }
  const { rows: columns } = await sql<{ line: string }>`
    select table_name || '.' || column_name || ' ' || data_type ||
      case is_nullable when 'NO' then ' not null' else '' end as line
    from information_schema.columns
    where table_schema = 'public' and table_name not like 'kysely_%'
    order by table_name, ordinal_position`.execute(kysely);
  const { rows: constraints } = await sql<{ line: string }>`
    select conrelid::regclass::text || ': ' || conname || ' ' || pg_get_constraintdef(oid) as line
    from pg_constraint
    where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'f', 'c')
      and conrelid::regclass::text not like 'kysely_%'
    order by 1`.execute(kysely);
  const { rows: indexes } = await sql<{ line: string }>`
    select indexdef as line from pg_indexes
    where schemaname = 'public' and tablename not like 'kysely_%'
    order by tablename, indexname`.execute(kysely);
  return [...columns, ...constraints, ...indexes].map(({ line }) => `${line}\n`).join('');
}
