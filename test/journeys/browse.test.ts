import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { startApp, type TestApp } from '#test/support/app.ts';

let app: TestApp;
before(async () => {
  app = await startApp();
});
after(() => app.close());

type Read = { readonly status: number; readonly url: URL; readonly html: string; readonly headers: Headers };

async function read(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  redirect: 'follow' | 'manual' = 'follow',
): Promise<Read> {
  const response = await fetch(new URL(path, app.baseUrl), { headers, redirect });
  return {
    status: response.status,
    url: new URL(response.url),
    html: await response.text(),
    headers: response.headers,
  };
}

/** The text of a page's main part, without tags. */
async function textOf(path: string): Promise<string> {
  const { html } = await read(path);
  const main = /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? '';
  return decoded(main.replaceAll(/<[^>]+>/g, ' ')).replaceAll(/\s+/g, ' ');
}

function decoded(text: string): string {
  return text
    .replaceAll('&#92;', '\\')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function hrefsIn(html: string): string[] {
  return [...html.matchAll(/\shref="([^"]*)"/g)].map(([, href = '']) => decoded(href));
}

function find(paths: readonly string[], pattern: RegExp): string | undefined {
  return paths.find((path) => pattern.test(path));
}

const fixedPages = [
  '/tools',
  '/find',
  '/guidance',
  '/help',
  '/something-wrong',
  '/feedback',
  '/statements',
  '/api',
  '/accessibility',
  '/privacy',
];

describe('the pages to read', () => {
  it('each answer with one heading, may be kept for a minute, and say which guidance they show', async () => {
    const { pack } = app.needs.policy();
    const tools = [...pack.tools.keys()].map((id) => `/tools/${id}`);
    const pages = [...pack.guidancePages.keys()].map((id) => `/guidance/${id}`);
    for (const path of [...fixedPages, ...tools, ...pages]) {
      const { status, html, headers } = await read(path);
      assert.equal(status, 200, path);
      assert.equal([...html.matchAll(/<h1[\s>]/g)].length, 1, path);
      assert.equal(headers.get('cache-control'), 'public, max-age=60', path);
      assert.ok(html.includes(pack.label), path);
    }
  });

  it('lead only to addresses that are there, and to places that are on them', async () => {
    const pages = new Map<string, string>();
    const waiting = ['/', ...fixedPages];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (pages.has(path)) continue;
      const { status, html, url } = await read(path);
      assert.ok(status === 200, `${path} answers ${status}`);
      pages.set(path, html);
      // Asking and answering have tests of their own: it is enough that they are reached.
      if (/^\/(check|answer|share)/.test(url.pathname)) continue;
      for (const href of hrefsIn(html)) {
        const target = new URL(href, url);
        if (target.origin !== url.origin) continue;
        waiting.push(target.pathname + target.search);
        if (target.hash !== '' && target.pathname === url.pathname) {
          assert.ok(
            html.includes(`id="${target.hash.slice(1)}"`),
            `${path} leads to ${target.hash}, which is not there`,
          );
        }
      }
    }
    for (const [path, html] of pages) {
      for (const href of hrefsIn(html)) {
        const [target = '', anchor] = href.split('#');
        const there = pages.get(target);
        if (anchor === undefined || there === undefined) continue;
        assert.ok(there.includes(`id="${anchor}"`), `${path} leads to ${href}, which is not there`);
      }
    }
    assert.ok(pages.size > 150, `only ${pages.size} pages were reached`);
  });

  it('answer 304 to a browser that holds them, and not to one that holds another page', async () => {
    const { headers } = await read('/guidance/accounts');
    const etag = headers.get('etag') ?? '';
    assert.match(etag, /^"[\w-]{22}"$/);
    for (const held of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await read('/guidance/accounts', { 'if-none-match': held });
      assert.equal(again.status, 304, held);
      assert.equal(again.html, '');
      assert.equal(again.headers.get('etag'), etag);
    }
    assert.equal((await read('/guidance/accounts', { 'if-none-match': '"other"' })).status, 200);
    const other = await read('/guidance/storage');
    assert.notEqual(other.headers.get('etag'), etag);
  });

  it('ignore parameters that they do not know', async () => {
    for (const path of fixedPages)
      assert.equal((await read(`${path}?utm_source=intranet&typo=1&typo=2`)).status, 200, path);
  });
});

