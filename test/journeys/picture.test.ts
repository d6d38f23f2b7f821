import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startApp, type TestApp } from '#test/support/app.ts';

let app: TestApp;
before(async () => {
  app = await startApp();
});
after(() => app.close());

async function get(path: string): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(new URL(path, app.baseUrl));
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** The words in a piece of a page, with single spaces. */
function wordsOf(html: string): string {
  return html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
}

describe('the rules as a picture', () => {
  it('says in words below the picture everything that stands in it', async () => {
    const { pack } = app.needs.policy();
    for (const { id, label } of pack.facts.get('toolKind')?.values ?? []) {
      const { status, text } = await get(`/policy/picture?kind=${id}`);
      assert.equal(status, 200, id);
      assert.ok(text.includes(`<h2 class="govuk-heading-m">${label}: the picture</h2>`), id);
      const [, svg = '', after = ''] =
        /class="app-picture__drawing"([\s\S]*?)<\/svg>([\s\S]*)<footer/.exec(text) ?? [];
      const below = wordsOf(after);
      const steps = [...svg.matchAll(/<g class="app-picture__step[^>]*>([\s\S]*?)<\/g>/g)];
      assert.ok(steps.length >= 8, `${id}: ${steps.length}`);
      for (const [, step = ''] of steps) {
        // Each line of a box that begins a test begins one in words too; a star stands for the note above the picture.
        const words = wordsOf(step).replace(' *', '').trim();
        for (const test of words.split(' and ')) assert.ok(below.includes(test), `${id}: ${test}`);
      }
      assert.equal([...after.matchAll(/<li>/g)].length >= steps.length, true, id);
    }
  });

  it('has a name, a description and no style or script of its own', async () => {
    const { text, headers } = await get('/policy/picture');
    assert.match(text, /<svg [^>]*role="img" aria-labelledby="picture-title picture-description"/);
    assert.match(text, /<title id="picture-title">How facts lead to answers: Open internet tool<\/title>/);
    assert.match(text, /<desc id="picture-description">/);
    const svg = /class="app-picture__drawing"[\s\S]*?<\/svg>/.exec(text)?.[0] ?? '';
    assert.doesNotMatch(svg, /style|<script|<image|href/);
    assert.doesNotMatch(headers.get('content-security-policy') ?? '', /unsafe-inline/);
  });

  it('names the rules behind each line, with the statements that they carry out', async () => {
    const { text } = await get('/policy/picture?kind=proctoring');
    assert.match(text, /Exam software on MoJ equipment <a class="govuk-link" href="\/statements#GAG-116">/);
  });

  it('is the same for everybody who asks, and confirmed to a browser that has it', async () => {
    const [first, second] = await Promise.all([
      get('/policy/picture?kind=email'),
      get('/policy/picture?kind=email&x=1'),
    ]);
    assert.equal(first.text, second.text);
    const again = await fetch(new URL('/policy/picture?kind=email', app.baseUrl), {
      headers: { 'if-none-match': first.headers.get('etag') ?? '' },
    });
    assert.equal(again.status, 304);
  });

  it('keeps nobody waiting while it is drawn', async () => {
    const other = await startApp();
    try {
      let isDrawn = false;
      const drawing = fetch(new URL('/policy/picture?kind=unlisted', other.baseUrl)).then((response) => {
        isDrawn = true;
        return response.status;
      });
      for (let count = 0; count < 5; count++) await fetch(new URL('/help', other.baseUrl));
      assert.equal(isDrawn, false);
      assert.equal(await drawing, 200);
    } finally {
      await other.close();
    }
  });

  it('refuses a kind that does not exist in words', async () => {
    for (const path of [
      '/policy/picture?kind=magic%3Cb%3E',
      '/policy/picture?kind=email&kind=standard',
      '/policy/picture?kind=__proto__',
    ]) {
      const { status, text } = await get(path);
      assert.equal(status, 400, path);
      assert.match(text, /is not a kind of tool\. Choose one from the list/);
      assert.match(text, /href="#kind"/);
      assert.doesNotMatch(text, /<b>/);
    }
  });

  it('is found from the page of the matrix', async () => {
    assert.match((await get('/matrix')).text, /href="\/policy\/picture"/);
  });
});
