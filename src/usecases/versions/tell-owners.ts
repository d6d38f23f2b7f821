import { permissions } from '#domain/people/permissions.ts';
import type { Role } from '#domain/people/roles.ts';
import { dayInWords } from '#domain/shared/day.ts';
import type { Proposal } from '#domain/versions/proposal.ts';
import { quotedVersionName } from '#domain/versions/version-name.ts';
import type { Store } from '#store/store.ts';
import { writeNotice } from '../notices/write-notice.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';

type Telling = Pick<PeopleNeeds, 'now' | 'today' | 'newId' | 'limits'>;

// More people than look after guidance anywhere.
const mostTold = 200;

/** Tells everybody who could agree to a proposal that it waits, in its transaction. Only people who have signed in are known. */
export async function tellOthers(
  needs: Telling,
  inside: Store,
  { hash, proposedBy, proposerName, effectiveOn }: Proposal,
  label: string,
): Promise<void> {
  const roles: readonly Role[] = permissions['agree-to-version'];
  for (const { id } of await inside.people.withRole(roles, mostTold)) {
    if (id === proposedBy) continue;
    await writeNotice(needs, inside, {
      to: { kind: 'person', id },
      kind: 'version-proposed',
      about: `version:${hash}`,
      words: {
        subject: 'A version of the guidance waits for you',
        paragraphs: [
          `${proposerName} wants to publish ${quotedVersionName({ label, hash })}, ${effectiveOn === null ? 'at once' : `from ${dayInWords(effectiveOn)} on`}.`,
          'It comes into force only when a second person agrees. The page shows what would change.',
        ],
        link: { text: 'Look at it and decide', path: `/policy/versions/${hash}` },
      },
    });
  }
}

const outcomes = {
  agreed: {
    subject: 'Your version of the guidance was published',
    sentence: (version: string) => `A second person agreed to the version that you proposed, ${version}.`,
  },
  refused: {
    subject: 'Your version of the guidance was refused',
    sentence: (version: string) =>
      `A second person refused the version that you proposed, ${version}. The page says why.`,
  },
  outdated: {
    subject: 'Your version of the guidance needs another look',
    sentence: (version: string) =>
      `Another version was published meanwhile, so yours, ${version}, would change something else than you acknowledged. You can propose it again.`,
  },
} as const;

/** Tells the proposer what came of it, in the transaction in which it did. */
export async function tellProposer(
  needs: Telling,
  inside: Store,
  { hash, proposedBy }: Proposal,
  outcome: keyof typeof outcomes,
): Promise<void> {
  const { subject, sentence } = outcomes[outcome];
  // Somebody who has gone in the meantime is told nothing.
  if ((await inside.people.get(proposedBy)) === null) return;
  const kept = (await inside.policyVersions.list()).find((one) => one.hash === hash);
  await writeNotice(needs, inside, {
    to: { kind: 'person', id: proposedBy },
    kind: 'version-decided',
    about: `version:${hash}`,
    words: {
      subject,
      paragraphs: [sentence(quotedVersionName({ label: kept?.label ?? '', hash }))],
      link: { text: 'See this version', path: `/policy/versions/${hash}` },
    },
  });
}
