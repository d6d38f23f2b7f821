import { system } from '#domain/people/actor.ts';
import { inForceAt, type Publication, stateAt } from '#domain/versions/publication.ts';
import type { PolicyText } from '#store/policy-folder.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';
import { isOnTrial } from './on-trial.ts';
import { outdateOthers } from './outdate-others.ts';

/** The pack in the folder of the settings, or why it cannot be used. */
export type FolderPack =
  | {
      readonly outcome: 'ok';
      readonly hash: string;
      readonly label: string;
      readonly texts: readonly PolicyText[];
    }
  | { readonly outcome: 'broken'; readonly problems: readonly string[] };

/** What the folder means beside what was published. */
export type FolderState =
  /** It is what is in force. */
  | 'in-force'
  /** It has just been published, since nothing was or since there is only the trial sign-in. */
  | 'published'
  /** It comes into force later. */
  | 'scheduled'
  /** It was published before, and another version is in force now: it changes nothing. */
  | 'older'
  /** Nobody has published it yet: it changes nothing until two people do. */
  | 'waiting'
  /** It cannot be used: it changes nothing. */
  | 'broken';

export type Settled =
  | {
      readonly outcome: 'ok';
      readonly folder: FolderState;
      readonly inForce: Publication;
      readonly label: string;
    }
  /** Nothing has been published, and the folder cannot be used either. */
  | { readonly outcome: 'nothing'; readonly problems: readonly string[] };

/**
 * Keeps what is in the folder as a version, and publishes it where that is for the start to do: on the very first one, and where there
 * is only the trial sign-in and the folder holds what was never published. Several servers may start at once: each is published once.
 */
export async function settleAtStart(needs: PeopleNeeds, folder: FolderPack): Promise<Settled> {
  return needs.store.inOneTransaction(async (inside): Promise<Settled> => {
    const at = needs.now().toISOString();
    if (folder.outcome === 'ok')
      await inside.policyVersions.keep({ ...folder, texts: () => folder.texts }, at);
    for (;;) {
      const all = await inside.publications.after(0);
      const inForce = inForceAt(all, at);
      const isFirst = inForce === null;
      if (folder.outcome === 'broken') {
        if (isFirst) return { outcome: 'nothing', problems: folder.problems };
        return settled('broken', inForce);
      }
      const { hash, label } = folder;
      const own = all.filter((one) => one.hash === hash);
      if (!isFirst && (own.length > 0 || !(await isOnTrial(needs, inside))))
        return settled(stateOfFolder(all, own, inForce, at), inForce);
      const last = all.at(-1)?.number ?? 0;
      const why = isFirst ? 'first-start' : 'trial';
      const publication = {
        hash,
        why,
        effectiveAt: at,
        publishedAt: at,
        proposedBy: system,
        agreedBy: system,
      } as const;
      if (!(await inside.publications.addAfter(last, publication))) continue;
      const published = { ...publication, number: last + 1 };
      const what = { actor: system, action: 'version-published', entry: `version:${hash}` } as const;
      await inside.audit.record(
        auditEvent(needs, what, null, { number: published.number, label, why, effectiveAt: at }),
      );
      await outdateOthers(needs, inside, [...all, published], at);
      return { outcome: 'ok', folder: 'published', inForce: published, label };
    }

    async function settled(state: FolderState, inForce: Publication): Promise<Settled> {
      const kept = await inside.policyVersions.list();
      const label = kept.find(({ hash }) => hash === inForce.hash)?.label ?? '';
      return { outcome: 'ok', folder: state, inForce, label };
    }
  });
}

function stateOfFolder(
  all: readonly Publication[],
  own: readonly Publication[],
  inForce: Publication,
  at: string,
): FolderState {
  const [one] = own;
  if (one === undefined) return 'waiting';
  if (one.hash === inForce.hash) return 'in-force';
  return own.some((publication) => stateAt(all, publication, at) === 'scheduled') ? 'scheduled' : 'older';
}
