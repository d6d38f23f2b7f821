import type { Fact, Option, Pack } from '#domain/policy/pack.ts';
import { type Html, html } from './escaped-html.ts';
import { citesInWords, joined, valueInWords, whensInWords } from './in-words.ts';

const origins: Readonly<Record<Fact['origin'], string>> = {
  asked: 'asked',
  assumed: 'assumed, and shown on the answer where it matters',
  catalogue: 'follows from the tool',
  register: 'from the register of local rules',
  record: 'from a record; accepted as told where nothing is recorded',
  derived: 'follows from other facts',
};

/** The vocabulary: every fact with its values, where it comes from and when it applies. */
export function factsInBook(pack: Pack): Html {
  return html`${[...pack.facts.values()].map((fact) => factInBook(pack, fact))}`;
}

function factInBook(pack: Pack, fact: Fact): Html {
  const { id, label, origin, values, default: usual, ordinary, applies, askedWhen, groups, cites } = fact;
  const listed = fact.valuesFrom === 'list' ? values : [];
  return html`
<article class="entry" id="fact-${id}">
<h3>${label} <code>${id}</code></h3>
<p>Origin: ${origins[origin]}.${usual === undefined ? null : ` Default: ${valueInWords(pack, id, usual)}.`}${ordinary === undefined ? null : ` Ordinary value: ${valueInWords(pack, id, ordinary)}.`}</p>
<p>Applies: ${whensInWords(pack, applies)}.${askedWhen.length === 0 ? null : html` Asked only when ${whensInWords(pack, askedWhen)}.`}</p>
${fact.valuesFrom === 'list' ? null : html`<p>Values: the ${fact.valuesFrom} of this pack.</p>`}
${listed.length === 0 ? null : html`<ul>${listed.map((value) => html`<li>${value.label} <code>${value.id}</code>${value.hint === undefined ? null : ` (${value.hint})`}</li>`)}</ul>`}
${[...groups].map(([name, members]) => html`<p>Group <code>${name}</code>: ${members.map((member) => valueInWords(pack, id, member)).join(', ')}.</p>`)}
${citesInWords(cites)}
</article>`;
}

/** The questions in the order in which they are asked. */
export function questionsInBook(pack: Pack): Html {
  return html`${pack.pages.map(
    (page) => html`
<h3>${page.title}</h3>
${page.lead === undefined ? null : html`<p>${page.lead}</p>`}
${page.questions.map(
  ({ id, text, hint, why, help, facts, options, cites }) => html`
<article class="entry" id="question-${id}">
<h4>${text} <code>${id}</code></h4>
${hint === undefined ? null : html`<p>Hint: ${hint}</p>`}
<p>Why it is asked: ${why}</p>
${help === undefined ? null : html`<p>Help: ${help}</p>`}
<p>Sets: ${joined(
    facts.map((fact) => html`<a href="#fact-${fact}">${pack.facts.get(fact)?.label ?? fact}</a>`),
    ', ',
  )}.</p>
${options.length === 0 ? null : html`<ul>${options.map(optionInBook)}</ul>`}
${citesInWords(cites)}
</article>`,
)}`,
  )}`;
}

function optionInBook({ label, hint, sets }: Option): Html {
  const values = [...sets].map(([fact, value]) => `${fact} ${value}`).join(', ');
  return html`<li>${label}${hint === undefined ? null : ` (${hint})`} <code>${values}</code></li>`;
}
