import assert from 'node:assert/strict';
import net from 'node:net';
import { after, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { someLetter, someSender } from '#test/support/letters.ts';
import { startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';
import { smtpWay } from './smtp.ts';

const running: { readonly close: () => unknown }[] = [];
after(async () => {
  for (const server of running) await server.close();
});

async function server(...given: Parameters<typeof startSmtp>): Promise<TestSmtp> {
  const started = await startSmtp(...given);
  running.push(started);
  return started;
}

/** A mail server that speaks nothing but these lines, one for each that it hears. */
async function speaking(lines: readonly (string | null)[]): Promise<number> {
  const sockets = new Set<net.Socket>();
  const listening = net.createServer((socket) => {
    sockets.add(socket);
    let next = 0;
    const say = (): void => {
      const line = lines[next++];
      if (line === null || line === undefined) return;
      if (line === 'end') socket.destroy();
      else socket.write(`${line}\r\n`);
    };
    socket.on('data', say).on('error', () => {});
    say();
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  running.push({
    close() {
      for (const socket of sockets) socket.destroy();
      listening.close();
    },
  });
  return (listening.address() as net.AddressInfo).port;
}

const at = (port: number): string => `smtp://127.0.0.1:${port}`;
const short = { stepMs: 300, wholeMs: 900 };

describe('a letter over SMTP', () => {
  it('arrives with its text, its HTML, and headers that say what it is', async () => {
    const { port, taken } = await server();
    const id = '<0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee@tools.example.org>';
    assert.deepEqual(await smtpWay(at(port), someSender).send(someLetter, false), {
      outcome: 'sent',
      as: id,
    });
    const [letter] = taken;
    assert.deepEqual([letter?.from, letter?.to], ['no-reply@tools.example.org', ['alex@example.org']]);
    const raw = letter?.raw ?? '';
    for (const line of [
      'From: Check a tool <no-reply@tools.example.org>',
      'To: Alex Asker <alex@example.org>',
      `Message-ID: ${id}`,
      'Date: Sun, 22 Nov 2026 09:00:00 +0000',
      'Auto-Submitted: auto-generated',
      'List-Unsubscribe: <http://localhost:3000/me/notices>',
      'Content-Type: multipart/alternative;',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Type: text/html; charset=utf-8',
    ])
      assert.ok(raw.includes(line), line);
    assert.doesNotMatch(raw, /List-Unsubscribe-Post/, 'one click is not enough: somebody has to sign in');
  });

  it('has the same Message-ID when it is sent another time, so that whoever gets it twice can tell', async () => {
    const { port, taken } = await server();
    const way = smtpWay(at(port), someSender);
    await way.send(someLetter, false);
    await way.send(someLetter, true);
    const [first, second] = taken.map(({ raw }) => raw.replaceAll(/^Received:.*\r\n(\s.*\r\n)*/gm, ''));
    assert.equal(first, second);
  });

  it('cannot get headers or recipients of its own from what people are called', async () => {
    const { port, taken } = await server();
    const to = { name: 'Lee\r\nBcc: everyone@example.org\r\n<x@example.org>, "', address: 'lee@example.org' };
    const subject = 'Hello\r\nBcc: everyone@example.org\r\n\r\nBody';
    await smtpWay(at(port), someSender).send({ ...someLetter, to, subject }, false);
    assert.deepEqual(taken[0]?.to, ['lee@example.org']);
    assert.doesNotMatch(taken[0]?.raw ?? '', /^Bcc:/im);
  });

  it('is refused for good where the server will not have the recipient or the letter', async () => {
    const recipient = await server({
      onRcptTo: (_, __, done) => done(Object.assign(new Error('5.1.1 No such user'), { responseCode: 550 })),
    });
    const refused = await smtpWay(at(recipient.port), someSender).send(someLetter, false);
    assert.deepEqual(refused, {
      outcome: 'never',
      problem: 'the mail server said at RCPT TO: 550 5.1.1 No such user',
    });
    const content = await server({
      onData(stream, _, done) {
        stream.resume().on('end', () => done(Object.assign(new Error('Spam'), { responseCode: 554 })));
      },
    });
    assert.equal((await smtpWay(at(content.port), someSender).send(someLetter, false)).outcome, 'never');
  });

  it('is tried again where the server is busy, or will not have us, which somebody can mend', async () => {
    const fails = (responseCode: number) => Object.assign(new Error('Not now'), { responseCode });
    const cases = [
      await server({ onRcptTo: (_, __, done) => done(fails(450)) }),
      await server({ onMailFrom: (_, __, done) => done(fails(550)) }),
      await server({ onConnect: (_, done) => done(fails(554)) }),
      await server({ onData: (stream, _, done) => stream.resume().on('end', () => done(fails(451))) }),
    ];
    for (const { port } of cases)
      assert.equal((await smtpWay(at(port), someSender).send(someLetter, false)).outcome, 'later', `${port}`);
    const { port } = await server({ authOptional: false, onAuth: (_, __, done) => done(fails(535)) });
    const refused = await smtpWay(`smtp://us:secret@127.0.0.1:${port}`, someSender).send(someLetter, false);
    assert.equal(refused.outcome, 'later');
    assert.doesNotMatch(JSON.stringify(refused), /secret/);
  });

  it('is tried again where nobody is there, says nothing, is slow without end, or breaks off', async () => {
    const free = await speaking([]);
    running.pop()?.close();
    const greets = '220 here';
    const ports: readonly (readonly [port: number, problem: RegExp])[] = [
      [free, /cannot be reached/],
      [await speaking([null]), /did not answer in time/],
      [await speaking([greets, null]), /did not answer in time/],
      [await speaking([greets, 'end']), /broke the connection off|cannot be/],
      [await speaking(['this is no SMTP']), /said|cannot be/],
    ];
    for (const [port, problem] of ports) {
      const began = performance.now();
      const result = await smtpWay(at(port), someSender, short).send(someLetter, false);
      assert.ok(result.outcome === 'later');
      assert.match(result.problem, problem);
      assert.ok(performance.now() - began < 3_000);
    }
    // Each step is in time, and all of them are not.
    const { port } = await server({
      onMailFrom: (_, __, done) => void wait(250).then(() => done()),
      onRcptTo: (_, __, done) => void wait(250).then(() => done()),
      onConnect: (_, done) => void wait(250).then(() => done()),
      onData: (stream, _, done) => void wait(250).then(() => stream.resume().on('end', done)),
    });
    const slow = smtpWay(at(port), someSender, { stepMs: 400, wholeMs: 500 });
    assert.deepEqual(await slow.send(someLetter, false), {
      outcome: 'later',
      problem: 'the mail server did not answer in time (EABORT)',
    });
  });

  it('never goes out unencrypted, nor to a server whose certificate is not trusted', async () => {
    const { port, taken } = await server();
    // Not an address of loopback as it is written, and on Linux it leads there.
    const plain = await smtpWay(`smtp://0.0.0.0:${port}`, someSender, short).send(someLetter, false);
    assert.ok(plain.outcome === 'later');
    assert.match(plain.problem, /STARTTLS/);
    const secure = await server({ secure: true });
    const untrusted = await smtpWay(`smtps://127.0.0.1:${secure.port}`, someSender).send(someLetter, false);
    assert.ok(untrusted.outcome === 'later');
    assert.match(untrusted.problem, /CERT/);
    assert.deepEqual([...taken, ...secure.taken], []);
  });
});
