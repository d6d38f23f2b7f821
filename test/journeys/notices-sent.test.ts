import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type ServerProcess, startServer } from '#test/fault/server-process.ts';
import { runProgram } from '#test/support/cli.ts';
import { Person } from '#test/support/person.ts';
import { startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';

const soonMs = 20_000;

describe('a notice of the service as a process', () => {
  const running: { readonly close: () => Promise<unknown> }[] = [];
  after(async () => {
    for (const one of running.reverse()) await one.close();
  });

  async function start(smtp: TestSmtp, more: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'ctu-sent-'));
    running.push({ close: () => fs.rm(dataDir, { recursive: true, force: true }) }, smtp);
    const server = await startServer({
      DATA_DIR: dataDir,
      SMTP_URL: `smtp://us:open-sesame@127.0.0.1:${smtp.port}`,
      MAIL_FROM: 'Tools <no-reply@tools.example.org>',
      ...more,
    });
    running.push({ close: server.stop });
    return server;
  }

  async function until(holds: () => boolean, what: () => string): Promise<void> {
    for (const end = performance.now() + soonMs; !holds(); await wait(20))
      assert.ok(performance.now() < end, what());
  }

  it('goes out as soon as it is written, and leads to where people reach the service', async () => {
    const smtp = await startSmtp({ onAuth: (_, __, done) => done(null, { user: 'us' }) });
    const server = await start(smtp, { BASE_URL: 'https://tools.example.org' });
    const asker = await Person.signedIn(server.baseUrl, 'asker');
    const began = performance.now();
    await asker.send('/me/notices', '/me/notices/test');
    await until(() => smtp.taken.length > 0, server.log);
    assert.ok(performance.now() - began < 4_000, 'it was woken, and did not wait for the next look');
    assert.deepEqual(smtp.taken[0]?.to, ['asker@trial.invalid']);
    assert.match(smtp.taken[0]?.raw ?? '', /https:\/\/tools\.example\.org\/me\/notices/);
  });

  it('is an alert in the log where it is refused, without anything about anybody', async () => {
    const smtp = await startSmtp({
      onAuth: (_, __, done) => done(null, { user: 'us' }),
      onRcptTo: ({ address }, _, done) =>
        done(Object.assign(new Error(`No such user ${address}`), { responseCode: 550 })),
    });
    const server = await start(smtp);
    const asker = await Person.signedIn(server.baseUrl, 'asker');
    await asker.send('/me/notices', '/me/notices/test');
    await until(() => server.log().includes('notice-given-up'), server.log);
    const line = server
      .log()
      .split('\n')
      .find((one) => one.includes('notice-given-up'));
    const { level, code, kind, way, attempts } = JSON.parse(line ?? '{}') as Record<string, unknown>;
    assert.deepEqual([level, code, kind, way, attempts], ['error', 'notice-given-up', 'test', 'smtp', 1]);
    assert.doesNotMatch(server.log(), /trial\.invalid|Alex|open-sesame/);
  });
});

describe('a service whose bank holidays cannot be used', () => {
  it('says so and does not start', async () => {
    const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'ctu-sent-'));
    const file = path.join(dataDir, 'holidays.json');
    await fs.writeFile(file, '{"scotland": {}}');
    const env = { DATA_DIR: dataDir, PORT: '0', BANK_HOLIDAYS: file };
    const { code, stderr } = await runProgram(['serve'], env);
    assert.equal(code, 1);
    assert.match(stderr, /^the file that BANK_HOLIDAYS names cannot be used: it is not in the format of /m);
    assert.doesNotMatch(stderr, /at .*\.ts:/);
    await fs.rm(dataDir, { recursive: true });
  });

  it('says that they have come to their end, and starts', async () => {
    const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'ctu-sent-'));
    const file = path.join(dataDir, 'holidays.json');
    await fs.writeFile(
      file,
      '{"england-and-wales": {"events": [{"title": "Christmas Day", "date": "2020-12-25"}]}}',
    );
    const server = await startServer({ DATA_DIR: dataDir, BANK_HOLIDAYS: file });
    await wait(200);
    assert.match(
      server.said(),
      /Bank holidays are known until 2020-12-31 only, and today is later\. Set BANK_HOLIDAYS/,
    );
    await server.stop();
    await fs.rm(dataDir, { recursive: true });
  });
});
