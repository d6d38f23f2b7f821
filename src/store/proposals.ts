import type { Kysely } from 'kysely';
import type { Proposal, ProposalState } from '#domain/versions/proposal.ts';
import type { Schema } from './schema.ts';

/** What became of a proposal, by whom, and in which words. */
export type Decision = {
  readonly state: Exclude<ProposalState, 'open'>;
  readonly by: string;
  readonly at: string;
  readonly words: string;
};

export type ProposalStore = {
  /** Adds an open one. False where this version is proposed already and waits. */
  readonly add: (proposal: Proposal) => Promise<boolean>;
  readonly get: (id: string) => Promise<Proposal | null>;
  /** Those that wait for a second person, the oldest first. */
  readonly open: () => Promise<readonly Proposal[]>;
  /** Everything that was proposed of a version, the newest first. */
  readonly ofVersion: (hash: string) => Promise<readonly Proposal[]>;
  /** Says what became of one. False where it is not in the state `from` any more. */
  readonly decide: (id: string, from: ProposalState, decision: Decision) => Promise<boolean>;
  /** Empties names and words of those that were decided before an instant, at most `limit`, and says which. What was decided stays. */
  readonly forgetWords: (before: string, limit: number) => Promise<readonly string[]>;
};

export function proposalStore(db: () => Kysely<Schema>): ProposalStore {
  return {
    async add(proposal) {
      const { numInsertedOrUpdatedRows } = await db()
        .insertInto('proposals')
        .values({
          id: proposal.id,
          hash: proposal.hash,
          base_hash: proposal.baseHash,
          effective_on: proposal.effectiveOn,
          acknowledged: JSON.stringify(proposal.acknowledged),
          words: proposal.words,
          proposed_by: proposal.proposedBy,
          proposer_name: proposal.proposerName,
          proposed_at: proposal.proposedAt,
          state: proposal.state,
          decided_by: proposal.decidedBy,
          decided_at: proposal.decidedAt,
          decision_words: proposal.decisionWords,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async get(id) {
      const row = await db().selectFrom('proposals').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : proposalIn(row);
    },
    async open() {
      const rows = await db()
        .selectFrom('proposals')
        .selectAll()
        .where('state', '=', 'open')
        .orderBy('id')
        .execute();
      return rows.map(proposalIn);
    },
    async ofVersion(hash) {
      const rows = await db()
        .selectFrom('proposals')
        .selectAll()
        .where('hash', '=', hash)
        .orderBy('id', 'desc')
        .execute();
      return rows.map(proposalIn);
    },
    async decide(id, from, { state, by, at, words }) {
      const { numUpdatedRows } = await db()
        .updateTable('proposals')
        .set({ state, decided_by: by, decided_at: at, decision_words: words })
        .where('id', '=', id)
        .where('state', '=', from)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async forgetWords(before, limit) {
      const rows = await db()
        .updateTable('proposals')
        .set({ proposer_name: '', words: '', decision_words: '' })
        .where('id', 'in', (from) =>
          from
            .selectFrom('proposals')
            .select('id')
            .where('decided_at', '<', before)
            .where('proposer_name', '!=', '')
            .orderBy('id')
            .limit(limit),
        )
        .returning('id')
        .execute();
      return rows.map(({ id }) => id).sort();
    },
  };
}

function proposalIn(row: Schema['proposals']): Proposal {
  return {
    id: row.id,
    hash: row.hash,
    baseHash: row.base_hash,
    effectiveOn: row.effective_on,
    acknowledged: JSON.parse(row.acknowledged) as string[],
    words: row.words,
    proposedBy: row.proposed_by,
    proposerName: row.proposer_name,
    proposedAt: row.proposed_at,
    state: row.state as ProposalState,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    decisionWords: row.decision_words,
  };
}
