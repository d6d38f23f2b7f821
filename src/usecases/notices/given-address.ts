import { addressProblem } from '#domain/notices/address.ts';
import { instantInLondon } from '#domain/shared/london-instant.ts';
import type { Store } from '#store/store.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';

/**
 * How many notices somebody may cause in a day to addresses that they give, and tests to themselves. Nobody has as many line managers;
 * whoever has a message for more people than that would send it from here to people who never asked for it.
 */
export const mostCausedADay = 20;

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
  return (await mayCauseMore(needs, inside, causedBy))
    ? null
    : `You have had ${mostCausedADay} notices sent today, which is as many as the service sends for one person. Try again tomorrow`;
}

/** Whether somebody may cause another notice today. */
export async function mayCauseMore(
  { today }: Pick<PeopleNeeds, 'today'>,
  inside: Pick<Store, 'notices'>,
  causedBy: string,
): Promise<boolean> {
  return (await inside.notices.countCausedBy(causedBy, instantInLondon(today(), 0))) < mostCausedADay;
}
