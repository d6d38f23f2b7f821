import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import { assertAsDescribed, call, type Json } from '#test/support/api.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { testNeeds } from '#test/support/guidance.ts';
import { findMatrix } from '#usecases/find-matrix.ts';

let app: TestApp;
let document: Json;
before(async () => {
  app = await startApp();
  document = (await call(app.baseUrl, 'GET', '/api/v1/openapi.json')).body;
});
after(() => app.close());

async function get(path: string): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(new URL(path, app.baseUrl));
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const shorts: Readonly<Record<string, string>> = {
  Yes: 'allowed',
  'Yes, if …': 'allowed-with-conditions',
  'Ask first': 'get-guidance',
  'Review first': 'request-review',
  No: 'not-allowed',
};

/** Every cell on the page: the verdict that it shows in words, and where it leads. */
function cellsOn(html: string): { readonly verdict: string | undefined; readonly href: string }[] {
  return [...html.matchAll(/<a class="app-short[^"]*" href="([^"]+)">([^<]+)</g)].map(
    ([, href = '', text = '']) => ({
      verdict: shorts[text],
      href: href.replaceAll('&amp;', '&'),
    }),
  );
}

async function assertSame(cells: ReturnType<typeof cellsOn>): Promise<void> {
  for (const { verdict, href } of cells) {
    const { status, text } = await get(href);
    assert.equal(status, 200, href);
    assert.equal(/data-verdict="([^"]+)"/.exec(text)?.[1], verdict, href);
  }
}

describe('the page "Which tool for which information"', () => {
  it('shows every tool that the guidance names, with every kind of information', async () => {
    const { text } = await get('/matrix');
    const { pack } = app.needs.policy();
    const listed = [...pack.tools.values()].filter((tool) => tool.listed !== undefined);
    assert.ok(listed.length >= 24);
    for (const { id } of listed) assert.ok(text.includes(`href="/tools/${id}`), id);
    for (const { label } of pack.matrix?.information ?? []) assert.ok(text.includes(label), label);
    const spans = [...text.matchAll(/<td [^>]*colspan="8"/g)].length;
    assert.equal(cellsOn(text).length, (listed.length - spans) * 8 + spans);
  });

  it('leads from every cell to the answer with the verdict that it shows', async () => {
    await assertSame(cellsOn((await get('/matrix')).text));
  });

  it('does so for whatever is chosen', async () => {
    const { pack } = app.needs.policy();
    const choices = (pack.matrix?.filters ?? []).flatMap(({ fact, values }) =>
      (pack.facts.get(fact)?.values ?? [])
        .filter(({ id }) => values?.has(id) ?? true)
        .map(({ id }) => `${fact}=${encodeURIComponent(id)}`),
    );
    assert.ok(choices.length > 20);
    for (const [index, choice] of choices.entries()) {
      const { status, text } = await get(`/matrix?${choice}`);
      assert.equal(status, 200, choice);
      const cells = cellsOn(text);
      // A sample that moves over the table from choice to choice.
      await assertSame(cells.filter((_, place) => place % 41 === index % 41));
    }
  });

  it('takes every value that is empty as not chosen, as a form sends it', async () => {
    const [plain, sent] = [
      await get('/matrix'),
      await get('/matrix?purpose=&account=&device=&organisation='),
    ];
    assert.deepEqual(cellsOn(sent.text), cellsOn(plain.text));
  });

  it('names the tools that are not meant for what was chosen, and does not decide them', async () => {
    const { text } = await get('/matrix?purpose=share-transfer');
    const [table = '', rest = ''] = text.split('Not for this');
    assert.ok(rest.includes('href="/tools/telephone?'));
    assert.ok(!table.includes('href="/tools/telephone?'));
  });

  it('says what it takes as usual', async () => {
    const { text } = await get('/matrix');
    assert.match(text, /What is taken as usual/);
    assert.match(text, /Who it is for: People in the MoJ/);
  });

  it('says once where the kind of information does not matter', async () => {
    const { text } = await get('/matrix');
    assert.match(text, /The kind of information does not matter here/);
  });

  it('keeps where somebody works in its links', async () => {
    const { text } = await get('/matrix?organisation=hmpps');
    assert.match(text, /href="\/tools\/slack\?organisation=hmpps"/);
    assert.ok(cellsOn(text).every(({ href }) => href.includes('organisation=hmpps')));
  });

  it('refuses what is not on a list in words, with the rest of the form as it was', async () => {
    for (const path of [
      '/matrix?account=mine&device=personal',
      '/matrix?account=work&account=none&device=personal',
    ]) {
      const { status, text } = await get(path);
      assert.equal(status, 400, path);
      assert.match(text, /There is a problem/);
      assert.match(text, /href="#account"/);
      assert.match(text, /<option value="personal" selected>My own phone/);
      assert.equal(cellsOn(text).length, 0);
    }
    const { status } = await get('/matrix?account=%00%3Cscript%3E&purpose[]=x&__proto__=1&constructor=2');
    assert.equal(status, 400);
  });

  it('is kept, and confirmed to a browser that has it', async () => {
    const { headers } = await get('/matrix');
    const etag = headers.get('etag');
    assert.ok(etag !== null);
    const again = await fetch(new URL('/matrix', app.baseUrl), { headers: { 'if-none-match': etag } });
    assert.equal(again.status, 304);
  });

  it('is found from the list of tools and from the page of all statements', async () => {
    assert.match((await get('/tools')).text, /href="\/matrix(\?[^"]*)?">Which tool for which information/);
    assert.match((await get('/statements')).text, /href="\/matrix"/);
  });
});

