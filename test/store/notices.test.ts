import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';
import type { SendResult } from '#platform/mail/letter.ts';
import { outboxOf } from '#platform/mail/open-way.ts';
import { clearOutbox } from '#platform/mail/outbox.ts';
import type { Memory } from '#serve.ts';
import { onBothDatabases, type TestDatabase } from '#test/support/databases.ts';
import { testMemoryIn } from '#test/support/memory.ts';
import { type MovingClock, movingClock } from '#test/support/moving-clock.ts';
import { actorOf, origin, scriptedWay, sendingAt, someWords, tell } from '#test/support/notices.ts';
import { keepHouse } from '#usecases/housekeeping.ts';
import { tryNoticeAgain } from '#usecases/notices/all-notices.ts';
import { givenAddressProblem } from '#usecases/notices/given-address.ts';
import { makeOneDigest } from '#usecases/notices/make-digests.ts';
import { chooseNotices, listOwnNotices } from '#usecases/notices/own-notices.ts';
import { sendOneNotice } from '#usecases/notices/send-notices.ts';
import type { NoticeAlert } from '#usecases/notices/sending-needs.ts';
import { writeNotice } from '#usecases/notices/write-notice.ts';

const sent: SendResult = { outcome: 'sent', as: '<1@example.org>' };
const later: SendResult = { outcome: 'later', problem: 'the mail server did not answer in time' };
const never: SendResult = { outcome: 'never', problem: 'the mail server said at RCPT TO: 550 No such user' };

