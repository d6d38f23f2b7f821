import { addressProblem } from '#domain/notices/address.ts';
import type { Store } from '#store/store.ts';
import { givenAddressProblem } from '../notices/given-address.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';

/** Somebody whom a person names: a name, and a work e-mail address in small letters. */
export type NamedPerson = { readonly name: string; readonly address: string };

export type GuidanceField = 'managerName' | 'managerAddress' | 'note' | 'words' | 'until' | 'team' | 'choice';

/** What is wrong with something that was typed, and in which field. */
export type GuidanceProblem = { readonly field: GuidanceField; readonly detail: string };

const longestName = 100;

/**
 * Reads whom somebody names. `who` is what they are to whoever names them, as an error says it: "your line manager". `notThem` are
 * addresses that it cannot be, each with why. Whether a notice may go there today is asked in the transaction that writes it
 * (`capProblems`).
 */
export function readNamedPerson(
  { limits }: Pick<PeopleNeeds, 'limits'>,
  typed: NamedPerson,
  { who, notThem }: { readonly who: string; readonly notThem: ReadonlyMap<string, string> },
): { readonly person: NamedPerson; readonly problems: readonly GuidanceProblem[] } {
  const name = typed.name.replaceAll(/\s+/g, ' ').trim();
  const address = foldAddress(typed.address);
  const problems: GuidanceProblem[] = [];
  if (name === '') problems.push({ field: 'managerName', detail: `Enter the name of ${who}` });
  else if ([...name].length > longestName || !isName(name))
    problems.push({
      field: 'managerName',
      detail: `Enter a name of ${longestName} characters or less, in letters and without signs such as < or :`,
    });
  const wrong = addressProblem(address, limits.noticeDomains) ?? notThem.get(address);
  if (wrong !== undefined) problems.push({ field: 'managerAddress', detail: wrong });
  return { person: { name, address }, problems };
}

// It stands in a letter from us: what is no name could be an address to go to, or look like nothing at all.
function isName(name: string): boolean {
  return /\p{L}/u.test(name) && !/[\p{Cc}\p{Cf}\p{Co}<>:/=?@]/u.test(name);
}

/** Why no notice may go to an address that a person names now, such as too many on one day; to be asked inside the transaction. */
export async function capProblems(
  needs: Pick<PeopleNeeds, 'today' | 'limits'>,
  inside: Store,
  personId: string,
  { address }: NamedPerson,
): Promise<readonly GuidanceProblem[]> {
  const detail = await givenAddressProblem(needs, inside, personId, address);
  return detail === null ? [] : [{ field: 'managerAddress', detail }];
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

/** An address as it is kept and compared: in small letters, and without white space around it. */
export function foldAddress(typed: string): string {
  return typed.trim().toLowerCase();
}
