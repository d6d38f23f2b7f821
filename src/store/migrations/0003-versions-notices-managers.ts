import { type Kysely, sql } from 'kysely';

/** Which version of the guidance is in force, what became of saved answers, notices, and the guidance of line managers. */
export async function up(db: Kysely<never>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('publications')
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('hash', 'text', (column) => column.notNull().references('policy_versions.hash'))
    .addColumn('effective_at', 'text', (column) => column.notNull())
    .addColumn('published_at', 'text', (column) => column.notNull())
    .addColumn('why', 'text', (column) => column.notNull())
    .addColumn('proposed_by', 'text', (column) => column.notNull())
    .addColumn('agreed_by', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('publications_of_hash').on('publications').column('hash').execute();
  await schema
    .createTable('proposals')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('hash', 'text', (column) => column.notNull().references('policy_versions.hash'))
    .addColumn('base_hash', 'text', (column) => column.notNull().references('policy_versions.hash'))
    .addColumn('effective_on', 'text')
    .addColumn('acknowledged', 'text', (column) => column.notNull())
    .addColumn('words', 'text', (column) => column.notNull())
    .addColumn('proposed_by', 'text', (column) => column.notNull())
    .addColumn('proposer_name', 'text', (column) => column.notNull())
    .addColumn('proposed_at', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('decided_by', 'text')
    .addColumn('decided_at', 'text')
    .addColumn('decision_words', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('proposals_by_state').on('proposals').columns(['state', 'id']).execute();
  // A version waits for a second person once.
  await schema
    .createIndex('proposals_open')
    .unique()
    .on('proposals')
    .column('hash')
    .where(sql.ref('state'), '=', 'open')
    .execute();

  await schema
    .createTable('evaluations')
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('policy_hash', 'text', (column) => column.notNull().references('policy_versions.hash'))
    .addColumn('on_day', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('why', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('receipt_checks')
    .addColumn('receipt_id', 'text', (column) => column.primaryKey().references('receipts.id'))
    .addColumn('evaluation', 'integer', (column) => column.notNull())
    .addColumn('core', 'text', (column) => column.notNull())
    .addColumn('words', 'text')
    .execute();
  await schema
    .createIndex('receipt_checks_due')
    .on('receipt_checks')
    .columns(['evaluation', 'receipt_id'])
    .execute();
  await schema
    .createTable('receipt_changes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('receipt_id', 'text', (column) => column.notNull().references('receipts.id'))
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id'))
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('evaluation', 'integer', (column) => column.notNull())
    .addColumn('before', 'text', (column) => column.notNull())
    .addColumn('after', 'text', (column) => column.notNull())
    .addColumn('change', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('receipt_changes_of_person')
    .on('receipt_changes')
    .columns(['person_id', 'id'])
    .execute();
  await schema
    .createIndex('receipt_changes_of_receipt')
    .on('receipt_changes')
    .columns(['receipt_id', 'id'])
    .execute();
  await schema
    .alterTable('receipts')
    .addColumn('recorded', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();

  await schema
    .createTable('notices')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('person_id', 'text', (column) => column.references('people.id'))
    .addColumn('to_name', 'text', (column) => column.notNull())
    .addColumn('to_address', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('about', 'text', (column) => column.notNull())
    .addColumn('words', 'text', (column) => column.notNull())
    .addColumn('made_at', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('due_at', 'text', (column) => column.notNull())
    .addColumn('give_up_at', 'text', (column) => column.notNull())
    .addColumn('claimed_until', 'text')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('last_problem', 'text')
    .addColumn('way', 'text')
    .addColumn('sent_as', 'text')
    .addColumn('ended_at', 'text')
    .addColumn('digest_id', 'text')
    .addColumn('caused_by', 'text', (column) => column.references('people.id'))
    .addColumn('keep_until', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('notices_due').on('notices').columns(['state', 'due_at']).execute();
  await schema.createIndex('notices_of_person').on('notices').columns(['person_id', 'id']).execute();
  await schema.createIndex('notices_by_state').on('notices').columns(['state', 'id']).execute();
  await schema.createIndex('notices_by_cause').on('notices').columns(['caused_by', 'made_at']).execute();
  await schema.createIndex('notices_by_end').on('notices').column('keep_until').execute();
  await schema
    .createTable('preferences')
    .addColumn('person_id', 'text', (column) => column.primaryKey().references('people.id'))
    .addColumn('notices', 'text', (column) => column.notNull())
    .addColumn('manager_name', 'text', (column) => column.notNull())
    .addColumn('manager_address', 'text', (column) => column.notNull())
    .execute();

  await schema
    .createTable('guidance_requests')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('receipt_id', 'text', (column) => column.notNull().references('receipts.id'))
    .addColumn('person_id', 'text', (column) => column.notNull().references('people.id'))
    .addColumn('asker_name', 'text', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('manager_name', 'text', (column) => column.notNull())
    .addColumn('manager_address', 'text', (column) => column.notNull())
    .addColumn('manager_id', 'text', (column) => column.references('people.id'))
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'text', (column) => column.notNull())
    .addColumn('remind_on', 'text')
    .addColumn('reminders', 'integer', (column) => column.notNull())
    .addColumn('decided_at', 'text')
    .addColumn('until_day', 'text')
    .addColumn('new_receipt_id', 'text', (column) => column.references('receipts.id'))
    .addColumn('keep_until', 'text', (column) => column.notNull())
    .execute();
  for (const column of [
    'receipt_id',
    'new_receipt_id',
    'person_id',
    'manager_id',
    'manager_address',
    'keep_until',
  ])
    await schema
      .createIndex(`guidance_requests_by_${column}`)
      .on('guidance_requests')
      .columns([column, 'id'])
      .execute();
  await schema
    .createIndex('guidance_requests_to_remind')
    .on('guidance_requests')
    .columns(['state', 'remind_on'])
    .execute();
  // While one question on a saved answer is open, there is no other on it.
  await schema
    .createIndex('guidance_requests_open')
    .unique()
    .on('guidance_requests')
    .column('receipt_id')
    .where(sql.ref('state'), 'in', sql`('waiting', 'advice')`)
    .execute();
  await schema
    .createTable('guidance_keys')
    .addColumn('key_hash', 'text', (column) => column.primaryKey())
    .addColumn('request_id', 'text', (column) => column.notNull().references('guidance_requests.id'))
    .addColumn('holder', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('guidance_keys_of_request').on('guidance_keys').column('request_id').execute();
  await schema.createIndex('people_by_email').on('people').expression(sql`lower(email)`).execute();
  await schema
    .createTable('guidance_steps')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('request_id', 'text', (column) => column.notNull().references('guidance_requests.id'))
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('actor_name', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('words', 'text', (column) => column.notNull())
    .addColumn('to_name', 'text', (column) => column.notNull())
    .addColumn('to_address', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('guidance_steps_of_request')
    .on('guidance_steps')
    .columns(['request_id', 'id'])
    .execute();
}
