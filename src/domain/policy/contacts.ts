import type { Contact, Organisation, Pack } from './pack.ts';

/** A contact as a reader can use it. Where its own address is not set, `reach` is the fallback's and `isFallback` is true. */
export type UsableContact = {
  readonly id: string;
  readonly name: string;
  /** Inside a sentence: `the MoJ security team`, `your line manager`. */
  readonly phrase: string;
  readonly for: string;
  readonly email: string | null;
  readonly telephone: string | null;
  readonly link: string | null;
  readonly isPerson: boolean;
  /** A part of the MoJ, whose name takes no article. */
  readonly isOrganisation: boolean;
  /** The address belongs to the fallback, because the contact's own is not set. */
  readonly isFallback: boolean;
  /** Name of whose address it is. */
  readonly reaches: string;
};

/** The word in a rule or condition for the contact of the asker's own organisation. */
export const organisationContact = 'organisation';

/** The contact to show for `id`. `organisation` is the asker's, where it is known. Never without a way to reach somebody. */
export function usableContact(pack: Pack, id: string, organisation?: string): UsableContact {
  const own = pack.organisations.get(organisation ?? '');
  const ofPack = usableContacts.get(pack) ?? new Map<string, UsableContact>();
  usableContacts.set(pack, ofPack);
  const key = `${id} ${own?.id ?? ''}`;
  const known = ofPack.get(key);
  if (known !== undefined) return known;
  const made = makeUsable(pack, id, own);
  ofPack.set(key, made);
  return made;
}

// The same for every answer, so each is made once.
const usableContacts = new WeakMap<Pack, Map<string, UsableContact>>();

function makeUsable(pack: Pack, id: string, own: Organisation | undefined): UsableContact {
  const wanted = id === organisationContact ? (own?.contact ?? pack.defaultContact) : id;
  const contact = pack.contacts.get(wanted) ?? pack.contacts.get(pack.defaultContact);
  if (contact === undefined) throw new Error(`the pack has no contact \`${wanted}\` and no default`);
  const isOrganisation =
    id === organisationContact && own !== undefined && !own.isUnknown && contact.id !== pack.defaultContact;
  const name = isOrganisation ? own.name : contact.name;
  const phrase = contact.phrase ?? (isOrganisation ? name : `the ${name}`);
  const hasOwn = contact.isPerson || isSet(contact);
  const reached = hasOwn ? contact : (pack.contacts.get(contact.fallback ?? pack.defaultContact) ?? contact);
  const { email, telephone, link } = reached;
  return {
    id: contact.id,
    name,
    phrase,
    for: contact.for,
    email,
    telephone,
    link,
    isPerson: contact.isPerson,
    isOrganisation,
    isFallback: !hasOwn,
    reaches: reached.name,
  };
}

/** Whether the contact has any address of its own. */
export function isSet(contact: Contact): boolean {
  return contact.email !== null || contact.telephone !== null || contact.link !== null;
}