describe('all tools', () => {
  it('show those that the guidance names apart from those that it does not, with dates beside statuses', async () => {
    const text = await textOf('/tools');
    const named = text.indexOf('Named in the guidance');
    const others = text.indexOf('Not in the guidance', named);
    assert.ok(named > 0 && others > named);
    assert.match(text.slice(named, others), /Trello Open internet tool Acceptable , March 2018/);
    assert.match(text.slice(named, others), /Microsoft Teams Secure sharing service Undated/);
    assert.match(text.slice(others), /A security review comes first\..*WhatsApp/);
    assert.doesNotMatch(text.slice(named, others), /WhatsApp/);
  });

  it('can be narrowed down to a kind and a status, and keep the organisation', async () => {
    const { html } = await read('/tools?kind=oit-hosting&status=assured&organisation=hmcts');
    const tools = hrefsIn(html).filter((href) => href.startsWith('/tools/'));
    assert.deepEqual(tools, [
      '/tools/aws?organisation=hmcts',
      '/tools/google-apps?organisation=hmcts',
      '/tools/office-365?organisation=hmcts',
    ]);
    assert.match(html, /<option value="assured" selected>/);
    assert.match(html, /<input type="hidden" name="organisation" value="hmcts">/);
  });

  it('say so where no tool has both', async () => {
    assert.match(
      await textOf('/tools?kind=email&status=assured'),
      /No tool has both this kind and this status/,
    );
  });

  const wrong: readonly (readonly [query: string, message: RegExp])[] = [
    ['kind=oit-tol', /“oit-tol” is not a kind of tool/],
    ['status=Acceptabel', /“Acceptabel” is not a status of tool/],
    ['kind=email&kind=oit-tool', /Choose one kind, not several/],
    ['kind=constructor', /“constructor” is not a kind/],
  ];
  for (const [query, message] of wrong) {
    it(`refuse \`${query}\` with a summary and still show the tools`, async () => {
      const { status, html } = await read(`/tools?${query}`);
      assert.equal(status, 400);
      assert.match(html, /govuk-error-summary/);
      assert.match(html, /<title\s*>Error: /);
      assert.match(decoded(html), message);
      assert.match(html, /href="\/tools\/trello"/);
    });
  }
});

describe('the page of a tool', () => {
  it('says what a list of March 2018 is worth, and leads to the check', async () => {
    const text = await textOf('/tools/trello');
    assert.match(text, /Can I use Trello for work\?/);
    assert.match(text, /on a list from March 2018/);
    assert.match(text, /Nobody has tested or reviewed it/);
    const { html } = await read('/tools/trello?organisation=hmcts');
    const hrefs = hrefsIn(html);
    assert.ok(hrefs.includes('/check?organisation=hmcts&tool=trello'));
    assert.ok(hrefs.includes('/check?organisation=hmcts&purpose=collaborate&tool=trello'));
    assert.ok(hrefs.includes('/statements#OIT-131'));
  });

  it('says that local rules come first where somebody works in a part that has them', async () => {
    assert.match(await textOf('/tools/trello?organisation=hmpps'), /Can I use Trello for work\? Ask first\./);
  });

  it('says for a tool that nobody lists what that means and what to do today', async () => {
    const text = await textOf('/tools/zoom');
    assert.match(text, /Not yet\. Nobody has approved it/);
    assert.match(text, /The guidance does not name Zoom\./);
    assert.match(text, /What to do today/);
    assert.match(text, /February 2025: .*gives no permission/);
    assert.match(text, /Microsoft Teams/);
  });

  it('never calls a tool permitted that the guidance does not name', async () => {
    const { pack } = app.needs.policy();
    for (const tool of pack.tools.values()) {
      if (tool.listed !== undefined) continue;
      assert.doesNotMatch(await textOf(`/tools/${tool.id}`), /You can use it|Usually yes|Yes, for/, tool.id);
    }
  });

  it('tells a newer name from the listed one', async () => {
    const text = await textOf('/tools/appear-in');
    assert.match(text, /Newer names Whereby/);
    assert.match(text, /We treat a newer name as another tool/);
  });

  it('says how to get a tool on each kind of device', async () => {
    const teams = await textOf('/tools/microsoft-teams');
    assert.match(teams, /Get it from Self Service, if you see on your device: Self Service, on a Mac/);
    assert.match(
      await textOf('/tools/trello'),
      /Open it in your web browser, if you see one of these on your device: Software Centre/,
    );
    assert.match(await textOf('/tools/moj-email'), /It is there already, on every MoJ device\./);
  });

  it('is reached by any name of the tool, and by nothing that is only near', async () => {
    assert.equal(
      (await read('/tools/Trello?organisation=hmcts')).url.href,
      `${app.baseUrl}/tools/trello?organisation=hmcts`,
    );
    const near = await read('/tools/trelo');
    assert.equal(near.status, 404);
    assert.equal(near.headers.get('cache-control'), 'no-store');
    const hrefs = hrefsIn(near.html);
    assert.ok(find(hrefs, /^\/tools\/trello$/) && find(hrefs, /^\/check\?tool=trelo$/));
    assert.match(await textOf('/tools/trelo'), /If not, check “trelo” anyway/);
    assert.match(await textOf('/tools/qwertyuiop'), /You can check “qwertyuiop” anyway/);
  });
});

