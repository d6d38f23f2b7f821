import type { Store } from '#store/store.ts';
import { givenAddressProblem } from '../notices/given-address.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';

/** Somebody whom a person names: a name, and a work e-mail address in small letters. */
export type NamedPerson = { readonly name: string; readonly address: string };

export type GuidanceField = 'managerName' | 'managerAddress' | 'note' | 'words' | 'until' | 'team' | 'choice';

/** What is wrong with something that was typed, and in which field. */
export type GuidanceProblem = { readonly field: GuidanceField; readonly detail: string };

export type ReadPerson = { readonly person: NamedPerson; readonly problems: readonly GuidanceProblem[] };

const longestName = 100;

/** Reads whom somebody (`by`) names, to have a notice sent to them. `notThem` are addresses that it cannot be, each with why. */
export async function readNamedPerson(
  needs: Pick<PeopleNeeds, 'today' | 'limits'> & { readonly store: Pick<Store, 'notices'> },
  by: string,
  typed: NamedPerson,
  notThem: ReadonlyMap<string, string>,
): Promise<ReadPerson> {
  const name = typed.name.replaceAll(/\s+/g, ' ').trim();
  const address = typed.address.trim().toLowerCase();
  const problems: GuidanceProblem[] = [];
  if (name === '') problems.push({ field: 'managerName', detail: 'Enter the name of your line manager' });
  else if ([...name].length > longestName || /[\p{Cc}<>]/u.test(name))
    problems.push({
      field: 'managerName',
      detail: `Enter a name of ${longestName} characters or less, without signs such as <`,
    });
  const wrong = notThem.get(address) ?? (await givenAddressProblem(needs, needs.store, by, address));
  if (wrong !== null) problems.push({ field: 'managerAddress', detail: wrong });
  return { person: { name, address }, problems };
}

/** The e-mail address of a person in small letters; null where none is known. */
export async function addressOf({ store }: Pick<PeopleNeeds, 'store'>, id: string): Promise<string | null> {
  return (await store.people.get(id))?.email?.toLowerCase() ?? null;
}

/** Keeps whom a person named last, so that it need not be typed again. */
export async function rememberManager(
  inside: Store,
  id: string,
  { name, address }: NamedPerson,
): Promise<void> {
  const chosen = await inside.preferences.get(id);
  await inside.preferences.save(id, { ...chosen, managerName: name, managerAddress: address });
}
