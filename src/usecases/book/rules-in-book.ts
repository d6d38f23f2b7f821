import { factsInWords } from '#domain/policy/examples.ts';
import type { Condition, Pack, Rule } from '#domain/policy/pack.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { type Html, html } from './escaped-html.ts';
import { citesInWords, joined, verdictInWords, whenInWords } from './in-words.ts';

/** Every rule in words, by topic, and what is said where none permits. */
export function rulesInBook(pack: Pack): Html {
  const topics = [...new Set(pack.rules.map(({ topic }) => topic))];
  return html`
<p>Rules stand beside each other: every one that holds is told, and the strictest verdict is the answer. A test on a fact that does not apply is not met, unless it says so.</p>
${topics.map(
  (topic) => html`
<h3>${topic}</h3>
${pack.rules.filter((rule) => rule.topic === topic).map((rule) => ruleInBook(pack, rule))}`,
)}
<h3>Where no rule permits it</h3>
<article class="entry" id="silence">
<p><b>Then:</b> ${verdictInWords['get-guidance']}</p>
<p><b>Because:</b> ${pack.silence.because}</p>
${addsInBook(pack, pack.silence.adds)}
${citesInWords(pack.silence.cites)}
</article>`;
}

function ruleInBook(pack: Pack, rule: Rule): Html {
  const { id, title, when, verdict, because, adds, ask, cites, citesTool, examples } = rule;
  return html`
<article class="entry" id="rule-${id}">
<h4>${title} <code>${id}</code></h4>
<p><b>When:</b> ${whenInWords(pack, when)}.</p>
<p><b>Then:</b> ${verdict === null ? 'no verdict of its own; it adds what follows' : html`<span class="verdict">${verdictInWords[verdict]}</span> <code>${verdict}</code>`}</p>
<p><b>Because:</b> ${because}</p>
${ask === undefined ? null : html`<p><b>Whom to ask:</b> ${contactName(pack, ask)}</p>`}
${addsInBook(pack, adds)}
${datesInBook(rule)}
${examples.map(
  (example) =>
    html`<p class="example"><b>Example:</b> ${example.name} (${factsInWords(example.facts)}): ${verdictInWords[example.verdict]}${example.applies ? null : ', and this rule does not apply'}</p>`,
)}
${citesInWords(cites)}
${citesTool ? html`<p class="cites">It also cites what lists the tool.</p>` : null}
</article>`;
}

function datesInBook({ from, to }: Rule): Html | null {
  if (from === undefined && to === undefined) return null;
  const start = from === undefined ? '' : `from ${dayInWords(from)} `;
  return html`<p><b>In force:</b> ${start}${to === undefined ? '' : `to ${dayInWords(to)}`}</p>`;
}

function addsInBook(pack: Pack, adds: readonly string[]): Html | null {
  if (adds.length === 0) return null;
  const items = adds.map((id) => html`<a href="#condition-${id}">${pack.conditions.get(id)?.text ?? id}</a>`);
  return html`<p><b>It adds:</b> ${joined(items, ' ')}</p>`;
}

/** A contact by name; the word for the asker's own part of the department stands as such. */
export function contactName(pack: Pack, id: string): string {
  return pack.contacts.get(id)?.name ?? 'the asker’s own part of the department';
}

/** Conditions, next steps and standing duties. */
export function conditionsInBook(pack: Pack): Html {
  const all = [...pack.conditions.values()];
  const part = (kind: Condition['kind'], title: string): Html => html`
<h3>${title}</h3>
${all.filter((one) => one.kind === kind).map((one) => conditionInBook(pack, one))}`;
  return html`${part('condition', 'Conditions')}${part('next-step', 'Next steps')}${part('standing', 'Standing duties')}`;
}

function conditionInBook(pack: Pack, { id, text, strength, when, contact, tool, cites }: Condition): Html {
  return html`
<article class="entry" id="condition-${id}">
<p><b>${text}</b> <code>${id}</code></p>
<p>Strength: ${strength}. Time: ${when}.${contact === undefined ? null : ` Contact: ${contactName(pack, contact)}.`}${tool === undefined ? null : ` Tool: ${pack.tools.get(tool)?.name ?? tool}.`}</p>
${citesInWords(cites)}
</article>`;
}
