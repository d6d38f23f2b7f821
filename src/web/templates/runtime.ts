import nunjucks from 'nunjucks';

/** Text that is HTML already. Nunjucks' own class, so that its filters and tests know it. */
export const SafeString = (
  nunjucks.runtime as unknown as { SafeString: new (text: string) => { readonly val: string } }
).SafeString;

const { lib } = nunjucks as unknown as { lib: { inOperator: (key: unknown, holder: unknown) => boolean } };

/** The functions that generated code calls. What they do is what Nunjucks' runtime does (src/web/templates/compile.test.ts). */
export const runtime = {
  /** Stands for an argument that is not given, so that its default holds. */
  absent: Symbol('absent'),
  SafeString,

  /** A value as it is printed: nothing for undefined and null, escaped unless it is HTML already. */
  print(value: unknown): string {
    if (typeof value === 'string') return escapeHtml(value);
    if (value === undefined || value === null) return '';
    return value instanceof SafeString ? value.val : escapeHtml(String(value));
  },

  /** The filter `safe`: a value as HTML that is not escaped any more. */
  html(value: unknown): string {
    if (typeof value === 'string') return value;
    if (value === undefined || value === null) return '';
    return value instanceof SafeString ? value.val : String(value);
  },

  /** The filter `trim`. Nunjucks' own looks for the end with a regular expression that starts anew at every space. */
  trim(value: unknown): unknown {
    return value instanceof SafeString ? new SafeString(value.val.trim()) : (value as string).trim();
  },

  /** The filter `indent`. */
  indent(value: unknown, width: unknown, isFirst: unknown): unknown {
    if (value instanceof SafeString) return new SafeString(indented(value.val, width, isFirst));
    return value === undefined || value === null || value === false
      ? ''
      : indented(value as string, width, isFirst);
  },

  /** The same for text that is known to be HTML. */
  indentHtml: indented,

  /** What a loop goes over: lists and whatever else has an order. */
  list(value: unknown): ArrayLike<unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return value as ArrayLike<unknown>;
    return (Symbol.iterator in value ? Array.from(value as Iterable<unknown>) : value) as ArrayLike<unknown>;
  },

  /** What a loop with two names goes over: pairs, or the keys of an object with their values. */
  pairs(value: unknown): ArrayLike<unknown> {
    const list = runtime.list(value);
    return Array.isArray(list) ? list : Object.entries(list);
  },

  /** The variable `loop`. */
  loop(index: number, length: number) {
    return {
      index: index + 1,
      index0: index,
      revindex: length - index,
      revindex0: length - index - 1,
      first: index === 0,
      last: index === length - 1,
      length,
    };
  },

  /** The operator `in`. */
  isIn: (key: unknown, holder: unknown): boolean => lib.inOperator(key, holder),

  /** Calls what is not a macro. */
  call(name: string, value: unknown, args: readonly unknown[]): unknown {
    if (typeof value !== 'function') throw new Error(`\`${name}\` in a template cannot be called`);
    return value(...args);
  },
};

export type Runtime = typeof runtime;

function indented(text: string, width: unknown, isFirst: unknown): string {
  if (text === '') return text;
  const spaces = ' '.repeat((width as number) || 4);
  const lines = text.includes('\n') ? text.replaceAll('\n', `\n${spaces}`) : text;
  return isFirst ? spaces + lines : lines;
}

const mustBeEscaped = /[&"'<>\\]/;
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
  '<': '&lt;',
  '>': '&gt;',
  '\\': '&#92;',
};

/** Text with everything escaped that has a meaning in HTML, as Nunjucks does it. */
export function escapeHtml(text: string): string {
  if (!mustBeEscaped.test(text)) return text;
  return text.replace(/[&"'<>\\]/g, (letter) => escapes[letter] as string);
}
