import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fixedClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import type { Memory } from '#serve.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { onBothDatabases, type TestDatabase } from '#test/support/databases.ts';
import { testMemoryIn } from '#test/support/memory.ts';
import { movingClock } from '#test/support/moving-clock.ts';
import { actorOf, scriptedWay, sendingAt, someWords, tell } from '#test/support/notices.ts';
import { notifyKey, notifyTemplate } from '#test/support/notify-server.ts';
import { Person } from '#test/support/person.ts';
import { sendOneNotice } from '#usecases/notices/send-notices.ts';
import { writeNotice } from '#usecases/notices/write-notice.ts';

onBothDatabases('the pages of notices', (kind) => {
  let own: TestDatabase;
  let memory: Memory;
  let app: TestApp;
  let asker: Person;
  let administrator: Person;
  before(async () => {
    own = await kind.create();
    memory = await testMemoryIn(own.place, fixedClock('2026-11-22T09:00:00Z'));
    app = await startApp({ memory });
    asker = await Person.signedIn(app.baseUrl, 'asker');
    administrator = await Person.signedIn(app.baseUrl, 'administrator');
  });
  after(async () => {
    await app.close();
    await own.remove();
  });
  const page = async (person: Person, path: string): Promise<string> => (await person.get(path)).text();
  const noSending = scriptedWay([{ outcome: 'never', problem: '550 <b>No such user</b>' }]);
  const sending = () => sendingAt(memory, movingClock(), noSending.way);

  it('let somebody choose, and say so', async () => {
    assert.match(await page(asker, '/me/notices'), /There is nothing to tell you/);
    assert.match(await page(asker, '/me/notices'), /value="at-once"[^>]*checked/);
    const chosen = await asker.send('/me/notices', '/me/notices', { choice: 'daily' });
    assert.equal(chosen.headers.get('location'), '/me/notices?done=chosen');
    const after = await page(asker, '/me/notices?done=chosen');
    assert.match(after, /Your choice is saved/);
    assert.match(after, /value="daily"[^>]*checked/);
  });

  it('name what is wrong with a choice that is none, and store nothing', async () => {
    for (const fields of [{}, { choice: 'by-pigeon' }, { choice: '__proto__' }]) {
      const answer = await asker.send('/me/notices', '/me/notices', fields);
      assert.equal(answer.status, 400);
      const text = await answer.text();
      assert.match(text, /There is a problem/);
      assert.match(text, /Select how you want to get notices/);
      assert.match(text, /value="daily"[^>]*checked/);
    }
  });

  it('send a test on request, as many a day as one person may cause', async () => {
    for (let count = 0; count < 20; count++) {
      const answer = await asker.send('/me/notices', '/me/notices/test');
      assert.equal(answer.headers.get('location'), '/me/notices?done=test');
    }
    const refused = await asker.send('/me/notices', '/me/notices/test');
    assert.equal(refused.status, 429);
    const said = await refused.text();
    assert.match(
      said,
      /as many notices sent today as the service sends for one person \(20\)\.<\/p>\s*<p[^>]*>Try again tomorrow\.</,
    );
    assert.doesNotMatch(said, /Wait a minute/);
    const text = await page(asker, '/me/notices');
    assert.match(text, /This is a test notice/);
    assert.match(text, /On its way to the outbox of this service\./);
  });

  it('show administrators where each stands, and have one tried again', async () => {
    const owner = await actorOf(memory, 'policy-owner');
    const words = { ...someWords, subject: 'About <script>alert(1)</script>' };
    const id = await tell(sending(), owner.id, words);
    while (await sendOneNotice(sending(), () => {}));
    const list = await page(administrator, '/notices?state=given-up&kind=answer-changed');
    assert.match(list, /notices were given up: nobody was told/);
    assert.match(list, /policy-owner@trial\.invalid/);
    assert.match(list, /550 &lt;b&gt;No such user/);
    assert.doesNotMatch(list, /This is a test notice/, 'the filter holds');
    assert.doesNotMatch(list, /<script>alert/);
    const one = await administrator.get(`/notices/${id}`);
    const text = await one.text();
    assert.match(text, /About &lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.doesNotMatch(text, /<script>alert| style="/);
    assert.doesNotMatch(one.headers.get('content-security-policy') ?? '', /unsafe-inline/);
    const file = await administrator.get(`/notices/${id}/file`);
    assert.equal(file.headers.get('content-type'), 'message/rfc822');
    assert.match(
      file.headers.get('content-disposition') ?? '',
      /^attachment; filename="[0-9a-f-]{36}\.eml"$/,
    );
    assert.match(await file.text(), /^Auto-Submitted: auto-generated/m);
    const again = await administrator.send(`/notices/${id}`, `/notices/${id}/again`);
    assert.equal(again.headers.get('location'), `/notices/${id}`);
    assert.match(await page(administrator, `/notices/${id}`), /Waiting/);
    const twice = await administrator.send('/me/notices', `/notices/${id}/again`);
    assert.equal(twice.status, 409);
    assert.equal((await administrator.get('/notices/none')).status, 404);
    assert.equal((await administrator.get('/notices?state=none&kind=none&before=none')).status, 200);
  });

  it('show the key of somebody else’s link to nobody where mail takes it there, and to administrators in the outbox', async () => {
    const id = await memory.people.store.inOneTransaction((inside) =>
      writeNotice(memory.people, inside, {
        to: { kind: 'address', name: 'Kim', address: 'kim@example.org' },
        kind: 'guidance-asked',
        about: 'guidance-request:1',
        words: { ...someWords, link: { text: 'Answer', path: '/line-manager/secret-key' } },
      }),
    );
    assert.match(await page(administrator, `/notices/${id}`), /\/line-manager\/secret-key/);
    const { way } = scriptedWay([]);
    const elsewhere = await startApp({
      memory: { ...memory, sending: { ...memory.sending, way }, close: async () => {} },
    });
    const other = await Person.signedIn(elsewhere.baseUrl, 'administrator');
    const text = await page(other, `/notices/${id}`);
    assert.match(text, /\/line-manager\/…/);
    assert.match(text, /The end of the link is not shown/);
    assert.doesNotMatch(text, /secret-key/);
    assert.equal((await other.get(`/notices/${id}/file`)).status, 404);
    await elsewhere.close();
  });

  it('are counted at /info, where something watches', async () => {
    const read = async () =>
      ((await (await fetch(`${app.baseUrl}/info`)).json()) as { notices: { givenUp: number | null } })
        .notices;
    assert.deepEqual(await read(), { givenUp: null });
    await memory.givenUp.look();
    const { givenUp } = await read();
    assert.equal(givenUp, await memory.people.store.notices.countIn('given-up'));
    assert.ok((givenUp ?? 0) > 0);
  });

  it('say that they were sent only where they were: what is in the outbox went to nobody', async () => {
    const reviewer = await actorOf(memory, 'security-reviewer');
    const session = await Person.signedIn(app.baseUrl, 'security-reviewer');
    const { way } = scriptedWay([{ outcome: 'sent', as: '250 OK' }]);
    const sent = await tell(sending(), reviewer.id, { ...someWords, subject: 'By mail' });
    while (await sendOneNotice({ ...sending(), way }, () => {}));
    const kept = await tell(sending(), reviewer.id, { ...someWords, subject: 'To the outbox' });
    while (await sendOneNotice(sendingAt(memory, movingClock()), () => {}));
    const own = await page(session, '/me/notices');
    assert.match(own, /Sent to security-reviewer@trial\.invalid on /);
    assert.match(
      own,
      /Put into the outbox of this service on [^.]+\. It was not sent to security-reviewer@trial\.invalid\./,
    );
    assert.match(
      await page(session, '/me/notices?done=test'),
      /put into the outbox of this service\. No email is sent/,
    );
    assert.match(await page(administrator, `/notices/${sent}`), /<strong[^>]*>Sent<\/strong>/);
    assert.match(await page(administrator, `/notices/${kept}`), /<strong[^>]*>Put into the outbox<\/strong>/);
    const list = await page(administrator, '/notices?state=sent');
    assert.match(list, /<option value="sent" selected>Sent, or put into the outbox \(\d+\)/);
    assert.match(list, /<strong[^>]*>Put into the outbox<\/strong>/);
    assert.match(list, /<strong[^>]*>Sent<\/strong>/);
  });

  it('say that there is no address where none is known', async () => {
    const person = await actorOf(memory, 'information-manager');
    const session = await Person.signedIn(app.baseUrl, 'information-manager');
    const known = await memory.people.store.people.get(person.id);
    assert.ok(known !== null);
    await memory.people.store.people.save({ ...known, email: null }, '2026-11-22T09:00:00.000Z');
    const text = await page(session, '/me/notices');
    assert.match(text, /Your account has no email address that we can write to/);
    assert.doesNotMatch(text, /name="choice"/);
    assert.equal((await session.send('/me/sessions', '/me/notices/test')).status, 409);
  });
});

describe('a service that is told where mail goes', () => {
  const cases: readonly (readonly [env: Readonly<Record<string, string>>, settings: readonly string[]])[] = [
    [{ SMTP_URL: 'smtp://mail.example.org', MAIL_FROM: 'Tools <no-reply@example.org>' }, []],
    [{ NOTIFY_API_KEY: notifyKey, NOTIFY_TEMPLATE: notifyTemplate }, []],
    [{ SMTP_URL: 'smtp://mail.example.org' }, ['MAIL_FROM']],
    [{ NOTIFY_API_KEY: notifyKey }, ['NOTIFY_TEMPLATE']],
    [{ NOTIFY_TEMPLATE: notifyTemplate }, ['NOTIFY_API_KEY']],
    [
      {
        SMTP_URL: 'smtp://mail.example.org',
        MAIL_FROM: 'a@example.org',
        NOTIFY_API_KEY: notifyKey,
        NOTIFY_TEMPLATE: notifyTemplate,
      },
      ['SMTP_URL'],
    ],
    [{ NOTIFY_BASE_URL: 'http://notify.example.org' }, ['NOTIFY_BASE_URL']],
    [{ NOTIFY_BASE_URL: 'http://127.0.0.1:4000' }, []],
    [{ SMTP_URL: 'http://mail.example.org', NOTIFY_API_KEY: 'short' }, ['SMTP_URL', 'NOTIFY_API_KEY']],
    [{ SMTP_URL: 'smtp://us:a b@mail.example.org/x?y' }, ['SMTP_URL']],
    [{ MAIL_FROM: 'Tools <nobody>' }, ['MAIL_FROM']],
    [{ NOTICE_DOMAINS: 'justice.gov.uk, @example.org' }, []],
    [{ NOTICE_DOMAINS: 'justice' }, ['NOTICE_DOMAINS']],
  ];
  for (const [env, expected] of cases)
    it(`with ${Object.keys(env).join(', ')} finds ${expected.join(', ') || 'nothing'} wrong`, () => {
      const read = readConfig(env);
      const wrong = read.ok ? [] : read.problems.map(({ setting }) => setting);
      assert.deepEqual(wrong, expected);
      assert.doesNotMatch(JSON.stringify(read.ok ? [] : read.problems), /us:a b|short|3d844edf/);
    });
});
