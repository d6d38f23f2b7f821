/** A form of a page, or a page that is read: where it is sent to and what it sends. */
export type FormTarget = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The fields with the values that the page holds. */
  readonly fields: readonly (readonly [name: string, value: string])[];
};

type Schema = { readonly [key: string]: unknown };

/** A call of the API, as its description tells. */
export type CallTarget = {
  readonly method: string;
  readonly path: string;
  readonly query: readonly { readonly name: string; readonly schema: Schema }[];
  readonly body: Schema | null;
};

export type Targets = {
  readonly calls: readonly CallTarget[];
  readonly forms: readonly FormTarget[];
  /** The schemas that others refer to. */
  readonly schemas: Readonly<Record<string, Schema>>;
};

/** How a page is fetched: with a session, so that what is for people is found too. */
export type Fetcher = (path: string) => Promise<{ readonly status: number; readonly text: string }>;

const starts = [
  '/',
  '/sign-in',
  '/me',
  '/me/tokens',
  '/me/sessions',
  '/audit',
  '/usage',
  '/statements',
  '/matrix',
  '/policy/picture',
  '/policy/proof',
  '/did-not-help?account=work&tool=trello',
  '/answer?account=personal&tool=trello',
  '/answer/reminders?account=work&tool=trello',
  '/sign-in/back?code=x&state=y',
  '/.well-known/security.txt',
];
const mostPages = 250;
const mostOfOneShape = 4;

/** Reads what there is to send from the description of the API and from the pages, found by their links. */
export async function findTargets(fetchPage: Fetcher): Promise<Targets> {
  const document = JSON.parse((await fetchPage('/api/v1/openapi.json')).text);
  return {
    calls: callsIn(document),
    forms: await findForms(fetchPage),
    schemas: document.components.schemas,
  };
}

function callsIn(document: { readonly paths: Readonly<Record<string, Readonly<Record<string, Schema>>>> }) {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): CallTarget => {
      const parameters = (operation.parameters ?? []) as {
        readonly name: string;
        readonly in: string;
        readonly schema: Schema;
      }[];
      const { requestBody } = operation as {
        readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
      };
      return {
        method: method.toUpperCase(),
        path,
        query: parameters.filter((one) => one.in === 'query'),
        body: requestBody?.content['application/json']?.schema ?? null,
      };
    }),
  );
}

async function findForms(fetchPage: Fetcher): Promise<FormTarget[]> {
  const forms = new Map<string, FormTarget>();
  const add = (form: FormTarget): void => {
    const names = form.fields.map(([name]) => name).join();
    const key = `${form.method} ${shapeOf(form.path)} ${names}`;
    if (!forms.has(key)) forms.set(key, form);
  };
  const shapes = new Map<string, number>();
  const waiting = [...starts];
  const known = new Set(waiting);
  for (let pages = 0; pages < mostPages; pages++) {
    const address = waiting.shift();
    if (address === undefined) break;
    const { status, text } = await fetchPage(address);
    if (status >= 500) throw new Error(`${status} at ${address}`);
    add(pageAsForm(address));
    for (const form of formsIn(text)) add(form);
    for (const [, href = ''] of text.matchAll(/href="(\/[^"#]*)/g)) {
      const link = plain(href);
      const shape = shapeOf(link);
      const seen = shapes.get(shape) ?? 0;
      if (known.has(link) || seen >= mostOfOneShape || link.startsWith('/assets/')) continue;
      shapes.set(shape, seen + 1);
      known.add(link);
      waiting.push(link);
    }
  }
  return [...forms.values()];
}

// The same page with another tool or other answers teaches nothing new.
function shapeOf(address: string): string {
  const [path = '', query = ''] = address.split('?');
  const names = [...new URLSearchParams(query).keys()].sort().join();
  return `${path.replace(/^(\/[^/]+)\/.+$/, '$1/…')}?${names}`;
}

function pageAsForm(address: string): FormTarget {
  const [path = '/', query = ''] = address.split('?');
  return { method: 'GET', path, fields: [...new URLSearchParams(query)] };
}

function formsIn(html: string): FormTarget[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, own = '', content = '']) => {
    const fields = [...content.matchAll(/<(?:input|select|textarea|button)\b[^>]*\bname="[^"]*"[^>]*>/g)].map(
      ([tag]) => [attribute(tag, 'name'), attribute(tag, 'value')] as const,
    );
    return {
      method: /method="post"/i.test(own) ? 'POST' : 'GET',
      path: attribute(own, 'action') || '/',
      fields,
    };
  });
}

function attribute(tag: string, name: string): string {
  return plain(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
}

function plain(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
