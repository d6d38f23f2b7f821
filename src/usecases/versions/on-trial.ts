import type { Store } from '#store/store.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';
import { trialIssuer } from '../people/sign-in.ts';

/**
 * Whether there is only the trial sign-in, so that nobody has proved who they are and what is in the folder counts. Not where people of
 * a provider have signed in before: there the settings of the provider are missing, and nothing is published for that.
 */
export async function isOnTrial(
  { openId }: Pick<PeopleNeeds, 'openId'>,
  store: Pick<Store, 'people'>,
): Promise<boolean> {
  return openId === null && !(await store.people.hasIssuerBeside(trialIssuer));
}
