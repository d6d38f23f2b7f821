import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { someLetter } from '#test/support/letters.ts';
import { notifyKey, notifyTemplate, startNotify } from '#test/support/notify-server.ts';
import { bodyOf, notifyWay } from './notify.ts';

const running: { readonly close: () => unknown }[] = [];
after(async () => {
  for (const server of running) await server.close();
});

async function notify(...given: Parameters<typeof startNotify>) {
  const server = await startNotify(...given);
  running.push(server);
  const settings = { apiKey: notifyKey, template: notifyTemplate, baseUrl: server.baseUrl };
  return { server, way: notifyWay(settings, 400) };
}

const fails = (status: number, error = 'Error', message = 'Something') => ({ status, error, message });

describe('a letter through GOV.UK Notify', () => {
  it('is sent with the template, its words as personalisation and its id as the reference', async () => {
    const { server, way } = await notify();
    const result = await way.send(someLetter, false);
    const [email] = server.taken;
    assert.deepEqual(result, { outcome: 'sent', as: email?.id });
    assert.deepEqual(
      [email?.reference, email?.address, email?.template],
      [someLetter.id, 'alex@example.org', notifyTemplate],
    );
    assert.equal(email?.personalisation.subject, someLetter.subject);
    assert.match(email?.personalisation.body ?? '', /^Hello Alex Asker\n\nA rule was changed\./);
    assert.deepEqual(server.calls, ['POST /v2/notifications/email'], 'the first time nothing is looked up');
  });

  it('is looked up before it is sent another time, and taken as sent where it is there', async () => {
    const { server, way } = await notify({ beforeYes: async () => false });
    assert.deepEqual(await way.send(someLetter, false), {
      outcome: 'later',
      problem: 'GOV.UK Notify cannot be reached (ECONNRESET)',
    });
    assert.deepEqual(await way.send(someLetter, true), { outcome: 'sent', as: server.taken[0]?.id });
    assert.equal(server.taken.length, 1);
  });

  it('is sent another time where it is not there', async () => {
    const { server, way } = await notify({ failures: [fails(500, 'Exception', 'Internal server error')] });
    assert.deepEqual(await way.send(someLetter, false), {
      outcome: 'later',
      problem: 'GOV.UK Notify said 500: Exception Internal server error',
    });
    assert.equal((await way.send(someLetter, true)).outcome, 'sent');
    assert.equal(server.taken.length, 1);
  });

  it('is refused for good where Notify cannot read it, and tried again at everything else', async () => {
    const failures = [400, 403, 429, 500, 502, 503].map((status) => fails(status));
    const { way } = await notify({ failures });
    const outcomes: string[] = [];
    for (const _ of failures) outcomes.push((await way.send(someLetter, false)).outcome);
    assert.deepEqual(outcomes, ['never', 'later', 'later', 'later', 'later', 'later']);
  });

  it('waits where Notify does not know our key, is slow, or is not there, and says nothing of the key', async () => {
    const { server, way } = await notify({ before: () => wait(1_000) });
    assert.deepEqual(await way.send(someLetter, false), {
      outcome: 'later',
      problem: 'GOV.UK Notify did not answer in time',
    });
    const wrong = notifyKey.replace(/.$/, 'f');
    const stranger = notifyWay({ apiKey: wrong, template: notifyTemplate, baseUrl: server.baseUrl });
    const refused = await stranger.send(someLetter, false);
    assert.deepEqual(refused, {
      outcome: 'later',
      problem: 'GOV.UK Notify said 403: AuthError Invalid token: API key not found',
    });
    await server.close();
    const gone = await way.send(someLetter, false);
    assert.ok(gone.outcome === 'later');
    assert.match(gone.problem, /cannot be reached/);
    // Even the look-up may fail; then nothing is sent, because it might be there.
    assert.equal((await way.send(someLetter, true)).outcome, 'later');
  });

  it('cannot get links or headings from what people are called', () => {
    const text = 'Hello [Sign in](https://evil.example) ((name))\n# Big\n* one\n^ two\nfine # here\n';
    const body = bodyOf({ text });
    assert.doesNotMatch(body, /\[|\]|\(\(|\)\)/);
    assert.doesNotMatch(body, /^[#*^]/m);
    assert.match(body, /fine # here/);
  });
});
