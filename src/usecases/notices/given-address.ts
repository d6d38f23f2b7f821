import { addressProblem } from '#domain/notices/address.ts';
import { instantInLondon } from '#domain/shared/london-instant.ts';
import type { Store } from '#store/store.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';

/**
 * Why a notice may not go to an address that somebody gives, as a sentence for the field; null where it may. To be asked in the
 * transaction that writes the notice (`inside`), which then names `causedBy`.
 */
export async function givenAddressProblem(
  needs: Pick<PeopleNeeds, 'today' | 'limits'>,
  inside: Pick<Store, 'notices'>,
  causedBy: string,
  address: string,
): Promise<string | null> {
  const problem = addressProblem(address, needs.limits.noticeDomains);
  if (problem !== null) return problem;
  return (await mayCauseMore(needs, inside, causedBy)) ? null : `${tooManyWords(needs)}. Try again tomorrow`;
}

/**
 * Whether somebody may cause another notice today. Nobody has as many line managers: whoever has a message for more people than that
 * would send it from here to people who never asked for it.
 */
export async function mayCauseMore(
  { today, limits }: Pick<PeopleNeeds, 'today' | 'limits'>,
  inside: Pick<Store, 'notices'>,
  causedBy: string,
): Promise<boolean> {
  if (limits.noticesPerPerson === 0) return true;
  const since = instantInLondon(today(), 0);
  return (await inside.notices.countCausedBy(causedBy, since)) < limits.noticesPerPerson;
}

/** What somebody is told who has caused as many notices as they may. */
export function tooManyWords({ limits }: Pick<PeopleNeeds, 'limits'>): string {
  return `You have had as many notices sent today as the service sends for one person (${limits.noticesPerPerson})`;
}
