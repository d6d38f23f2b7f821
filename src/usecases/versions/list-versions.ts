import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import type { Proposal } from '#domain/versions/proposal.ts';
import { type Publication, type PublicationState, stateAt } from '#domain/versions/publication.ts';
import type { KeptVersion } from '#store/policy-versions.ts';
import { type NotAllowed, notAllowed, type PeopleNeeds } from '../people/people-needs.ts';
import { isOutdated } from './effective.ts';

/** How a version stands. `waiting`: it has never been published. */
export type VersionState = PublicationState | 'waiting';

export type ShownPublication = Publication & {
  readonly state: PublicationState;
  /** Null: the service itself. */
  readonly proposerName: string | null;
  readonly agreedName: string | null;
};

/** A version with everything that happened to it, the newest first. */
export type ShownVersion = KeptVersion & {
  readonly state: VersionState;
  readonly publications: readonly ShownPublication[];
  /** What waits for a second person. */
  readonly proposal: (Proposal & { readonly isOutdated: boolean }) | null;
};

/** Every version that is kept, the one that was kept last first. */
export async function listVersions(
  needs: Pick<PeopleNeeds, 'store' | 'now'>,
  actor: Actor,
): Promise<{ readonly outcome: 'ok'; readonly versions: readonly ShownVersion[] } | NotAllowed> {
  if (!may(actor, 'see-versions')) return notAllowed;
  return { outcome: 'ok', versions: await allVersions(needs) };
}

/** The same for whoever may read the database itself. */
export async function allVersions({
  store,
  now,
}: Pick<PeopleNeeds, 'store' | 'now'>): Promise<readonly ShownVersion[]> {
  const at = now().toISOString();
  const kept = await store.policyVersions.list();
  const all = await store.publications.after(0);
  const open = await store.proposals.open();
  const names = await store.people.namesOf([
    ...new Set(all.flatMap(({ proposedBy, agreedBy }) => [proposedBy, agreedBy])),
  ]);
  return kept.map((version): ShownVersion => {
    const publications = all
      .filter(({ hash }) => hash === version.hash)
      .map((one) => ({
        ...one,
        state: stateAt(all, one, at),
        proposerName: names.get(one.proposedBy) ?? null,
        agreedName: names.get(one.agreedBy) ?? null,
      }))
      .reverse();
    const proposal = open.find(({ hash }) => hash === version.hash);
    return {
      ...version,
      publications,
      state: stateOf(publications),
      proposal: proposal === undefined ? null : { ...proposal, isOutdated: isOutdated(all, proposal, at) },
    };
  });
}

// A version may be published more than once: to go back to it.
function stateOf(publications: readonly ShownPublication[]): VersionState {
  for (const state of ['in-force', 'scheduled', 'earlier', 'replaced'] as const)
    if (publications.some((one) => one.state === state)) return state;
  return 'waiting';
}
