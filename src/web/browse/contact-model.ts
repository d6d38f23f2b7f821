import { usableContact } from '#domain/policy/contacts.ts';
import type { Pack } from '#domain/policy/pack.ts';

/** A contact as the pages show it. `instead` says whose address it is where the contact has none of its own. */
export type ContactModel = {
  readonly name: string;
  readonly for: string;
  readonly instead: string | null;
  readonly note: string | null;
  readonly ways: readonly WayModel[];
};

export type WayModel = {
  readonly kind: 'email' | 'call' | 'link';
  readonly text: string;
  readonly href: string;
};

export type Letter = { readonly subject: string; readonly body?: string };

/** The contact `id` with every way to reach it. A letter fills in the email. */
export function contactModel(pack: Pack, id: string, letter?: Letter): ContactModel {
  const { email, telephone, link, name, for: what, isFallback, reaches } = usableContact(pack, id);
  const note = pack.contacts.get(id)?.note;
  const ways: WayModel[] = [];
  if (email !== null) ways.push({ kind: 'email', text: email, href: mailto(email, letter) });
  if (telephone !== null)
    ways.push({ kind: 'call', text: telephone, href: `tel:${telephone.replaceAll(/[^0-9+]/g, '')}` });
  if (link !== null)
    ways.push({ kind: 'link', text: `Page of the ${isFallback ? reaches : name}`, href: link });
  return {
    name,
    for: what,
    note: note ?? null,
    instead:
      isFallback && reaches !== name
        ? `${note === undefined ? 'We hold no address for this. ' : ''}Ask the ${reaches} instead.`
        : null,
    ways,
  };
}

/** A `mailto:` address (RFC 6068): line breaks are CR LF, and a space is never `+`. */
export function mailto(email: string, letter?: Letter): string {
  const fields = Object.entries(letter ?? {}).map(
    ([name, text]) => `${name}=${encodeURIComponent(text.replaceAll('\n', '\r\n'))}`,
  );
  return fields.length === 0 ? `mailto:${email}` : `mailto:${email}?${fields.join('&')}`;
}
