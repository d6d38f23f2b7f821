/** Text that is HTML already. Only the template below makes it, so nothing unescaped can get in. */
export type Html = { readonly html: string };

/** What may stand in a template: text and numbers are escaped, lists are joined, nothing is nothing. */
export type HtmlValue = Html | string | number | null | undefined | readonly HtmlValue[];

/** A tagged template for HTML: html`<p>${text}</p>` escapes the text. For element content and quoted attributes. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { html: parts.reduce((whole, part, index) => whole + render(values[index - 1]) + part) };
}

function render(value: HtmlValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if ('html' in value) return value.html;
  return value.map(render).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? '');
}
