import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startApp } from '#test/support/app.ts';
import { Person } from '#test/support/person.ts';
import { sendBytes } from '#test/support/raw-http.ts';

describe('the log', () => {
  it('holds no secret and nobody’s data, whatever happens, and is one object a line', async () => {
    const lines: string[] = [];
    const app = await startApp({
      log: { write: (line) => lines.push(line) },
      env: { TRUST_PROXY: 'true', REQUESTS_PER_MINUTE: '1000' },
    });
    const secrets: string[] = [
      'hidden-in-the-address',
      'hidden-in-a-header',
      'hidden-in-a-form',
      '192.0.2.77',
    ];
    const headers = {
      'x-forwarded-for': '192.0.2.77',
      'user-agent': 'hidden-in-a-header',
      referer: 'http://x/hidden-in-a-header',
      'x-request-id': 'hidden-in-a-header',
    };
    const person = await Person.signedIn(app.baseUrl, 'administrator');
    for (const value of person.cookies.values()) secrets.push(value);
    secrets.push(await person.tokenOn('/me/tokens'));
    const made = await person.send('/me/tokens', '/me/tokens', {
      label: 'hidden-in-a-form',
      'endsOn-day': '23',
      'endsOn-month': '11',
      'endsOn-year': '2026',
      roles: 'administrator',
    });
    const token = /ctu_[\w-]+/.exec(await made.text())?.[0] ?? '';
    assert.notEqual(token, '');
    secrets.push(token);
    const authorization = `Bearer ${token}`;
    for (const path of [
      '/?tool=hidden-in-the-address',
      '/check?tool=hidden-in-the-address',
      '/answer?tool=hidden-in-the-address&nothing=hidden-in-the-address',
      '/hidden-in-the-address/%zz',
      '/hidden-in-the-address',
      '/audit?actor=hidden-in-the-address&from=hidden-in-the-address',
      '/usage?from=hidden-in-the-address',
      '/sign-in?return=/hidden-in-the-address',
      '/sign-in/back?code=hidden-in-the-address&state=hidden-in-the-address&error=hidden-in-the-address',
      '/api/v1/me?hidden-in-the-address=1',
      '/api/v1/audit?actor=hidden-in-the-address',
    ])
      await person.get(path, { ...headers, authorization });
    await person.get('/api/v1/me', { ...headers, authorization: `Bearer ${token}x` });
    for (const path of [
      '/me/tokens',
      '/sign-in/trial',
      '/audit/export',
      '/did-not-help',
      '/sign-out',
      '/nothing',
    ])
      await person.post(path, {
        _csrf: 'hidden-in-a-form',
        person: 'hidden-in-a-form',
        tool: 'hidden-in-a-form',
      });
    await person.send('/audit', '/audit/export', { actor: 'hidden-in-a-form', format: 'csv' });
    for (const body of ['{"facts":{"hidden-in-a-form":1}}', '{"hidden-in-a-form', '"hidden-in-a-form"'])
      await fetch(`${app.baseUrl}/api/v1/decisions`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
      });
    await sendBytes(app.baseUrl, 'hidden-in-a-header\r\n\r\n');
    // A failure of ours: the database is gone.
    await app.memory.people.store.close();
    assert.equal((await person.get('/me', headers)).status, 500);
    assert.equal((await person.post('/sign-in/trial', { person: 'hidden-in-a-form' })).status, 500);
    secrets.push(
      ...person.cookies.values(),
      'Sam Administrator',
      'administrator@trial.invalid',
      app.memory.formKey,
    );

    assert.ok(lines.length >= 30, `${lines.length}`);
    const log = lines.join('');
    for (const secret of secrets.filter((one) => one !== ''))
      assert.ok(!log.includes(secret), `${secret} in the log`);
    for (const line of lines) {
      assert.equal(line.indexOf('\n'), line.length - 1);
      const { level, time, msg } = JSON.parse(line) as Record<string, unknown>;
      assert.ok(level !== undefined && time !== undefined && msg !== undefined, line);
    }
    assert.ok(log.includes('"msg":"failed"') && log.includes('"reference"'), 'the failure is not in the log');
    await app.server.close();
  });

  it('tells of no failure where somebody hangs up while sending', async () => {
    const lines: string[] = [];
    const app = await startApp({ log: { write: (line) => lines.push(line) } });
    for (const [path, type] of [
      ['/api/v1/decisions', 'application/json'],
      ['/sign-in/trial', 'application/x-www-form-urlencoded'],
    ])
      for (const body of ['Content-Length: 9\r\n\r\n{', 'Transfer-Encoding: chunked\r\n\r\n1\r\n{']) {
        const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\n`;
        const received = await sendBytes(app.baseUrl, head + body, { endsAfterwards: true });
        assert.match(received, /^HTTP\/1\.1 400 /);
      }
    await app.close();
    assert.doesNotMatch(lines.join(''), /"level":"error"|"status":5/);
  });
});
