import { isSet } from '../contacts.ts';
import type { Contact, Pack } from '../pack.ts';
import type { PolicyProblem } from '../problem.ts';
import { errorAt, warningAt } from './finding.ts';

/** Contacts and links that nobody has set yet: warnings, because the pack must say so and never invent one. */
export function checkContacts(pack: Pack): PolicyProblem[] {
  return [
    ...[...pack.contacts.values()]
      .filter((contact) => !contact.isPerson && !isSet(contact))
      .map((contact) => unset(pack, contact)),
    ...[...pack.links.values()]
      .filter(({ url }) => url === null)
      .map(({ at, id }) => warningAt(pack, [at, 'url'], `the link \`${id}\` has no address`)),
  ];
}

function unset(pack: Pack, { at, id, fallback }: Contact): PolicyProblem {
  const standIn = fallback ?? pack.defaultContact;
  const other = pack.contacts.get(standIn);
  if (other !== undefined && standIn !== id && isSet(other)) {
    return warningAt(pack, [at], `the contact \`${id}\` has no address, so \`${standIn}\` stands in for it`);
  }
  const message = `nobody can be reached through the contact \`${id}\`: it has no address`;
  return errorAt(pack, [at], standIn === id ? message : `${message}, and \`${standIn}\` has none either`);
}
