import { system } from '#domain/people/actor.ts';
import type { Publication } from '#domain/versions/publication.ts';
import type { Store } from '#store/store.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';
import { isOutdated } from './effective.ts';
import { tellProposer } from './tell-owners.ts';

/**
 * After something was published, in the same transaction: what else was proposed, and is not any more what its proposer acknowledged, is
 * outdated. They are told, and may propose it again after another look.
 */
export async function outdateOthers(
  needs: Pick<PeopleNeeds, 'now' | 'today' | 'newId' | 'limits'>,
  inside: Store,
  publications: readonly Publication[],
  at: string,
): Promise<void> {
  for (const proposal of await inside.proposals.open()) {
    if (!isOutdated(publications, proposal, at)) continue;
    if (
      !(await inside.proposals.decide(proposal.id, 'open', { state: 'outdated', by: system, at, words: '' }))
    )
      continue;
    const what = { actor: system, action: 'version-outdated', entry: `version:${proposal.hash}` } as const;
    await inside.audit.record(auditEvent(needs, what, null, { proposal: proposal.id }));
    await tellProposer(needs, inside, proposal, 'outdated');
  }
}
