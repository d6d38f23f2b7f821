import { shortHash } from '#domain/versions/version-name.ts';
import type { StateInForce } from '#usecases/versions/in-force.ts';
import type { ShownVersion, VersionState } from '#usecases/versions/list-versions.ts';
import { instantInWords } from '../instant.ts';
import type { PageModel } from '../render.ts';
import { proposalText, publicationText, stateWords } from './version-words.ts';

const mostPublications = 3;

/** The list of every version that is kept. */
export function versionListView(versions: readonly ShownVersion[], state: StateInForce | undefined) {
  const unreadable = state?.unreadable ?? null;
  return {
    title: 'Versions of the guidance',
    back: { text: 'Your account', href: '/me' },
    unreadable:
      unreadable === null
        ? null
        : {
            hash: shortHash(unreadable.publication.hash),
            label: unreadable.label ?? '',
            problems: unreadable.problems,
          },
    versions: byState(versions).map(({ hash, label, keptAt, state: own, publications, proposal }) => ({
      href: `/policy/versions/${hash}`,
      label,
      hash: shortHash(hash),
      kept: instantInWords(keptAt),
      state: stateWords[own],
      publications: publications.slice(0, mostPublications).map(publicationText),
      more: Math.max(0, publications.length - mostPublications),
      proposal: proposal === null ? null : proposalText(proposal),
    })),
  } satisfies PageModel & Record<string, unknown>;
}

const order: readonly VersionState[] = ['in-force', 'scheduled', 'waiting', 'earlier', 'replaced'];

// What counts now first; of the same state the one that was kept last.
function byState(versions: readonly ShownVersion[]): ShownVersion[] {
  return versions.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}