describe('the search', () => {
  const exact: readonly (readonly [typed: string, found: string])[] = [
    ['Trello', '/tools/trello'],
    ['  ms   teams ', '/tools/microsoft-teams'],
    ['lync', '/tools/skype-for-business'],
    ['https://trello.com/b/secret/board?x=1', '/tools/trello'],
    ['app.slack.com', '/tools/slack'],
    ['Trello OFFICIAL-SENSITIVE', '/tools/trello?classification=OFFICIAL&sensitive=true'],
  ];
  for (const [typed, found] of exact) {
    it(`goes straight to the tool for \`${typed}\``, async () => {
      const { status, headers } = await read(`/find?q=${encodeURIComponent(typed)}`, {}, 'manual');
      assert.equal(status, 302);
      assert.equal(headers.get('location'), found);
    });
  }

  it('keeps the organisation on the way', async () => {
    const { headers } = await read('/find?q=slack&organisation=hmcts', {}, 'manual');
    assert.equal(headers.get('location'), '/tools/slack?organisation=hmcts');
    const { html } = await read('/find?q=trelo&organisation=hmcts');
    assert.ok(hrefsIn(html).includes('/tools/trello?organisation=hmcts'));
    assert.ok(hrefsIn(html).includes('/check?organisation=hmcts&tool=trelo'));
  });

  it('finds tools and guidance, and ends with checking what was typed anyway', async () => {
    const { html } = await read('/find?q=passwords');
    const hrefs = hrefsIn(/<main[\s\S]*<\/main>/.exec(html)?.[0] ?? '');
    assert.ok(hrefs.includes('/tools/password-manager'));
    assert.ok(hrefs.includes('/guidance/passwords'));
    assert.equal(hrefs.at(-1), '/check?tool=passwords');
  });

  it('offers to check a name that nobody knows, and only the host of a pasted address', async () => {
    assert.match(
      await textOf('/find?q=Qwertyuiopboard'),
      /We know no tool and no guidance by this name\..*Check “Qwertyuiopboard” anyway/,
    );
    const { html } = await read(
      `/find?q=${encodeURIComponent('https://boardly.example/private/abc?token=1')}`,
    );
    assert.ok(hrefsIn(html).includes('/check?tool=boardly.example'));
  });

  it('shows the box where nothing was typed', async () => {
    const { status, html } = await read('/find?q=+');
    assert.equal(status, 200);
    assert.match(html, /<input[^>]* id="q"/);
  });

  const wrong: readonly (readonly [query: string, message: RegExp])[] = [
    [`q=${'x'.repeat(201)}`, /Use 200 characters or fewer/],
    ['q=trello%E2%80%AE', /Remove the characters that cannot be seen/],
    ['q=a&q=b', /Search for one name at a time/],
  ];
  for (const [query, message] of wrong) {
    it(`refuses \`${query.slice(0, 30)}\` on the page itself`, async () => {
      const { status, html } = await read(`/find?${query}`);
      assert.equal(status, 400);
      assert.match(html, /govuk-error-summary/);
      assert.match(html, message);
    });
  }
});