describe('the matrix for a spreadsheet', () => {
  it('has a row for each tool and the same verdicts as the page, with what they are for', async () => {
    const { status, text, headers } = await get('/matrix.csv?purpose=collaborate');
    assert.equal(status, 200);
    assert.match(headers.get('content-type') ?? '', /^text\/csv/);
    assert.match(
      headers.get('content-disposition') ?? '',
      /^attachment; filename="which-tool-\d{4}-\d{2}-\d{2}\.csv"$/,
    );
    // fetch leaves the byte order mark out.
    const lines = text
      .replace(/^\uFEFF/, '')
      .trimEnd()
      .split('\r\n');
    const found = findMatrix(app.needs, { purpose: 'collaborate' });
    assert.ok(found.outcome === 'ok');
    assert.equal(lines.length, 1 + found.matrix.groups.reduce((sum, { rows }) => sum + rows.length, 0));
    assert.match(lines[0] ?? '', /^Kind of tool,Tool,Id,OFFICIAL,About people,/);
    const slack = lines.find((line) => line.includes(',slack,'));
    assert.match(
      slack ?? '',
      /^Open internet tool,Slack,slack,"You can use it, if …",Do not use it,Ask first,/,
    );
    assert.match(slack ?? '', /,Work on something together,My own MoJ sign-in,/);
  });

  it('refuses what is not on a list in plain words', async () => {
    const { status, text, headers } = await get('/matrix.csv?account=mine');
    assert.equal(status, 400);
    assert.match(headers.get('content-type') ?? '', /^text\/plain/);
    assert.equal(text, 'Account: “mine” is not on the list. Choose one from the list\n');
  });

  it('makes no formula of a name, and keeps commas, quotes and line ends in their cell', async () => {
    const { pack } = (await testNeeds()).policy();
    const slack = pack.tools.get('slack');
    assert.ok(slack !== undefined);
    const named = (name: string): Policy =>
      compilePolicy({ ...pack, tools: new Map(pack.tools).set('slack', { ...slack, name }) }, name);
    for (const [name, cell] of [
      ['=HYPERLINK("https://x.example")', '"\'=HYPERLINK(""https://x.example"")"'],
      ['@SUM(A1)', "'@SUM(A1)"],
      ['+1, 2', '"\'+1, 2"'],
      ['a "b"\nc', '"a ""b""\nc"'],
    ] as const) {
      const { baseUrl, close } = await startWith(named(name));
      try {
        const text = await (await fetch(new URL('/matrix.csv', baseUrl))).text();
        assert.ok(text.includes(`Open internet tool,${cell},slack,`), name);
      } finally {
        await close();
      }
    }
  });
});

describe('the matrix in the API', () => {
  it('is as described, with the verdicts that its facts get when they are asked', async () => {
    const answer = await call(app.baseUrl, 'GET', '/api/v1/matrix?account=work');
    assertAsDescribed(document, 'GET /api/v1/matrix', answer);
    assert.equal(answer.body.tools.length, 24);
    assert.deepEqual(
      answer.body.filters.map(({ fact, value }: Json) => [fact, value]),
      [
        ['purpose', null],
        ['account', 'work'],
        ['device', 'moj'],
        ['organisation', 'moj-headquarters'],
      ],
    );
    const cells: Json[] = answer.body.tools.flatMap((tool: Json) => tool.cells);
    for (const { facts, verdict, settled } of cells) {
      const { body } = await call(app.baseUrl, 'POST', '/api/v1/decisions', { body: { facts } });
      assert.deepEqual(
        [body.verdict, body.settled, body.complete, body.ignored],
        [verdict, settled, true, []],
      );
    }
  });

  it('describes what it can be filtered by, from the pack', () => {
    const { parameters } = document.paths['/api/v1/matrix'].get;
    assert.deepEqual(
      parameters.map(({ name }: Json) => name),
      ['purpose', 'account', 'device', 'organisation'],
    );
    assert.ok(parameters[1].schema.enum.includes('personal'));
  });

  it('refuses values and parameters that it does not know, with the nearest', async () => {
    const wrong = await call(app.baseUrl, 'GET', '/api/v1/matrix?account=wrok');
    assertAsDescribed(document, 'GET /api/v1/matrix', wrong);
    assert.equal(wrong.status, 400);
    assert.deepEqual(
      wrong.body.errors.map(({ pointer, suggestion }: Json) => [pointer, suggestion]),
      [['?account', 'work']],
    );
    const unknown = await call(app.baseUrl, 'GET', '/api/v1/matrix?acount=work');
    assert.equal(unknown.status, 400);
    assert.equal(unknown.body.errors[0].suggestion, 'account');
  });
});

describe('a pack without a matrix', () => {
  it('has no such page, and no link to one', async () => {
    const { pack } = (await testNeeds()).policy();
    const { baseUrl, close } = await startWith(compilePolicy({ ...pack, matrix: null }, 'without a matrix'));
    try {
      for (const path of ['/matrix', '/matrix.csv', '/api/v1/matrix'])
        assert.equal((await fetch(new URL(path, baseUrl))).status, 404, path);
      for (const path of ['/tools', '/statements', '/policy/proof'])
        assert.doesNotMatch(await (await fetch(new URL(path, baseUrl))).text(), /href="\/matrix/, path);
    } finally {
      await close();
    }
  });
});

async function startWith(policy: Policy): Promise<{ baseUrl: string; close: () => Promise<void> }> {
  return startApp({ needs: { ...(await testNeeds()), policy: () => policy } });
}
