import { system } from '#domain/people/actor.ts';
import { dayInWords } from '#domain/shared/day.ts';
import type { ShownPublication, ShownVersion, VersionState } from '#usecases/versions/list-versions.ts';
import { instantInWords } from '../instant.ts';

/** What the state of a version is called, and the colour of its tag. */
export const stateWords: Readonly<Record<VersionState, { readonly text: string; readonly tone: string }>> = {
  'in-force': { text: 'In force', tone: 'green' },
  scheduled: { text: 'Scheduled', tone: 'blue' },
  waiting: { text: 'Waiting', tone: 'yellow' },
  earlier: { text: 'Earlier', tone: 'grey' },
  replaced: { text: 'Replaced before it began', tone: 'grey' },
};

/** One publication in a sentence: when, and by whom. */
export function publicationText(one: ShownPublication): string {
  const { effectiveAt, state } = one;
  const begins = instantInWords(effectiveAt);
  const when = {
    'in-force': `In force since ${begins}`,
    scheduled: `Comes into force on ${begins}`,
    earlier: `In force from ${begins}, until another one was published`,
    replaced: `Was to come into force on ${begins}. Another one was published before that`,
  }[state];
  return `${when}. ${whoText(one)}`;
}

function whoText({ proposedBy, why, proposerName, agreedName }: ShownPublication): string {
  if (proposedBy !== system)
    return `Proposed by ${proposerName ?? 'somebody'}, agreed to by ${agreedName ?? 'somebody'}.`;
  return why === 'first-start'
    ? 'Published by the very first start of the service.'
    : 'Published without a second person: there was only the trial sign-in.';
}

/** What waits for a second person, in a sentence. */
export function proposalText({
  effectiveOn,
  proposerName,
  isOutdated,
}: NonNullable<ShownVersion['proposal']>): string {
  const when = effectiveOn === null ? 'at once' : `from ${dayInWords(effectiveOn)} on`;
  return isOutdated
    ? `Proposed by ${proposerName}, ${when}. Outdated: another version was published meanwhile.`
    : `Proposed by ${proposerName}, ${when}. It waits for a second person.`;
}
