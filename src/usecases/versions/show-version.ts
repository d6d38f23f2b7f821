import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { type Day, isDay } from '#domain/shared/day.ts';
import type { Proposal } from '#domain/versions/proposal.ts';
import type { LoadedVersion } from '#store/policy-versions.ts';
import { type NotAllowed, notAllowed, type PeopleNeeds } from '../people/people-needs.ts';
import { replacedBy } from './effective.ts';
import { findVersion } from './find-version.ts';
import { allVersions, type ShownVersion } from './list-versions.ts';

/** A version to be looked at: what is in it, and what it would take the place of. */
export type VersionToShow = {
  readonly version: ShownVersion;
  readonly loaded: LoadedVersion;
  /** The day from which on it is looked at; null: at once. */
  readonly on: Day | null;
  /** What would be in force then without it. Null: nothing has been published, or it is this very version. */
  readonly base: LoadedVersion | null;
  /** Everything that was proposed of it, the newest first, with who decided. */
  readonly proposals: readonly (Proposal & { readonly deciderName: string | null })[];
};

export type ShownVersionOutcome =
  | ({ readonly outcome: 'ok' } & VersionToShow)
  /** A beginning of a hash that fits one version: this is the whole of it. */
  | { readonly outcome: 'elsewhere'; readonly hash: string }
  | { readonly outcome: 'not-found' }
  | NotAllowed;

/**
 * A version by its hash, or by the beginning of it, with everything that is known of it. `on` is the day on which it would come into
 * force; without one, that of the proposal that waits, or at once.
 */
export async function showVersion(
  needs: Pick<PeopleNeeds, 'store' | 'now'>,
  actor: Actor,
  { hash, on: typedOn }: { readonly hash: string; readonly on?: string },
): Promise<ShownVersionOutcome> {
  if (!may(actor, 'see-versions')) return notAllowed;
  const { store } = needs;
  const versions = await allVersions(needs);
  const found = findVersion(versions, hash);
  if (found.outcome !== 'ok') return { outcome: 'not-found' };
  if (found.version.hash !== hash) return { outcome: 'elsewhere', hash: found.version.hash };
  const version = versions.find((one) => one.hash === hash);
  const loaded = await store.policyVersions.load(hash);
  if (version === undefined || loaded === null) return { outcome: 'not-found' };
  const on = typedOn !== undefined && isDay(typedOn) ? typedOn : (version.proposal?.effectiveOn ?? null);
  const base = replacedBy(await store.publications.after(0), on, needs.now().toISOString());
  const proposals = await store.proposals.ofVersion(hash);
  const names = await store.people.namesOf([
    ...new Set(proposals.flatMap(({ decidedBy }) => decidedBy ?? [])),
  ]);
  return {
    outcome: 'ok',
    version,
    loaded,
    on,
    base: base === null || base.hash === hash ? null : await store.policyVersions.load(base.hash),
    proposals: proposals.map((one) => ({
      ...one,
      deciderName: one.decidedBy === null ? null : (names.get(one.decidedBy) ?? null),
    })),
  };
}
