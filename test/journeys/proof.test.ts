import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { testDay, testNeeds } from '#test/support/guidance.ts';
import { proveGuidance } from '#usecases/prove-guidance.ts';

async function textAt(baseUrl: string, path: string): Promise<string> {
  const response = await fetch(new URL(path, baseUrl));
  assert.equal(response.status, 200, path);
  return response.text();
}

/** The page, once it is worked out. It says itself when to look again. */
async function proofAt(baseUrl: string): Promise<string> {
  for (let tries = 0; tries < 30; tries++) {
    const response = await fetch(new URL('/policy/proof', baseUrl));
    const html = await response.text();
    if (response.headers.get('refresh') === null) return html;
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.match(html, /The proof is being worked out/);
    assert.match(html, /href="\/policy\/proof"/);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return assert.fail('the proof is never worked out');
}

/** The addresses of situations on the page, each with the heading that it stands below. */
function situationsOn(html: string): { readonly heading: string; readonly href: string }[] {
  return html.split('<h2').flatMap((part) => {
    const heading = />([^<]+)<\/h2>/.exec(part)?.[1] ?? '';
    return [...part.matchAll(/href="(\/answer\?[^"]*)"/g)].map(([, href = '']) => ({
      heading,
      href: href.replaceAll('&amp;', '&'),
    }));
  });
}

async function verdictAt(baseUrl: string, href: string): Promise<string | undefined> {
  return /data-verdict="([^"]+)"/.exec(await textAt(baseUrl, href))?.[1];
}

describe('the page of what is proved', () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.close());

  it('keeps nobody waiting while it is worked out', async () => {
    let isProved = false;
    const proof = proofAt(app.baseUrl).then((html) => {
      isProved = true;
      return html;
    });
    for (let count = 0; count < 5; count++) await textAt(app.baseUrl, '/help');
    assert.equal(isProved, false);
    assert.match(await proof, /Every promise holds in every possible situation/);
  });

  it('stands in the footer, and on the page of all statements', async () => {
    for (const path of ['/', '/statements'])
      assert.match(await textAt(app.baseUrl, path), /href="\/policy\/proof"/);
  });

  it('shows every promise and every gap, with the statements they cite', async () => {
    const html = await proofAt(app.baseUrl);
    const { pack } = app.needs.policy();
    for (const { text, cites } of pack.promises) {
      assert.ok(html.includes(text), text);
      for (const clause of cites) assert.ok(html.includes(`href="/statements#${clause}"`), clause);
    }
    for (const { because } of pack.gaps) assert.ok(html.includes(because), because);
    assert.ok(html.includes(app.needs.policy().hash.slice(0, 12)));
  });

  it('leads from every situation to an answer page with the verdict that it is shown for', async () => {
    const situations = situationsOn(await proofAt(app.baseUrl));
    assert.ok(situations.length > 100, `only ${situations.length}`);
    for (const { heading, href } of situations) {
      const wanted = heading.startsWith('What one rule permits') ? 'not-allowed' : 'get-guidance';
      assert.equal(await verdictAt(app.baseUrl, href), wanted, `${heading}: ${href}`);
    }
  });
});

describe('a policy that breaks its promises', () => {
  async function startWith(policy: Policy): Promise<TestApp> {
    return startApp({ needs: { ...(await testNeeds()), policy: () => policy } });
  }

  it('is shown with a link to a situation that breaks it, whose answer is the one that is told', async () => {
    const { pack } = (await testNeeds()).policy();
    const broken = compilePolicy(
      {
        ...pack,
        rules: pack.rules.filter(({ verdict }) => verdict !== 'not-allowed'),
        promises: [
          ...pack.promises,
          ...pack.promises.map((one) => ({ ...one, id: `${one.id}-milder`, always: ['allowed'] as const })),
        ],
      },
      'without prohibitions',
    );
    const { baseUrl, close } = await startWith(broken);
    try {
      const html = await proofAt(baseUrl);
      assert.match(html, /Something here needs a look/);
      const [period] = proveGuidance(broken, testDay).periods;
      assert.ok(period?.result.outcome === 'proved');
      const { promises } = period.result.proof;
      // A promise for tools that the catalogue does not hold yet has no situation that somebody could state.
      const found = promises.filter(({ broken: example }) => example?.situation != null);
      assert.ok(found.length > 100);
      const links = situationsOn(html).filter(({ heading }) => heading === 'Promises');
      assert.equal(links.length, found.length);
      for (const [index, { promise, broken: example }] of found.entries())
        assert.equal(await verdictAt(baseUrl, links[index]?.href ?? ''), example?.verdict, promise.id);
    } finally {
      await close();
    }
  });

  it('answers as before where its proof comes to nothing', async () => {
    const policy = (await testNeeds()).policy();
    // A fact that hangs on itself has no order in which to be worked out.
    const [fact] = policy.pack.facts.values();
    assert.ok(fact !== undefined);
    const circular = new Map(policy.pack.facts).set(fact.id, {
      ...fact,
      applies: [new Map([['purpose', new Set(['store'])]])],
    });
    const { baseUrl, close } = await startWith({
      ...policy,
      hash: 'circular',
      pack: { ...policy.pack, facts: circular },
    });
    try {
      const html = await proofAt(baseUrl);
      assert.match(html, /The proof could not be worked out/);
      assert.match(await textAt(baseUrl, '/help'), /<h1/);
    } finally {
      await close();
    }
  });
});
