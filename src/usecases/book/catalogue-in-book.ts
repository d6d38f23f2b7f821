import { isSet } from '#domain/policy/contacts.ts';
import type { Contact, Pack, Tool } from '#domain/policy/pack.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { type Html, html } from './escaped-html.ts';
import { citesInWords, valueInWords, whenInWords } from './in-words.ts';
import { contactName } from './rules-in-book.ts';

/** The parts of the department and what is recorded of their own rules. */
export function organisationsInBook(pack: Pack): Html {
  return html`${[...pack.organisations.values()].map(
    ({ id, name, contact, records, cites }) => html`
<article class="entry" id="organisation-${id}">
<h3>${name} <code>${id}</code></h3>
<p>Contact: ${contactName(pack, contact)}.</p>
${records.length === 0 ? html`<p>Nothing is recorded of its own rules.</p>` : null}
${records.map(
  ({ fact, value, when }) =>
    html`<p>${pack.facts.get(fact)?.label ?? fact}: ${valueInWords(pack, fact, value)}, when ${whenInWords(pack, when)}.</p>`,
)}
${citesInWords(cites)}
</article>`,
  )}`;
}

/** The tools: first those that a document names, with what is known of them, then the others. */
export function toolsInBook(pack: Pack): Html {
  const all = [...pack.tools.values()];
  return html`
<h3>Tools that the documents name</h3>
${all.filter(({ listed }) => listed !== undefined).map((tool) => toolInBook(pack, tool))}
<h3>Other well-known tools, without status or permission</h3>
${all.filter(({ listed }) => listed === undefined).map((tool) => toolInBook(pack, tool))}`;
}

function toolInBook(pack: Pack, tool: Tool): Html {
  const { id, name, facts, listed, aliases, oldNames, newNames, domains, formerlyListed, note } = tool;
  const known = [...facts].map(
    ([fact, value]) => `${pack.facts.get(fact)?.label ?? fact}: ${valueInWords(pack, fact, value)}.`,
  );
  const lists = [
    ['Also called', aliases],
    ['Once called', oldNames],
    ['Now called, and not the same for this guidance', newNames],
    ['Addresses', domains],
  ] as const;
  return html`
<article class="entry" id="tool-${id}">
<h4>${name} <code>${id}</code></h4>
${known.length === 0 ? null : html`<p>${known.join(' ')}</p>`}
${listed?.on === undefined ? null : html`<p>Listed in ${dayInWords(listed.on)}.</p>`}
${formerlyListed === undefined ? null : html`<p>${formerlyListed.note}</p>`}
${note === undefined ? null : html`<p>${note}</p>`}
${lists.map(([words, names]) => (names.length === 0 ? null : html`<p class="small">${words}: ${names.join(', ')}.</p>`))}
${citesInWords(listed?.cites ?? [])}
</article>`;
}

/** Whom to ask. A contact without an address says so, and who stands in. */
export function contactsInBook(pack: Pack): Html {
  return html`${[...pack.contacts.values()].map(
    (contact) => html`
<article class="entry" id="contact-${contact.id}">
<h3>${contact.name} <code>${contact.id}</code></h3>
<p>For: ${contact.for}.</p>
<p>${reachInBook(pack, contact)}</p>
${contact.note === undefined ? null : html`<p>${contact.note}</p>`}
${citesInWords(contact.cites)}
</article>`,
  )}`;
}

function reachInBook(pack: Pack, contact: Contact): Html {
  if (contact.isPerson) return html`A person whom the asker knows.`;
  if (!isSet(contact)) {
    const standIn = contactName(pack, contact.fallback ?? pack.defaultContact);
    return html`<b>Not set.</b> ${standIn} stands in.`;
  }
  const { email, telephone, link } = contact;
  return html`${[email, telephone, link].filter((way) => way !== null).join(', ')}`;
}
