import type { Pack } from '#domain/policy/pack.ts';

/** How an asker got to an answer: the pages they filled in, counted from the first one, and where they ended. */
export type Walk = { readonly pages: readonly string[]; readonly url: URL; readonly html: string };

/** A journey of a member of staff: how it starts, what is true, and how it must end. */
export type Journey = {
  readonly id: string;
  readonly who: string;
  readonly story: string;
  readonly starts: { readonly tool?: string; readonly entry?: string };
  readonly answers: Readonly<Record<string, string | boolean>>;
  readonly verdict: string;
  readonly tags: readonly string[];
  readonly cites: readonly string[];
};

/**
 * Walks a journey through the pages as a browser without scripts does: follows redirects, reads the forms, chooses the options that
 * agree with the answers, and sends. Throws where a question offers nothing that is true.
 */
export async function walk(baseUrl: string, pack: Pack, journey: Journey): Promise<Walk> {
  const truth = new Map(Object.entries(journey.answers).map(([fact, value]) => [fact, String(value)]));
  const tool = journey.starts.tool ?? truth.get('tool') ?? '';
  const start = journey.starts.entry === undefined ? '/' : `/${journey.starts.entry}`;
  const pages = [start];
  let { url, html } = await get(`${baseUrl}${start}`);
  const first = html.includes('name="tool"') ? new Map([['tool', tool]]) : choose(html, pack, truth);
  ({ url, html } = await get(send(url, html, first)));
  for (let page = 0; page < 15; page++) {
    if (url.pathname === '/answer') return { pages, url, html };
    if (url.pathname === '/check/which') {
      pages.push(url.pathname);
      const other = /href="(\/check\/kind[^"]*)"/.exec(html)?.[1] ?? '';
      ({ url, html } = await get(`${baseUrl}${plain(other)}`));
      continue;
    }
    pages.push(url.pathname);
    ({ url, html } = await get(send(url, html, choose(html, pack, truth))));
  }
  throw new Error(`${journey.id}: no answer after ${pages.length} pages, at ${url}`);
}

async function get(address: string | URL): Promise<{ url: URL; html: string }> {
  const response = await fetch(address);
  const html = await response.text();
  if (response.status !== 200)
    throw new Error(`${response.status} at ${response.url}: ${/<h1[^>]*>([^<]*)/.exec(html)?.[1]}`);
  return { url: new URL(response.url), html };
}

// The form in the page's main part, filled in and sent.
function send(url: URL, html: string, fields: ReadonlyMap<string, string>): URL {
  const form = /<form action="(\/[^"]*)" method="get" novalidate[\s\S]*?<\/form>/.exec(html);
  if (form === null) throw new Error(`no form at ${url}`);
  const target = new URL(form[1] ?? '/', url);
  for (const [, name, value] of form[0].matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g))
    target.searchParams.append(plain(name ?? ''), plain(value ?? ''));
  for (const [name, value] of fields) target.searchParams.set(name, value);
  return target;
}

function choose(html: string, pack: Pack, truth: ReadonlyMap<string, string>): Map<string, string> {
  const chosen = new Map<string, string>();
  const names = new Set(
    [...html.matchAll(/<input class="govuk-radios__input"[^>]*name="([^"]*)"/g)].map(([, name]) =>
      plain(name ?? ''),
    ),
  );
  for (const name of names) {
    const options = [
      ...html.matchAll(/<input class="govuk-radios__input"[^>]*name="([^"]*)" type="radio" value="([^"]*)"/g),
    ]
      .filter(([, own]) => plain(own ?? '') === name)
      .map(([, , value]) => plain(value ?? ''));
    const right = options.find((option) => option.split(',').every((pair) => isTrue(pair, pack, truth)));
    // A journey says everything that has to be asked; what it leaves out must be a question that may be skipped.
    if (right !== undefined) chosen.set(name, right);
  }
  return chosen;
}

function isTrue(pair: string, pack: Pack, truth: ReadonlyMap<string, string>): boolean {
  const [fact = '', ...value] = pair.split(':');
  return (truth.get(fact) ?? pack.facts.get(fact)?.default) === value.join(':');
}

function plain(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