onBothDatabases('notices', (kind) => {
  let own: TestDatabase;
  let dataDir: string;
  let memory: Memory;
  let other: Memory;
  let clock: MovingClock;
  before(async () => {
    own = await kind.create();
    dataDir =
      own.place.databaseUrl === null
        ? own.place.dataDir
        : await fs.mkdtemp(path.join(os.tmpdir(), 'ctu-outbox-'));
    const place = { ...own.place, dataDir };
    memory = await testMemoryIn(place);
    other = kind.name === 'SQLite' ? memory : await testMemoryIn(place);
    clock = movingClock();
  });
  after(async () => {
    await memory.close();
    if (other !== memory) await other.close();
    await own.remove();
    await fs.rm(dataDir, { recursive: true, force: true });
  });
  const notices = () => memory.people.store.notices;
  const alerts: NoticeAlert[] = [];
  const alert = (one: NoticeAlert): void => void alerts.push(one);
  const stateOf = async (id: string) => (await notices().get(id))?.state;
  const actionsOn = async (id: string) =>
    (await memory.people.store.audit.search({ entry: `notice:${id}` }, 20))
      .map(({ action }) => action)
      .reverse();
  const people = () => ({ ...memory.people, now: clock.now, today: clock.today });

  it('go out once, with the event that tells of it, however many servers look', async () => {
    const asker = await actorOf(memory, 'asker');
    const { way, given } = scriptedWay([sent]);
    const needs = sendingAt(memory, clock, way);
    const ids: string[] = [];
    for (let count = 0; count < 12; count++) ids.push(await tell(needs, asker.id));
    const servers = [needs, sendingAt(other, clock, way), needs, sendingAt(other, clock, way)];
    await Promise.all(
      servers.map(async (server) => {
        while (await sendOneNotice(server, alert));
      }),
    );
    assert.deepEqual(given.map(({ letter }) => letter.id).toSorted(), ids.toSorted());
    for (const id of ids) {
      assert.equal(await stateOf(id), 'sent');
      assert.deepEqual(await actionsOn(id), ['notice-sent']);
    }
    assert.deepEqual(
      given.map(({ mayBeThere }) => mayBeThere),
      ids.map(() => false),
    );
  });

  it('are not there where what they tell of did not happen', async () => {
    const asker = await actorOf(memory, 'asker');
    const needs = sendingAt(memory, clock);
    let id = '';
    await assert.rejects(
      needs.store.inOneTransaction(async (inside) => {
        const to = { kind: 'person', id: asker.id } as const;
        id = await writeNotice(needs, inside, { to, kind: 'answer-changed', about: 'x', words: someWords });
        throw new Error('changed its mind');
      }),
      /changed its mind/,
    );
    assert.equal(await notices().get(id), null);
  });

  it('wait longer after each attempt that fails, and are given up after two days with an alert', async () => {
    const asker = await actorOf(memory, 'asker');
    const { way, given } = scriptedWay([later]);
    const needs = sendingAt(memory, clock, way);
    const id = await tell(needs, asker.id);
    const began = clock.now().getTime();
    const at: number[] = [];
    for (let minute = 0; minute <= 3_000; minute++) {
      if (await sendOneNotice(needs, alert)) at.push(minute);
      clock.moveMinutes(1);
    }
    assert.deepEqual(at.slice(0, 10), [0, 1, 3, 7, 15, 31, 63, 127, 255, 495]);
    assert.equal(at.length, given.length);
    assert.ok(at.length >= 14 && at.length <= 20, `${at.length} attempts`);
    const notice = await notices().get(id);
    assert.deepEqual(
      [notice?.state, notice?.attempts, notice?.lastProblem],
      ['given-up', at.length, 'the mail server did not answer in time'],
    );
    assert.ok(Date.parse(notice?.endedAt ?? '') - began <= 2 * 86_400_000);
    assert.deepEqual(await actionsOn(id), ['notice-given-up']);
    assert.deepEqual(alerts.splice(0), [
      { code: 'notice-given-up', notice: id, kind: 'answer-changed', way: 'smtp', attempts: at.length },
    ]);
  });

  it('are given up at once where they are refused for good, and go out when an administrator has them tried again', async () => {
    const asker = await actorOf(memory, 'asker');
    const administrator = await actorOf(memory, 'administrator');
    const { way, given } = scriptedWay([never, sent]);
    const needs = sendingAt(memory, clock, way);
    const id = await tell(needs, asker.id);
    await sendOneNotice(needs, alert);
    assert.equal(await stateOf(id), 'given-up');
    assert.equal(alerts.splice(0).length, 1);
    assert.equal((await tryNoticeAgain(people(), asker, id, origin)).outcome, 'not-allowed');
    assert.equal((await tryNoticeAgain(people(), administrator, id, origin)).outcome, 'ok');
    assert.equal((await tryNoticeAgain(people(), administrator, id, origin)).outcome, 'not-given-up');
    await sendOneNotice(needs, alert);
    assert.equal(await stateOf(id), 'sent');
    assert.deepEqual(
      given.map(({ mayBeThere }) => mayBeThere),
      [false, true],
    );
    assert.deepEqual(await actionsOn(id), ['notice-given-up', 'notice-tried-again', 'notice-sent']);
  });

  it('whose server died in the middle belong to nobody after a minute, and are then looked up first', async () => {
    const asker = await actorOf(memory, 'asker');
    const { way, given } = scriptedWay([sent]);
    const needs = sendingAt(memory, clock, way);
    const id = await tell(needs, asker.id);
    const now = clock.now();
    const until = new Date(now.getTime() + 60_000).toISOString();
    assert.equal((await notices().claim(now.toISOString(), until))?.id, id);
    assert.equal(await sendOneNotice(sendingAt(other, clock, way), alert), false);
    clock.moveMinutes(1);
    assert.equal(await sendOneNotice(sendingAt(other, clock, way), alert), true);
    assert.deepEqual(
      given.map(({ letter, mayBeThere }) => [letter.id, mayBeThere]),
      [[id, true]],
    );
    // The first one was only slow. What it brings comes too late.
    const tooLate = { way: 'smtp', as: 'x', at: now.toISOString() };
    assert.equal(await notices().markSent({ id, claimedUntil: until }, tooLate), false);
    assert.deepEqual(await actionsOn(id), ['notice-sent']);
  });

  it('are written down by whoever they belong to, and not by a server that was too slow', async () => {
    const asker = await actorOf(memory, 'asker');
    const id = await tell(sendingAt(memory, clock), asker.id);
    const claimNow = async (): Promise<string> => {
      const now = clock.now();
      const until = new Date(now.getTime() + 60_000).toISOString();
      assert.equal((await notices().claim(now.toISOString(), until))?.id, id);
      return until;
    };
    const slow = await claimNow();
    clock.moveMinutes(2);
    const quick = await claimNow();
    const at = clock.now().toISOString();
    assert.equal(await notices().markSent({ id, claimedUntil: slow }, { way: 'smtp', as: 'x', at }), false);
    assert.equal(await notices().markLater({ id, claimedUntil: slow }, { problem: 'x', dueAt: at }), false);
    assert.equal(
      await notices().markGivenUp({ id, claimedUntil: slow }, { problem: 'x', way: null, at }),
      false,
    );
    assert.equal(await stateOf(id), 'waiting');
    assert.equal(await notices().markSent({ id, claimedUntil: quick }, { way: 'smtp', as: 'y', at }), true);
    assert.equal((await notices().get(id))?.sentAs, 'y');
  });

  it('that waited while the service stood still for a week are still tried', async () => {
    const asker = await actorOf(memory, 'asker');
    const needs = sendingAt(memory, clock, scriptedWay([sent]).way);
    const id = await tell(needs, asker.id);
    clock.moveMinutes(7 * 24 * 60);
    await sendOneNotice(needs, alert);
    assert.equal(await stateOf(id), 'sent');
  });

  it('that end the service each time are given up in the end', async () => {
    const asker = await actorOf(memory, 'asker');
    const { way, given } = scriptedWay([sent]);
    const needs = sendingAt(memory, clock, way);
    const id = await tell(needs, asker.id);
    for (let count = 0; count < 101; count++) {
      const now = clock.now();
      await notices().claim(now.toISOString(), new Date(now.getTime() + 60_000).toISOString());
      clock.moveMinutes(30);
    }
    await sendOneNotice(needs, alert);
    assert.deepEqual([await stateOf(id), given.length], ['given-up', 0]);
    assert.equal(alerts.splice(0).length, 1);
  });

  it('of a day go out in one at 8 the next morning, each in one digest, however many servers put it together', async () => {
    const reviewer = await actorOf(memory, 'security-reviewer');
    await chooseNotices(people(), reviewer, 'daily', origin);
    const { way, given } = scriptedWay([sent]);
    const needs = sendingAt(memory, clock, way);
    const first = await tell(needs, reviewer.id);
    const second = await tell(needs, reviewer.id, {
      ...someWords,
      subject: 'Lee gave a go-ahead',
      link: null,
    });
    assert.deepEqual([await stateOf(first), await stateOf(second)], ['for-digest', 'for-digest']);
    const due = new Date((await notices().get(first))?.dueAt ?? '');
    assert.equal(due.toISOString().slice(11), '08:00:00.000Z');
    assert.equal(await makeOneDigest(needs), false);
    clock.moveMinutes(Math.ceil((due.getTime() - clock.now().getTime()) / 60_000));
    await Promise.all(
      [needs, sendingAt(other, clock, way), needs].map(async (server) => {
        while (await makeOneDigest(server));
      }),
    );
    while (await sendOneNotice(needs, alert));
    assert.equal(given.length, 1);
    const letter = given[0]?.letter;
    assert.equal(letter?.subject, '2 notices for you');
    assert.match(
      letter?.text ?? '',
      /Your answer about Trello has changed:\nhttp:\/\/localhost:\d+\/receipts\//,
    );
    assert.match(letter?.text ?? '', /Lee gave a go-ahead\n/);
    for (const id of [first, second]) {
      const notice = await notices().get(id);
      assert.deepEqual([notice?.state, notice?.digestId], ['in-digest', letter?.id]);
    }
    assert.deepEqual(await actionsOn(letter?.id ?? ''), ['digest-made', 'notice-sent']);
    const listed = await listOwnNotices(people(), reviewer);
    assert.ok(listed.outcome === 'ok');
    assert.deepEqual(
      listed.notices.map(({ id }) => id),
      [second, first],
      'and the page names each, not the digest',
    );
  });

  it('follow a change of choice while they wait, but for one that is on its way', async () => {
    const owner = await actorOf(memory, 'policy-owner');
    const needs = sendingAt(memory, clock, scriptedWay([sent]).way);
    const choose = (choice: string) => chooseNotices(people(), owner, choice, origin);
    const now = clock.now();
    const onItsWay = await tell(needs, owner.id);
    const until = new Date(now.getTime() + 60_000).toISOString();
    assert.equal((await notices().claim(now.toISOString(), until))?.id, onItsWay);
    const id = await tell(needs, owner.id);
    await choose('daily');
    assert.deepEqual([await stateOf(onItsWay), await stateOf(id)], ['waiting', 'for-digest']);
    await choose('at-once');
    assert.equal(await stateOf(id), 'waiting');
    await choose('daily');
    await choose('page-only');
    assert.deepEqual([await stateOf(onItsWay), await stateOf(id)], ['waiting', 'page-only']);
    assert.equal((await notices().get(await tell(needs, owner.id)))?.state, 'page-only');
    const { action, payload } = (await memory.people.store.audit.search({ actor: owner.id }, 1))[0] ?? {};
    assert.equal(action, 'notices-chosen');
    assert.match(payload ?? '', /"choice":"page-only","moved":1/);
    assert.deepEqual(await choose('by pigeon'), {
      outcome: 'problem',
      detail: 'Select how you want to get notices',
    });
    const { managerName } = await memory.people.store.preferences.get(owner.id);
    assert.equal(managerName, '');
    await notices().markSent({ id: onItsWay, claimedUntil: until }, { way: 'smtp', as: 'x', at: until });
  });

  it('to somebody without an address that mail can reach stand on the page alone', async () => {
    const needs = sendingAt(memory, clock);
    for (const email of [null, 'nobody@localhost', 'a@example.org\r\nBcc: everyone@example.org']) {
      const subject = `without ${email}`;
      const person = { id: needs.newId(), issuer: 'test', subject, name: 'No Address', email, roles: [] };
      await needs.store.people.save(person, clock.now().toISOString());
      assert.equal(await stateOf(await tell(needs, person.id)), 'page-only');
    }
  });

  it('to an address that somebody gave are bounded: where it may be, and how many a day', async () => {
    const asker = await actorOf(memory, 'line-manager');
    const needs = sendingAt(memory, clock, scriptedWay([sent]).way);
    const problem = (address: string, noticeDomains: readonly string[] = []) =>
      givenAddressProblem(
        { ...needs, limits: { ...needs.limits, noticeDomains } },
        needs.store,
        asker.id,
        address,
      );
    assert.equal(await problem('lee@example.org'), null);
    assert.match((await problem('lee@example.org', ['justice.gov.uk'])) ?? '', /ends in @justice\.gov\.uk/);
    const write = (address: string) =>
      needs.store.inOneTransaction((inside) =>
        writeNotice(needs, inside, {
          to: { kind: 'address', name: 'Lee', address },
          kind: 'guidance-asked',
          about: 'guidance-request:1',
          words: someWords,
          causedBy: asker.id,
        }),
      );
    for (let count = 0; count < 20; count++) await write('lee@example.org');
    assert.match((await problem('lee@example.org')) ?? '', /as many notices sent today as the service sends/);
    clock.moveMinutes(24 * 60);
    assert.equal(await problem('lee@example.org'), null, 'the next day');
    while (await sendOneNotice(needs, alert));
    // Whatever brought it here: it goes nowhere, and somebody hears of it.
    const wrong = await write('lee@example.org\nBcc: all@example.org');
    await sendOneNotice(needs, alert);
    assert.equal(await stateOf(wrong), 'given-up');
    assert.equal(alerts.splice(0).length, 1);
  });

  it('go when their time is up, with the event that says which, and so do their files in the outbox', async () => {
    const asker = await actorOf(memory, 'asker');
    const needs = sendingAt(memory, clock);
    const folder = outboxOf({ dataDir });
    const old = await tell(needs, asker.id);
    await sendOneNotice(needs, alert);
    assert.ok((await fs.readdir(folder)).includes(`${old}.eml`));
    const { among } = notices();
    assert.equal(await clearOutbox(folder, among, clock.now()), 0, 'a notice that is kept keeps its file');
    await fs.writeFile(path.join(folder, 'something-else.txt'), 'x');
    await fs.writeFile(path.join(folder, '.x.eml.1-2.part'), 'x');
    clock.moveMinutes(731 * 24 * 60);
    const young = await tell(needs, asker.id);
    const { notices: gone } = await keepHouse(people());
    assert.ok(gone > 20, `${gone}`);
    assert.deepEqual([await notices().get(old), await stateOf(young)], [null, 'waiting']);
    const [event] = await memory.people.store.audit.search({ action: 'notices-removed' }, 1);
    assert.ok(event?.payload?.includes(old));
    assert.ok((await clearOutbox(folder, among, clock.now())) >= 1);
    assert.deepEqual(await fs.readdir(folder), ['something-else.txt'], 'and nothing else does');
    assert.equal((await keepHouse(people())).notices, 0);
  });
});
