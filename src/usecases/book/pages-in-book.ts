import { coverageOf, type StatementPlace } from '#domain/policy/coverage.ts';
import type { Pack, Page } from '#domain/policy/pack.ts';
import type { BlockData } from '#domain/policy/pack-files.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { type Html, html } from './escaped-html.ts';
import { citesInWords, joined } from './in-words.ts';
import { contactName } from './rules-in-book.ts';

export function checklistsInBook(pack: Pack): Html {
  return html`${[...pack.checklists.values()].map(
    ({ id, title, intro, items, cites }) => html`
<article class="entry" id="checklist-${id}">
<h3>${title} <code>${id}</code></h3>
${intro === undefined ? null : html`<p>${intro}</p>`}
<ul>${items.map((item) => html`<li>${item.text}${item.hint === undefined ? null : ` (${item.hint})`}${citesInWords(item.cites)}</li>`)}</ul>
${citesInWords(cites)}
</article>`,
  )}`;
}

/** The text of every guidance page. */
export function pagesInBook(pack: Pack): Html {
  return html`${[...pack.guidancePages.values()].map((page) => pageInBook(pack, page))}`;
}

function pageInBook(pack: Pack, { id, title, summary, sections }: Page): Html {
  return html`
<article class="entry page" id="page-${id}">
<h3>${title} <code>${id}</code></h3>
<p>${summary}</p>
${sections.map(({ heading, blocks }) => html`<h4>${heading}</h4>${blocks.map((block) => blockInBook(pack, block))}`)}
</article>`;
}

function blockInBook(pack: Pack, block: BlockData): Html {
  const items = (list: readonly { readonly text: string; readonly cites?: readonly string[] }[]): Html[] =>
    list.map(({ text, cites = [] }) => html`<li>${text}${citesInWords(cites)}</li>`);
  if ('list' in block) return html`<ul>${items(block.list)}</ul>`;
  if ('steps' in block) return html`<ol>${items(block.steps)}</ol>`;
  return html`<p>${wordsOf(pack, block)}</p>${citesInWords(block.cites ?? [])}`;
}

function wordsOf(pack: Pack, block: Exclude<BlockData, { list: unknown } | { steps: unknown }>): Html {
  if ('warning' in block) return html`<b>Warning:</b> ${block.warning}`;
  if ('checklist' in block) {
    return html`Checklist: <a href="#checklist-${block.checklist}">${pack.checklists.get(block.checklist)?.title ?? block.checklist}</a>`;
  }
  if ('contact' in block) {
    return html`Contact: <a href="#contact-${block.contact}">${contactName(pack, block.contact)}</a>`;
  }
  if ('link' in block) {
    return html`Link: <a href="#link-${block.link}">${pack.links.get(block.link)?.title ?? block.link}</a>. ${block.text}`;
  }
  return html`${block.text}`;
}

/** What the policy owner has decided where literal text would stop ordinary work, and what still waits for a decision. */
export function readingsInBook(pack: Pack): Html {
  return html`${pack.readings.map(
    ({ id, question, literal, reading, setOn, cites }) => html`
<article class="entry" id="reading-${id}">
<h3>${question} <code>${id}</code></h3>
<p>The literal text: ${literal}</p>
<p>${reading === null ? html`<b>No reading is set, so the literal text holds.</b>` : html`The owner’s reading: ${reading}${setOn === undefined ? null : ` (set on ${dayInWords(setOn)})`}`}</p>
${citesInWords(cites)}
</article>`,
  )}`;
}

/** The documents and every link. A link without an address says so. */
export function sourcesInBook(pack: Pack): Html {
  return html`
<h3>Documents</h3>
${[...pack.documents.values()].map(
  ({ id, title, datedText, read, cites }) => html`
<article class="entry" id="document-${id}"><p><b>${title}</b> <code>${id}</code>: ${datedText}; read on ${dayInWords(read)}.</p>${citesInWords(cites)}</article>`,
)}
<h3>Links</h3>
${[...pack.links.values()].map(
  ({ id, title, url, note, cites }) => html`
<article class="entry" id="link-${id}"><p><b>${title}</b> <code>${id}</code>: ${url === null ? html`<b>No address is known.</b>` : url}${note === undefined ? null : ` ${note}`}</p>${citesInWords(cites)}</article>`,
)}`;
}

/** Every statement of the documents in our words, with everything that carries it out. */
export function statementsInBook(pack: Pack): Html {
  return html`
<table>
<thead><tr><th scope="col">Statement</th><th scope="col">In our words</th><th scope="col">Where it lives</th></tr></thead>
<tbody>
${coverageOf(pack).statements.map(
  ({
    clause,
    places,
  }) => html`<tr id="${clause.id}"><td>${clause.id}<br>${clause.section}<br>${clause.class}</td><td>${clause.text}</td><td>${places.length === 0 ? html`<b>nowhere</b>` : joined(places.map(placeInBook), '; ')}</td></tr>
`,
)}
</tbody>
</table>`;
}

function placeInBook({ kind, id, title }: StatementPlace): Html {
  if (kind === 'later') return html`later: ${title}`;
  return html`${kind} <a href="#${kind === 'silence' ? kind : `${kind}-${id}`}">${title}</a>`;
}

/** Who looks after each part, when it was last confirmed, and by when it has to be looked at again. */
export function upkeepInBook(pack: Pack): Html {
  return html`
<table>
<thead><tr><th scope="col">Part</th><th scope="col">Owner</th><th scope="col">Last confirmed</th><th scope="col">Review by</th></tr></thead>
<tbody>
${pack.upkeep.map(
  ({ what, owner, lastConfirmed, reviewBy }) =>
    html`<tr><td>${what}</td><td>${owner}</td><td>${dayInWords(lastConfirmed)}</td><td>${dayInWords(reviewBy)}</td></tr>
`,
)}
</tbody>
</table>`;
}
