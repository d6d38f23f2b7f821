import { notApplicable, otherTool, type Pack, type When } from '#domain/policy/pack.ts';
import type { Verdict } from '#domain/shared/verdict.ts';
import { type Html, html } from './escaped-html.ts';

/** The verdicts as the pages say them. */
export const verdictInWords: Readonly<Record<Verdict, string>> = {
  allowed: 'You can use it',
  'allowed-with-conditions': 'You can use it, if …',
  'get-guidance': 'Ask first',
  'request-review': 'Not approved yet: ask for a review',
  'not-allowed': 'Do not use it',
};

/** Tests as a sentence: Account is “My own account”, and Purpose is one of … */
export function whenInWords(pack: Pack, when: When): Html {
  if (when.size === 0) return html`always`;
  const tests = [...when].map(([fact, values]) => {
    const others = valuesLeftOut(pack, fact, values);
    const isShorter = others.length < 3 && values.size > 3;
    const labels = (isShorter ? others : [...values]).map(
      (value) => html`<q>${valueInWords(pack, fact, value)}</q>`,
    );
    const verb = isShorter
      ? others.length === 0
        ? 'applies'
        : 'is anything but'
      : values.size === 1
        ? 'is'
        : 'is one of';
    return html`<b>${pack.facts.get(fact)?.label ?? fact}</b> ${verb} ${joined(labels, isShorter ? ' and ' : ', ')}`;
  });
  return joined(tests, ', and ');
}

// The values of a fact with a list of its own that do not meet a test. None is short where `n/a` meets it too.
function valuesLeftOut(pack: Pack, factId: string, values: ReadonlySet<string>): string[] {
  const fact = pack.facts.get(factId);
  if (fact === undefined || fact.valuesFrom === 'tools' || values.has(notApplicable)) return [...values];
  return fact.values.map(({ id }) => id).filter((id) => !values.has(id));
}

/** The alternatives of which one must hold. */
export function whensInWords(pack: Pack, whens: readonly When[]): Html {
  return whens.length === 0
    ? html`always`
    : joined(
        whens.map((when) => whenInWords(pack, when)),
        '; or ',
      );
}

/** The label of a value, or the value itself where it has none. */
export function valueInWords(pack: Pack, factId: string, value: string): string {
  if (value === notApplicable) return 'does not apply';
  if (value === otherTool) return 'a tool that no rule names';
  const fact = pack.facts.get(factId);
  if (fact?.valuesFrom === 'tools') return pack.tools.get(value)?.name ?? value;
  return fact?.values.find(({ id }) => id === value)?.label ?? value;
}

/** Clauses as links to their statements in the book. */
export function citesInWords(cites: readonly string[]): Html {
  if (cites.length === 0) return html``;
  const links = cites.map((clause) => html`<a href="#${clause}">${clause}</a>`);
  return html`<p class="cites">Source: ${joined(links, ', ')}</p>`;
}

export function joined(parts: readonly Html[], between: string): Html {
  return html`${parts.map((part, index) => [index === 0 ? '' : between, part])}`;
}
