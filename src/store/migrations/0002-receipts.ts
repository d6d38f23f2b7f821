import type { Kysely } from 'kysely';

/** Versions of the guidance, by what is in them, and saved answers. */
export async function up(db: Kysely<never>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('policy_versions')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('files', 'text', (column) => column.notNull())
    .addColumn('kept_at', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('receipts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('reference', 'text', (column) => column.notNull().unique())
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id'))
    .addColumn('person_name', 'text', (column) => column.notNull())
    .addColumn('saved_at', 'text', (column) => column.notNull())
    .addColumn('on_day', 'text', (column) => column.notNull())
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('policy_hash', 'text', (column) => column.notNull().references('policy_versions.hash'))
    .addColumn('policy_label', 'text', (column) => column.notNull())
    .addColumn('facts', 'text', (column) => column.notNull())
    .addColumn('answer', 'text', (column) => column.notNull())
    .addColumn('core', 'text', (column) => column.notNull())
    .addColumn('words', 'text', (column) => column.notNull())
    .addColumn('keep_until', 'text', (column) => column.notNull())
    .addColumn('signature', 'text', (column) => column.notNull())
    .addColumn('superseded_by', 'text', (column) => column.references('receipts.id'))
    .addColumn('withdrawn_at', 'text')
    .execute();
  await schema.createIndex('receipts_of_person').on('receipts').columns(['person_id', 'id']).execute();
  await schema.createIndex('receipts_by_end').on('receipts').column('keep_until').execute();
}
