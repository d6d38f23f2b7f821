import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import { signedTextOf } from '#domain/receipts/receipt.ts';
import { isSignedWith } from '#platform/signer.ts';
import { openDatabase } from '#store/database.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { onBothDatabases, type TestDatabase } from '#test/support/databases.ts';
import { testNeeds } from '#test/support/guidance.ts';
import { testMemoryIn } from '#test/support/memory.ts';
import { ordinaryTrello as facts } from '#test/support/ordinary-trello.ts';
import { Person } from '#test/support/person.ts';
import { keepHouse } from '#usecases/housekeeping.ts';

const query = new URLSearchParams(facts).toString();

onBothDatabases('saved answers', (kind) => {
  let own: TestDatabase;
  let app: TestApp;
  let asker: Person;
  let other: Person;
  let policy: Policy;
  before(async () => {
    own = await kind.create();
    const needs = await testNeeds();
    policy = needs.policy();
    app = await startApp({
      needs: { ...needs, policy: () => policy },
      memory: await testMemoryIn(own.place),
    });
    asker = await Person.signedIn(app.baseUrl, 'asker');
    other = await Person.signedIn(app.baseUrl, 'line-manager');
  });
  after(async () => {
    await app.close();
    await own.remove();
  });
  const save = async (more: Record<string, string> = {}): Promise<string> => {
    const answer = await asker.send(`/receipts/new?${query}`, '/receipts', { ...facts, ...more });
    assert.equal(answer.status, 303, await answer.clone().text());
    return answer.headers.get('location') ?? '';
  };
  const textAt = async (person: Person, path: string): Promise<string> => (await person.get(path)).text();

  it('are saved from an answer by whoever has signed in, and come back to it after signing in', async () => {
    const page = await (await fetch(new URL(`/answer?${query}`, app.baseUrl))).text();
    const link = /href="(\/receipts\/new[^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const away = await new Person(app.baseUrl).get(link);
    assert.match(away.headers.get('location') ?? '', /^\/sign-in\?return=%2Freceipts%2Fnew%3F/);
    const path = await save({ words: 'The board could be lost.\r\nWe would go back to email.' });
    assert.match(
      path,
      /^\/receipts\/[34679ACDEFGHJKMNPQRTWXY]{4}-[34679ACDEFGHJKMNPQRTWXY]{4}-[34679ACDEFGHJKMNPQRTWXY]$/,
    );
    const text = await textAt(asker, path);
    for (const part of [
      'Trello',
      'Still holds',
      'It is genuine',
      'it comes to the same answer',
      'The board could be lost.',
      'Alex Asker',
    ])
      assert.ok(text.includes(part), part);
  });

  it('are shown to anybody who is signed in and has the reference, however it is typed, and to nobody else', async () => {
    const path = await save();
    const reference = path.replace('/receipts/', '');
    const typed = reference.toLowerCase().replaceAll('-', ' ');
    const found = await other.get(`/receipts/check?${new URLSearchParams({ reference: typed })}`);
    assert.equal(found.headers.get('location'), path);
    assert.match(await textAt(other, path), /It is genuine/);
    assert.doesNotMatch(await textAt(other, path), /Withdraw it/);
    assert.equal((await new Person(app.baseUrl).get(path)).status, 302);
    const wrong = await other.get('/receipts/check?reference=K7PM-3QX4');
    assert.equal(wrong.status, 400);
    assert.match(await wrong.text(), /9 characters/);
  });

  it('are refused while something is still open, and with more words than can be kept, of which none is lost', async () => {
    const open = await asker.send(`/receipts/new?${query}`, '/receipts', { tool: 'trello' });
    assert.match(open.headers.get('location') ?? '', /^\/check\?tool=trello/);
    const words = `${'x'.repeat(1_990)} and too much`;
    const long = await asker.send(`/receipts/new?${query}`, '/receipts', { ...facts, words });
    assert.equal(long.status, 400);
    const text = await long.text();
    assert.match(text, /must be 2000 characters or less/);
    assert.ok(text.includes(words));
    const odd = await asker.send(`/receipts/new?${query}`, '/receipts', { ...facts, words: 'a\u0007b' });
    assert.equal(odd.status, 400);
    assert.match(await odd.text(), /must not hold control characters/);
  });

  it('are found out where a byte of them was changed', async () => {
    const path = await save({ words: 'As it was' });
    const reference = path.replace('/receipts/', '');
    const database = await openDatabase(own.place);
    for (const [column, change] of [
      ['words', "'As it is'"],
      ['core', "replace(core, 'allowed', 'Allowed')"],
      ['on_day', "'2026-11-21'"],
      ['facts', "replace(facts, 'work', 'personal')"],
      ['person_name', "'Somebody Else'"],
      ['signature', 'substr(signature, 2) || substr(signature, 1, 1)'],
    ] as const) {
      await sql`create table kept as select * from receipts where reference = ${reference}`.execute(
        database.kysely,
      );
      await sql`update receipts set ${sql.raw(column)} = ${sql.raw(change)} where reference = ${reference}`.execute(
        database.kysely,
      );
      assert.match(await textAt(asker, path), /its signature does not fit/, column);
      await sql`update receipts set ${sql.raw(column)} = (select ${sql.raw(column)} from kept) where reference = ${reference}`.execute(
        database.kysely,
      );
      await sql`drop table kept`.execute(database.kysely);
    }
    assert.match(await textAt(asker, path), /It is genuine/);
    await database.close();
  });

  it('can be checked anywhere by the file that is taken out', async () => {
    const path = await save();
    const { key, state: _state, ...receipt } = JSON.parse(await textAt(asker, `${path}/file`));
    assert.ok(isSignedWith(key, signedTextOf(receipt), receipt.signature));
    assert.ok(!isSignedWith(key, signedTextOf({ ...receipt, words: 'x' }), receipt.signature));
  });

  it('say what is different once the guidance says something else, and still come to the same under their own', async () => {
    const path = await save();
    const shipped = policy;
    const { pack } = policy;
    policy = compilePolicy(
      {
        ...pack,
        rules: pack.rules.map((rule) =>
          rule.verdict === 'allowed-with-conditions' ? { ...rule, verdict: 'not-allowed' as const } : rule,
        ),
      },
      'another',
    );
    const text = await textAt(asker, path);
    assert.match(text, /Today’s guidance says something else/);
    assert.match(text, /it comes to the same answer/);
    assert.match(await textAt(asker, '/receipts?filter=changed'), new RegExp(path));
    policy = shipped;
    assert.doesNotMatch(await textAt(asker, '/receipts?filter=changed'), new RegExp(path));
  });

  it('are replaced by asking again, and withdrawn, by whoever saved them alone', async () => {
    const first = await save();
    const reference = first.replace('/receipts/', '');
    const second = await save({ supersedes: reference });
    const replaced = await textAt(other, first);
    assert.match(replaced, /has asked again since, and replaced it by a newer one/);
    assert.match(replaced, /app-verdict--over/);
    assert.doesNotMatch(replaced, /See the newer one/);
    assert.ok((await textAt(asker, first)).includes(`href="${second}">See the newer one`));
    assert.equal((await other.send('/me/sessions', `${second}/withdraw`)).status, 409);
    assert.equal((await asker.send(second, `${second}/withdraw`)).status, 303);
    assert.match(await textAt(other, second), /withdrew this answer/);
    assert.equal((await asker.send('/me/sessions', `${second}/withdraw`)).status, 409);
    const events = await app.memory.people.store.audit.search({ entry: 'receipt' }, 100);
    for (const action of ['receipt-saved', 'receipt-withdrawn'])
      assert.ok(
        events.some((event) => event.action === action),
        action,
      );
  });

  it('are saved once where one form is sent several times, and once more where it says something else', async () => {
    const { store, newId } = app.memory.people;
    const me = await store.people.byEmail('asker@trial.invalid');
    const count = async (): Promise<number> => (await store.receipts.listOf(me?.id ?? '', 1_000)).length;
    const page = `/receipts/new?${new URLSearchParams(facts)}`;
    const attempt = /name="attempt" value="([^"]+)"/.exec(await textAt(asker, page))?.[1] ?? '';
    const _csrf = await asker.tokenOn(page);
    const send = (fields: Record<string, string> = {}) =>
      asker.post('/receipts', { ...facts, words: 'Once', attempt, _csrf, ...fields });
    const before = await count();
    const sent = await Promise.all(Array.from({ length: 8 }, () => send()));
    const places = new Set(sent.map(({ headers }) => headers.get('location')));
    assert.equal(places.size, 1, sent.map(({ status }) => status).join());
    assert.equal((await send()).headers.get('location'), [...places][0]);
    assert.equal(await count(), before + 1);
    const otherwise = await send({ words: 'Twice' });
    assert.equal(otherwise.status, 303);
    assert.ok(!places.has(otherwise.headers.get('location')));
    assert.equal(await count(), before + 2);
    // Of somebody else, it is only an id that is taken.
    const third = await Person.signedIn(app.baseUrl, 'information-manager');
    const foreign = await third.send('/me/sessions', '/receipts', { ...facts, words: 'Once', attempt });
    assert.equal(foreign.status, 303);
    assert.ok(!places.has(foreign.headers.get('location')));

    const old = (await send({ attempt: newId() })).headers.get('location') ?? '';
    const replacing = { supersedes: old.slice(10), words: 'In its place', attempt: newId() };
    const both = await Promise.all([send(replacing), send(replacing)]);
    assert.equal(both[0]?.headers.get('location'), both[1]?.headers.get('location'));
    // Whoever goes back and corrects it replaces what they have just saved.
    const corrected = await send({ ...replacing, words: 'Better' });
    assert.equal(corrected.status, 303);
    const one = await store.receipts.byReference(both[0]?.headers.get('location')?.slice(10) ?? '');
    const two = await store.receipts.byReference(corrected.headers.get('location')?.slice(10) ?? '');
    assert.equal(one?.supersededBy, two?.id);
    assert.equal(two?.words, 'Better');
    // Once it was withdrawn, the same form saves anew.
    const form = { attempt: newId(), words: 'Again' };
    const first = (await send(form)).headers.get('location') ?? '';
    await asker.send('/me/sessions', `${first}/withdraw`);
    assert.notEqual((await send(form)).headers.get('location'), first);
    const late = await send({ ...replacing, words: 'Too late', attempt: newId() });
    assert.equal(late.status, 409);
    const text = await late.text();
    assert.ok(text.includes('does not hold any more') && text.includes('Too late'));
    for (const attempt of ['x', 'ffffffff-ffff-7fff-bfff-ffffffffffff'])
      assert.equal((await send({ attempt })).status, 400, attempt);
  });

  it('do not hold again where what took their place goes first', async () => {
    const { store } = app.memory.people;
    const old = (await save({ words: 'Old' })).slice(10);
    const newer = await store.receipts.byReference((await save({ supersedes: old })).slice(10));
    await store.inOneTransaction((inside) => inside.receipts.remove([newer?.id ?? '']));
    const left = await store.receipts.byReference(old);
    assert.equal(left?.supersededBy, null);
    assert.equal(left?.withdrawnAt, newer?.savedAt);
    assert.match(await textAt(asker, `/receipts/${old}`), /It does not hold any more/);
  });

  it('are found among many where few have changed', async () => {
    const owner = await Person.signedIn(app.baseUrl, 'policy-owner');
    const saveAs = async (purpose: string): Promise<string> => {
      const fields = { ...facts, purpose };
      const page = `/receipts/new?${new URLSearchParams(fields)}`;
      const saved = await owner.post('/receipts', { _csrf: await owner.tokenOn(page), ...fields });
      return saved.headers.get('location') ?? '';
    };
    const changed = await saveAs('communicate');
    for (let count = 0; count < 55; count++) await saveAs('collaborate');
    const shipped = policy;
    const { pack } = policy;
    const [rule] = pack.rules;
    assert.ok(rule);
    const only = {
      ...rule,
      id: 'no-talking',
      when: new Map([['purpose', new Set(['communicate'])]]),
      adds: [],
    };
    const rules = [...pack.rules, { ...only, verdict: 'not-allowed' as const }];
    policy = compilePolicy({ ...pack, rules }, 'no talking');
    const text = await textAt(owner, '/receipts?filter=changed');
    assert.deepEqual(
      [...text.matchAll(/href="(\/receipts\/[A-Z0-9]{4}-[^"]+)"/g)].map(([, path]) => path),
      [changed],
    );
    policy = shipped;
    assert.match(await textAt(owner, '/receipts'), /before=/);
  });

  it('are not said to have changed where the same comes from other rules', async () => {
    const path = await save();
    const shipped = policy;
    const { pack } = policy;
    policy = compilePolicy(
      { ...pack, rules: pack.rules.map((rule) => ({ ...rule, id: `${rule.id}-anew` })) },
      'the same rules under other names',
    );
    assert.match(await textAt(asker, path), /Still holds/);
    policy = shipped;
  });

  it('are listed for whoever saved them, those that hold first', async () => {
    const all = await textAt(asker, '/receipts?filter=all');
    assert.match(all, /Replaced/);
    assert.match(all, /Withdrawn/);
    assert.doesNotMatch(await textAt(asker, '/receipts'), /Replaced|Withdrawn/);
    assert.match(await textAt(other, '/receipts?filter=all'), /There is none/);
  });
});

describe('a receipt whose time is up', () => {
  let app: TestApp;
  before(async () => {
    app = await startApp({ env: { RECEIPT_DAYS: '1' } });
  });
  after(() => app.close());

  it('goes, and the audit trail says so', async () => {
    const asker = await Person.signedIn(app.baseUrl, 'asker');
    const saved = await asker.send(`/receipts/new?${query}`, '/receipts', facts);
    const path = saved.headers.get('location') ?? '';
    const later = { ...app.memory.people, today: () => '2026-11-24' };
    assert.equal((await keepHouse(app.memory.people)).receipts, 0);
    assert.equal((await keepHouse(later)).receipts, 1);
    assert.equal((await asker.get(path)).status, 404);
    const events = await app.memory.people.store.audit.search({ action: 'receipts-removed' }, 10);
    assert.equal(events.length, 1);
  });
});