describe('guidance', () => {
  it('shows every kind of block, with where it comes from', async () => {
    const text = await textOf('/guidance/video-calls');
    assert.match(text, /On this page/);
    assert.match(text, /Based on General app guidance \(undated, newer than March 2018\)/);
    assert.match(
      text,
      /Protect your account, app or device with a strong password\. A password manager can make one for you\./,
    );
    assert.match(text, /General app guidance, Using video conference tools safely: GAG-36 GAG-37 GAG-38/);
    const { html } = await read('/guidance/accounts');
    assert.match(html, /govuk-warning-text/);
    assert.ok(hrefsIn(html).includes('/statements#GAG-16'));
  });

  it('says where the address of a document is not held, and whom to ask', async () => {
    const text = await textOf('/guidance/accounts');
    assert.match(
      text,
      /Civil Service Code Sets out the conduct.* We do not hold its address\. Ask the MoJ security team/,
    );
  });

  it('cites every statement that a page of the pack cites', async () => {
    const { pack } = app.needs.policy();
    for (const page of pack.guidancePages.values()) {
      const { html } = await read(`/guidance/${page.id}`);
      const cited = [...JSON.stringify(page.sections).matchAll(/"([A-Z]+-\d+)"/g)].map(
        ([, id]) => `/statements#${id}`,
      );
      const missing = cited.filter((href) => !html.includes(`href="${href}"`));
      assert.deepEqual(missing, [], page.id);
    }
  });

  it('leads from the page on sharing to the question which way to send something', async () => {
    assert.ok(hrefsIn((await read('/guidance/sharing')).html).includes('/share'));
  });

  it('is not at an address that the pack does not have', async () => {
    for (const path of ['/guidance/nothing', '/guidance/constructor', '/guidance/..%2f..%2fpackage.json']) {
      assert.equal((await read(path)).status, 404, path);
    }
  });
});

describe('help', () => {
  it('shows every contact, and says so where another one answers for it', async () => {
    const text = await textOf('/help');
    assert.match(
      text,
      /Knowledge and Information Management team .* Ask the MoJ security team instead\. Email security@justice\.gov\.uk/,
    );
    // Nobody is sent from one team to the same team.
    assert.doesNotMatch(text, /MoJ security team [^.]*\.[^.]*\. Ask the MoJ security team instead/);
  });

  it('puts the contact first where something has gone wrong, and asks nothing', async () => {
    const main = /<main[\s\S]*<\/main>/.exec((await read('/something-wrong')).html)?.[0] ?? '';
    assert.match(hrefsIn(main)[0] ?? '', /^mailto:security@justice\.gov\.uk\?subject=/);
    assert.doesNotMatch(main, /<(input|select|textarea|form)/);
  });

  it('puts the facts of an answer into the feedback, and no name', async () => {
    const { html } = await read('/feedback?tool=trello&purpose=collaborate&name=Jo&purpse=x');
    const [mail = ''] = hrefsIn(html).filter((href) => href.startsWith('mailto:'));
    const body = new URL(mail).searchParams.get('body') ?? '';
    assert.match(body, /Tool: Trello\r\nWhat you want to do: Work on something together\r\n/);
    assert.match(body, /Address: .*\/answer\?purpose=collaborate&tool=trello/);
    assert.doesNotMatch(html, /Jo\b/);
    assert.match(html, /<textarea[^>]* readonly/);
  });
});

describe('all statements', () => {
  it('are all there, each with an anchor and a place', async () => {
    const { html } = await read('/statements');
    const statements = html.split('<li class="app-statement" id="').slice(1);
    assert.equal(statements.length, app.needs.policy().pack.clauses.size);
    for (const one of statements) assert.match(one, /class="app-statement__place"/);
    assert.match(html, /id="GAG-16"/);
  });

  it('can be narrowed down to a document and a kind of place', async () => {
    const text = await textOf('/statements?document=OIT&place=tool');
    assert.match(text, /13 of 285 statements/);
    assert.doesNotMatch(text, /GAG-\d/);
  });

  it('refuse a document that is not there', async () => {
    const { status, html } = await read('/statements?document=GDPR');
    assert.equal(status, 400);
    assert.match(html, /“GDPR” is not a document that we know/);
  });
});

