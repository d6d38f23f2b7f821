import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { onBothDatabases, type TestDatabase } from '#test/support/databases.ts';
import { testNeeds } from '#test/support/guidance.ts';
import { testMemoryIn } from '#test/support/memory.ts';
import { ordinaryTrello as facts } from '#test/support/ordinary-trello.ts';
import { Person } from '#test/support/person.ts';
import { tellSomeChanges } from '#usecases/receipts/tell-changes.ts';

onBothDatabases('what has changed', (kind) => {
  let own: TestDatabase;
  let app: TestApp;
  let asker: Person;
  let policy: Policy;
  let shipped: string;
  let reference: string;
  before(async () => {
    own = await kind.create();
    const needs = await testNeeds();
    policy = needs.policy();
    shipped = policy.hash;
    app = await startApp({
      needs: { ...needs, policy: () => policy },
      memory: await testMemoryIn(own.place),
    });
    asker = await Person.signedIn(app.baseUrl, 'asker');
    const saved = await asker.send(`/receipts/new?${new URLSearchParams(facts)}`, '/receipts', facts);
    reference = saved.headers.get('location')?.replace('/receipts/', '') ?? '';
  });
  after(async () => {
    await app.close();
    await own.remove();
  });
  const textAt = async (person: Person, path: string): Promise<string> => (await person.get(path)).text();
  const tokenOf = async (person: Person): Promise<string> => {
    const made = await person.send('/me/tokens', '/me/tokens', {
      label: 'Feed',
      'endsOn-day': '1',
      'endsOn-month': '12',
      'endsOn-year': '2026',
    });
    return /ctu_[\w-]+/.exec(await made.text())?.[0] ?? '';
  };
  const feed = async (token: string, query = '') => {
    const answer = await fetch(`${app.baseUrl}/api/v1/me/changes${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    // biome-ignore lint/suspicious/noExplicitAny: the test says what it must be
    return { status: answer.status, body: (await answer.json()) as any };
  };
  const publish = async (verdict: 'not-allowed' | 'get-guidance', hash: string) => {
    const { pack } = policy;
    const rules = pack.rules.map((rule) =>
      rule.verdict === 'allowed-with-conditions' ? { ...rule, verdict } : rule,
    );
    policy = compilePolicy({ ...pack, rules }, hash);
    const { people } = app.memory;
    const version = { hash, label: pack.label, texts: () => [] };
    await people.store.policyVersions.keep(version, people.now().toISOString());
    while (await tellSomeChanges({ people, asking: app.needs, inForceHash: async () => hash }));
  };

  it('is nothing before anything has', async () => {
    assert.match(await textAt(asker, '/me'), /Nothing waits for you/);
    assert.match(await textAt(asker, '/receipts/changes'), /None of your saved answers has changed/);
    assert.deepEqual((await feed(await tokenOf(asker))).body, { changes: [], nextCursor: null });
    // One version alone needs no fingerprint.
    const saved = await textAt(asker, `/receipts/${reference}`);
    assert.ok(saved.includes(`under the guidance ${policy.pack.label}</p>`));
    assert.ok(!saved.includes(shipped.slice(0, 12)));
  });

  it('stands on one’s own page, in the list, on the saved answer and in the feed, and nowhere for others', async () => {
    await publish('not-allowed', 'another');
    for (const path of ['/me', '/receipts/changes', `/receipts/${reference}`]) {
      const text = await textAt(asker, path);
      for (const part of ['Do not use', reference]) assert.ok(text.includes(part), `${part} on ${path}`);
    }
    assert.match(await textAt(asker, '/receipts/changes'), /Stop using it for this/);
    // The label is the same, so the fingerprints tell the two versions apart.
    const { pack } = policy;
    const then = `${pack.label} (${shipped.slice(0, 12)})`;
    const now = `${pack.label} (another)`;
    assert.ok((await textAt(asker, '/receipts/changes')).includes(`under the guidance ${now}`));
    const saved = await textAt(asker, `/receipts/${reference}`);
    assert.ok(saved.includes(`under the guidance ${then}. In force now: ${now}`));
    assert.ok(saved.includes(`Under the guidance ${now}`));
    const notices = await textAt(asker, '/me/notices');
    assert.ok(notices.includes(`under the guidance ${then}. It was compared with the guidance ${now}.`));
    const { body } = await feed(await tokenOf(asker));
    const [change] = body.changes;
    assert.deepEqual(
      [change.reference, change.verdict, change.why],
      [reference, { before: 'allowed-with-conditions', after: 'not-allowed' }, 'version'],
    );
    assert.ok(change.reasons.some(({ citations }: { citations: unknown[] }) => citations.length > 0));
    const other = await Person.signedIn(app.baseUrl, 'line-manager');
    assert.match(await textAt(other, '/receipts/changes'), /None of your saved answers has changed/);
    assert.doesNotMatch(await textAt(other, `/receipts/${reference}`), /What we told you about it/);
    assert.deepEqual((await feed(await tokenOf(other))).body.changes, []);
  });

  it('can be read a page at a time, and a cursor that is none is refused in words', async () => {
    const saved = await asker.send(`/receipts/new?${new URLSearchParams(facts)}`, '/receipts', facts);
    assert.equal(saved.status, 303);
    await publish('get-guidance', 'a third one');
    const token = await tokenOf(asker);
    const all = (await feed(token)).body.changes;
    const seen = [];
    for (let cursor = ''; ; ) {
      const { body } = await feed(token, `?limit=1${cursor}`);
      seen.push(...body.changes);
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    assert.deepEqual(seen, all);
    const wrong = await feed(token, '?cursor=x');
    assert.equal(wrong.status, 400);
    assert.equal(wrong.body.errors[0].pointer, '?cursor');
    assert.equal((await feed('none')).status, 401);
  });
});
