import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import type { FindWaiting, Waiting } from '../people/own-page.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';

/** The versions of the guidance that wait for the decision of whoever asks. */
export const findWaitingVersions: FindWaiting = async (
  { store }: Pick<PeopleNeeds, 'store'>,
  _asking,
  actor: Actor,
): Promise<readonly Waiting[]> => {
  if (!may(actor, 'agree-to-version') || actor.kind !== 'person') return [];
  const open = await store.proposals.open();
  return open
    .filter(({ proposedBy }) => proposedBy !== actor.id)
    .map(({ hash, proposerName, proposedAt }) => ({
      text: `A version of the guidance that ${proposerName} proposed`,
      path: `/policy/versions/${hash}`,
      since: proposedAt,
    }));
};