describe('the page on the API', () => {
  it('shows a command that runs, with the answer that it shows', async () => {
    const { html } = await read('/api');
    const [command = '', shown = ''] = [
      ...html.matchAll(/<pre class="app-code"><code>([\s\S]*?)<\/code>/g),
    ].map(([, code = '']) => decoded(code));
    const [, address = '', body = ''] = /^curl (\S+)[\s\S]*--data '([\s\S]*)'$/.exec(command) ?? [];
    const response = await fetch(new URL(new URL(address).pathname, app.baseUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    assert.equal(response.status, 200);
    const answer = (await response.json()) as Record<string, unknown>;
    const expected = JSON.parse(shown) as Record<string, unknown>;
    for (const field of ['verdict', 'settled', 'headline'])
      assert.deepEqual(answer[field], expected[field], field);
    assert.equal(answer.settled, true);
  });

  it('shows a command that a shell reads as it is meant', async () => {
    const { html } = await read('/api');
    const command = decoded(/<pre class="app-code"><code>([\s\S]*?)<\/code>/.exec(html)?.[1] ?? '');
    const { stdout } = await promisify(execFile)('sh', ['-c', command.replace(/^curl/, 'printf %s\\\\n')]);
    const body = stdout.slice(stdout.indexOf('--data') + '--data'.length);
    assert.doesNotThrow(() => JSON.parse(body));
  });
});

describe('hostile input', () => {
  const inputs = [
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '{{ 7*191 }}',
    '{% raw %}',
    'javascript:alert(1)',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    '\u{1f600}\u{1f600}',
    'İ'.repeat(150),
    'https://[::1',
    '%00',
  ];
  const places = [
    '/find?q=',
    '/tools/',
    '/tools?kind=',
    '/tools?status=',
    '/tools?organisation=',
    '/guidance/',
    '/feedback?tool=',
    '/feedback?purpose=',
    '/statements?document=',
    '/statements?place=',
    '/tools/trello?organisation=',
    '/tools/trello?purpose=',
    '/find?q=x&organisation=',
  ];
  for (const place of places) {
    it(`is escaped and never breaks ${place}…`, async () => {
      for (const input of inputs) {
        const { status, html } = await read(place + encodeURIComponent(input));
        assert.ok(status < 500, `${status} for ${input}`);
        assert.doesNotMatch(html, /<script>alert|onmouseover='alert|\b1337\b|href="javascript:/, input);
      }
    });
  }

  it('is refused in the frame where it cannot be read at all', async () => {
    for (const path of ['/find?q=a%00b', '/tools/a%0ab', '/find?q=%', `/find?q=${'x'.repeat(9_000)}`]) {
      const { status, html } = await read(path);
      assert.ok(status === 400 || status === 414, path.slice(0, 30));
      assert.match(html, /<h1/);
    }
  });
});

describe('the words of the pages', () => {
  it('stand in sentences of at most 25 words', async () => {
    for (const path of [
      ...fixedPages,
      '/tools/trello',
      '/tools/zoom',
      '/tools/appear-in',
      '/tools/float',
      '/tools/lastpass',
      '/find?q=trelo',
      '/find?q=Qwertyuiop',
    ]) {
      const { html } = await read(path);
      const main = /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? '';
      const plain = main.replaceAll(/<(pre|textarea|select)[\s\S]*?<\/\1>/g, ' ');
      const blocks = [
        ...plain.matchAll(
          /<(p|li|h1|h2|h3|dd|dt|label)\b[^>]*>((?:(?!<(?:p|li|dd|dt|ul)\b)[\s\S])*?)<\/\1>/g,
        ),
      ].map(([, , inner = '']) => inner);
      const sentences = blocks.flatMap((inner) =>
        decoded(
          inner
            .replaceAll(/<(br|span class="app-(citation|statement__place))[^>]*>/g, '. ')
            .replaceAll(/<[^>]+>/g, ' '),
        ).split(/(?<=[.?!;:])\s+/),
      );
      const long = sentences.filter((sentence) => sentence.trim().split(/\s+/).length > 25);
      // The title of the documents in the line on what a page rests on is not a sentence of ours.
      assert.deepEqual(
        long.filter((sentence) => !/Based on|Also searched/.test(sentence)),
        [],
        path,
      );
    }
  });
});
