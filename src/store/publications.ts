import type { Kysely } from 'kysely';
import type { Publication, PublicationReason } from '#domain/versions/publication.ts';
import type { Schema } from './schema.ts';

export type PublicationStore = {
  /** All of them, or those with a number above `number`, in the order of their numbers. */
  readonly after: (number: number) => Promise<readonly Publication[]>;
  /**
   * Adds the next one, after the one with the number `last` (0: none). False where somebody else has added one after that: then
   * nothing is written, and what was decided on has to be looked at again.
   */
  readonly addAfter: (last: number, publication: Omit<Publication, 'number'>) => Promise<boolean>;
};

export function publicationStore(db: () => Kysely<Schema>): PublicationStore {
  return {
    async after(number) {
      const rows = await db()
        .selectFrom('publications')
        .selectAll()
        .where('number', '>', number)
        .orderBy('number')
        .execute();
      return rows.map(publicationIn);
    },
    async addAfter(last, publication) {
      // Where two do so at once, the second waits here until the first has committed, and then finds the number taken.
      const { numInsertedOrUpdatedRows } = await db()
        .insertInto('publications')
        .values({
          number: last + 1,
          hash: publication.hash,
          effective_at: publication.effectiveAt,
          published_at: publication.publishedAt,
          why: publication.why,
          proposed_by: publication.proposedBy,
          agreed_by: publication.agreedBy,
        })
        .onConflict((conflict) => conflict.column('number').doNothing())
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
  };
}

function publicationIn(row: Schema['publications']): Publication {
  return {
    number: row.number,
    hash: row.hash,
    effectiveAt: row.effective_at,
    publishedAt: row.published_at,
    why: row.why as PublicationReason,
    proposedBy: row.proposed_by,
    agreedBy: row.agreed_by,
  };
}
