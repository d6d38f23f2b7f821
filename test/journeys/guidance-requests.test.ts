import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import type { NoticeKind } from '#domain/notices/notice.ts';
import { stateOf } from '#domain/receipts/receipt.ts';
import { daysAfter } from '#domain/shared/day.ts';
import { openDatabase } from '#store/database.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { onBothDatabases, type TestDatabase } from '#test/support/databases.ts';
import { testNeeds } from '#test/support/guidance.ts';
import { testMemoryIn } from '#test/support/memory.ts';
import { type MovingClock, movingClock } from '#test/support/moving-clock.ts';
import { ordinaryTrello } from '#test/support/ordinary-trello.ts';
import { Person } from '#test/support/person.ts';
import { listWaitingFor } from '#usecases/guidance-requests/as-manager.ts';
import { remindSomeManagers } from '#usecases/guidance-requests/remind-managers.ts';
import { keepHouse } from '#usecases/housekeeping.ts';

/** Trello, where damage could follow: a line manager can settle it. */
const damaging = { ...ordinaryTrello, damagingIfLost: 'true' };
const query = (facts: Record<string, string>): string => new URLSearchParams(facts).toString();
const lee = { managerName: 'Lee Manager', managerAddress: 'line-manager@trial.invalid' };
const untilField = (day: string) => ({
  'until-day': day.slice(8),
  'until-month': day.slice(5, 7),
  'until-year': day.slice(0, 4),
});

onBothDatabases('a question to a line manager', (kind) => {
  let own: TestDatabase;
  let app: TestApp;
  let clock: MovingClock;
  let policy: Policy;
  let asker: Person;
  let manager: Person;
  let other: Person;
  before(async () => {
    own = await kind.create();
    clock = movingClock('2026-11-23T09:00:00Z');
    const needs = await testNeeds();
    policy = needs.policy();
    app = await startApp({
      needs: { ...needs, policy: () => policy, today: clock.today },
      memory: await testMemoryIn(own.place, clock, { NOTICES_PER_PERSON: '0' }),
    });
    asker = await Person.signedIn(app.baseUrl, 'asker');
    manager = await Person.signedIn(app.baseUrl, 'line-manager');
    other = await Person.signedIn(app.baseUrl, 'policy-owner');
  });
  after(async () => {
    await app.close();
    await own.remove();
  });

  const textAt = async (person: Person, path: string): Promise<string> => (await person.get(path)).text();
  const statusAt = async (person: Person, path: string): Promise<number> => (await person.get(path)).status;
  const attemptOn = async (person: Person, path: string): Promise<string> =>
    /name="attempt" value="([^"]+)"/.exec(await textAt(person, path))?.[1] ?? '';
  /** Withdraws what is still open, because the same is asked once. */
  const withdrawOpen = async (): Promise<void> => {
    const { store } = app.memory.people;
    const me = await store.people.byEmail('asker@trial.invalid');
    for (const { id } of await store.guidanceRequests.listOpenOf(me?.id ?? '', 100))
      await asker.send('/me/sessions', `/asked/${id}/withdraw`);
  };
  /** Asks as the page of facts, or of a saved answer, does; gives the id of the question. */
  const ask = async (
    about: Record<string, string> = damaging,
    more: Record<string, string> = {},
  ): Promise<string> => {
    await withdrawOpen();
    const page = `/line-manager/ask?${query(about)}`;
    const attempt = await attemptOn(asker, page);
    const sent = await asker.send(page, '/line-manager/ask', { ...about, attempt, ...lee, ...more });
    assert.equal(sent.status, 303, await sent.clone().text());
    return sent.headers.get('location')?.replace('/asked/', '') ?? '';
  };
  const shownOn = async (person: Person, key: string): Promise<string> => {
    const page = await textAt(person, `/line-manager/${key}/answer?choice=go-ahead`);
    return (/name="shown" value="([^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&quot;', '"');
  };
  const answer = async (person: Person, key: string, form: Record<string, string>): Promise<Response> => {
    const shown = form.choice === 'go-ahead' ? { shown: await shownOn(person, key) } : {};
    return person.send('/me/sessions', `/line-manager/${key}/answer`, { ...shown, ...form });
  };
  const goAhead = (until = '2027-11-23', words = 'Fine for the board.') => ({
    choice: 'go-ahead',
    words,
    ...untilField(until),
  });
  const noticesOf = async (about: string) => {
    const database = await openDatabase(own.place);
    const rows = await database.kysely
      .selectFrom('notices')
      .select(['kind', 'person_id', 'to_address', 'words'])
      .where('about', '=', about)
      .orderBy('id')
      .execute();
    await database.close();
    return rows.map((row) => ({
      kind: row.kind as NoticeKind,
      personId: row.person_id,
      address: row.to_address,
      words: JSON.parse(row.words) as { subject: string; paragraphs: string[]; link: { path: string } },
    }));
  };
  /** The key in the link that went to an address last. */
  const lastKeyTo = async (id: string, address: string): Promise<string> => {
    const sent = (await noticesOf(`guidance-request:${id}`)).filter((one) => one.address === address);
    return sent.at(-1)?.words.link.path.replace('/line-manager/', '') ?? '';
  };
  const receiptOf = async (id: string) => {
    const request = await app.memory.people.store.guidanceRequests.get(id);
    const [receipt] = await app.memory.people.store.receipts.byIds([request?.newReceiptId ?? '']);
    return receipt;
  };
  const savedBy = async (id: string) => {
    const request = await app.memory.people.store.guidanceRequests.get(id);
    return app.memory.people.store.receipts.listOf(request?.personId ?? '', 1_000);
  };
  const eventsAbout = async (id: string): Promise<string[]> =>
    (await app.memory.people.store.audit.search({ entry: `guidance-request:${id}` }, 50)).map(
      ({ action }) => action,
    );

  it('is offered only where a go-ahead would change the answer, by a link that is the same for everybody', async () => {
    const nobody = new Person(app.baseUrl);
    const offered = await textAt(nobody, `/answer/draft/line-manager?${query(damaging)}`);
    assert.match(offered, /href="\/line-manager\/ask\?[^"]*tool=trello/);
    assert.match(await textAt(nobody, `/answer?${query(damaging)}`), /Ask your line manager<\/a>/);
    for (const more of [
      {},
      { damagingIfLost: 'true', account: 'personal' },
      { damagingIfLost: 'true', classification: 'SECRET' },
      { damagingIfLost: 'true', lineManagerGuidance: 'given-refusal' },
    ]) {
      const facts: Record<string, string> = { ...ordinaryTrello, ...more };
      const text = await textAt(nobody, `/answer/draft/line-manager?${query(facts)}`);
      assert.doesNotMatch(text, /\/line-manager\/ask/, JSON.stringify(more));
      const page = await textAt(asker, `/line-manager/ask?${query(facts)}`);
      assert.match(page, /Your line manager cannot settle this/, JSON.stringify(more));
      const sent = await asker.send('/me/sessions', '/line-manager/ask', {
        ...facts,
        ...lee,
        attempt: app.memory.people.newId(),
      });
      assert.equal(sent.status, 409, JSON.stringify(more));
    }
    const claimed = { ...damaging, lineManagerGuidance: 'given-go-ahead' };
    assert.match(
      await textAt(nobody, `/answer?${query(claimed)}`),
      /Ask your line manager to put it on record/,
    );
    assert.match(await textAt(asker, `/line-manager/ask?${query(claimed)}`), /Ask your line manager/);
  });

  it('asks first what a go-ahead would leave open', async () => {
    const open = {
      tool: 'slack',
      purpose: 'install',
      account: 'work',
      accountShared: 'false',
      device: 'moj',
      classification: 'OFFICIAL',
      sensitive: 'false',
      personalData: 'false',
      damageOrDistress: 'false',
      damagingIfLost: 'true',
    };
    const text = await textAt(asker, `/line-manager/ask?${query(open)}`);
    assert.match(text, /Answer a few more questions first/);
    assert.match(text, /href="\/check\?[^"]*lineManagerGuidance=given-go-ahead/);
    const sent = await asker.send('/me/sessions', '/line-manager/ask', {
      ...open,
      ...lee,
      attempt: app.memory.people.newId(),
    });
    assert.equal(sent.status, 409);
  });

  it('is put with the answer saved, and comes back with a decision on a new saved answer', async () => {
    const id = await ask(damaging, { note: 'The team has no board.', words: 'We could lose the board.' });
    const asked = await textAt(asker, `/asked/${id}`);
    assert.match(asked, /Lee Manager has not answered yet/);
    assert.match(asked, /we remind them on 25 November 2026/);
    const [notice] = await noticesOf(`guidance-request:${id}`);
    assert.equal(notice?.kind, 'guidance-asked');
    assert.notEqual(notice?.personId, null);
    assert.equal(notice?.words.link.path, `/line-manager/${id}`);
    const page = await textAt(manager, `/line-manager/${id}`);
    for (const part of [
      'The team has no board.',
      'We could lose the board.',
      'Trello',
      'What to weigh before you answer',
      'You cannot lift a prohibition',
      'You can use Trello to work together, if you meet the conditions',
      'Your go-ahead lifts none of these',
    ])
      assert.ok(page.includes(part), part);
    assert.ok(page.indexOf('You cannot lift a prohibition') < page.indexOf('What do you want to do?'));
    const form = await textAt(manager, `/line-manager/${id}/answer?choice=go-ahead`);
    // How long it holds is theirs to choose, so no day stands there.
    assert.match(form, /Not later than 23 November 2027/);
    assert.doesNotMatch(form, /name="until-year"[^>]*value="2/);
    assert.equal((await answer(manager, id, goAhead())).status, 303);
    const receipt = await receiptOf(id);
    assert.equal(JSON.parse(receipt?.core ?? '')[1], 'allowed-with-conditions');
    assert.deepEqual(receipt?.recorded, [
      {
        fact: 'lineManagerGuidance',
        value: 'given-go-ahead',
        by: 'Lee Manager',
        on: '2026-11-23',
        from: `guidance-request:${id}`,
        until: '2027-11-23',
      },
    ]);
    assert.equal(receipt?.words, 'We could lose the board.');
    const shown = await textAt(asker, `/receipts/${receipt?.reference}`);
    assert.match(shown, /Lee Manager gave the go-ahead on 23 November 2026, until 23 November 2027/);
    assert.match(shown, /Still holds/);
    assert.match(shown, /It is genuine/);
    assert.match(await textAt(asker, `/asked/${id}`), /Fine for the board\./);
    const given = (await noticesOf(`guidance-request:${id}`)).at(-1);
    assert.equal(given?.kind, 'guidance-given');
    assert.match(given?.words.paragraphs.join(' ') ?? '', /You can use Trello/);
    assert.match(await textAt(manager, `/line-manager/${id}`), /Lee Manager gave the go-ahead on/);
    assert.deepEqual((await eventsAbout(id)).sort(), ['guidance-asked', 'guidance-go-ahead-given']);
    const request = await app.memory.people.store.guidanceRequests.get(id);
    const [before] = await app.memory.people.store.receipts.byIds([request?.receiptId ?? '']);
    assert.equal(before?.supersededBy, receipt?.id);
  });

  it('leads to a no where the manager refuses, with why, and a refusal is not shaken off by asking again', async () => {
    const id = await ask();
    const silent = await answer(manager, id, { choice: 'refused', words: '  ' });
    assert.equal(silent.status, 400);
    assert.match(await silent.text(), /Say why you refuse/);
    assert.equal((await answer(manager, id, { choice: 'refused', words: 'Use Planner.' })).status, 303);
    const receipt = await receiptOf(id);
    assert.equal(JSON.parse(receipt?.core ?? '')[1], 'not-allowed');
    assert.match(await textAt(asker, `/asked/${id}`), /Use Planner\./);
    const text = await textAt(asker, `/receipts/${receipt?.reference}`);
    assert.match(text, /Lee Manager refused on 23 November 2026/);
    const renewed = await asker.send('/me/sessions', '/receipts', {
      ...damaging,
      supersedes: receipt?.reference ?? '',
    });
    assert.match(await textAt(asker, renewed.headers.get('location') ?? ''), /Your line manager has said no/);
  });

  it('keeps what is on record where the same is asked again, and nothing of it where another thing is', async () => {
    const id = await ask();
    await answer(manager, id, goAhead());
    const { reference = '' } = (await receiptOf(id)) ?? {};
    const same = await asker.send('/me/sessions', '/receipts', { ...damaging, supersedes: reference });
    const path = same.headers.get('location') ?? '';
    assert.match(await textAt(asker, path), /gave the go-ahead on 23 November 2026/);
    assert.match(
      await textAt(asker, `/receipts/new?${query({ ...damaging, supersedes: path.slice(10) })}`),
      /What is on record stays on record/,
    );
    const another = await asker.send('/me/sessions', '/receipts', {
      ...damaging,
      audience: 'other-government',
      supersedes: path.slice(10),
    });
    const text = await textAt(asker, another.headers.get('location') ?? '');
    assert.doesNotMatch(text, /gave the go-ahead/);
  });

  it('can be asked about a saved answer, once while it is open, and is asked once where the form is sent twice', async () => {
    const saved = await asker.send('/me/sessions', '/receipts', damaging);
    const reference = saved.headers.get('location')?.slice(10) ?? '';
    assert.match(await textAt(asker, `/receipts/${reference}`), /href="\/line-manager\/ask\?receipt=/);
    const attempt = app.memory.people.newId();
    const form = { receipt: reference, ...lee, attempt };
    const both = await Promise.all([1, 2].map(() => asker.send('/me/sessions', '/line-manager/ask', form)));
    assert.deepEqual(
      both.map((sent) => sent.headers.get('location')),
      [`/asked/${attempt}`, `/asked/${attempt}`],
    );
    const again = await asker.send('/me/sessions', '/line-manager/ask', {
      ...form,
      attempt: app.memory.people.newId(),
    });
    assert.equal(again.headers.get('location'), `/asked/${attempt}`);
    assert.equal((await noticesOf(`guidance-request:${attempt}`)).length, 1);
    assert.equal(
      (await asker.get(`/line-manager/ask?receipt=${reference}`)).headers.get('location'),
      `/asked/${attempt}`,
    );
    await withdrawOpen();
    const fresh = app.memory.people.newId();
    const receiptsBefore = (await savedBy(attempt)).length;
    await Promise.all(
      [1, 2, 3].map(() =>
        asker.send('/me/sessions', '/line-manager/ask', { ...damaging, ...lee, attempt: fresh }),
      ),
    );
    assert.equal((await noticesOf(`guidance-request:${fresh}`)).length, 1);
    assert.equal((await savedBy(attempt)).length, receiptsBefore + 1);
    assert.equal(
      (await asker.send('/me/sessions', '/line-manager/ask', { ...form, attempt: 'x' })).status,
      400,
    );
  });

  it('names somebody who is not oneself, by an address that can be written to, and loses nothing of what was typed', async () => {
    await withdrawOpen();
    for (const [managerName, managerAddress, said] of [
      ['', 'lee@justice.gov.uk', 'Enter the name of your line manager'],
      ['Lee', '', 'Enter'],
      ['Lee', 'not an address', 'correct format'],
      ['Lee', 'a@b@justice.gov.uk', 'correct format'],
      ['Lee', ' Asker@Trial.Invalid ', 'not your own'],
    ] as const) {
      const sent = await asker.send('/me/sessions', '/line-manager/ask', {
        ...damaging,
        managerName,
        managerAddress,
        note: 'A note that must not be lost',
        words: 'Words that must not be lost',
        attempt: app.memory.people.newId(),
      });
      const text = await sent.text();
      assert.equal(sent.status, 400, managerAddress);
      for (const part of [said, 'A note that must not be lost', 'Words that must not be lost'])
        assert.ok(text.includes(part), `${managerAddress}: ${part}`);
    }
    const long = await asker.send('/me/sessions', '/line-manager/ask', {
      ...damaging,
      ...lee,
      note: 'x'.repeat(2_001),
      attempt: app.memory.people.newId(),
    });
    assert.match(await long.text(), /must be 2000 characters or less/);
    const remembered = await textAt(asker, `/line-manager/ask?${query(damaging)}`);
    assert.match(remembered, /value="Lee Manager"/);
    assert.match(remembered, /value="line-manager@trial.invalid"/);
  });

  it('takes any text that somebody can type, and fails at none', async () => {
    const odd = ['\u0000', '\ud800', '\u202e', '<script>', '%', "'; --", 'x'.repeat(100_000)];
    for (const text of odd) {
      const fields = { managerName: text, managerAddress: text, note: text, words: text };
      const attempt = app.memory.people.newId();
      const all = [
        await asker.send('/me/sessions', '/line-manager/ask', { ...damaging, ...fields, attempt }),
        await asker.send('/me/sessions', '/line-manager/ask', {
          ...damaging,
          ...lee,
          note: text,
          words: text,
          attempt,
        }),
        await asker.send('/me/sessions', '/line-manager/ask', { receipt: text, attempt: text }),
        await asker.send('/me/sessions', '/line-manager/tell', {
          ...ordinaryTrello,
          ...fields,
          supersedes: text,
          attempt: app.memory.people.newId(),
        }),
        await asker.send('/me/sessions', '/line-manager/tell', {
          ...ordinaryTrello,
          ...lee,
          words: text,
          supersedes: text,
          attempt: app.memory.people.newId(),
        }),
        await asker.send('/me/sessions', '/line-manager/tell', {
          receipt: text,
          attempt: app.memory.people.newId(),
        }),
        await asker.get(`/asked?${query({ before: text.slice(0, 100) })}`),
        await asker.get(`/line-manager/ask?${query({ receipt: text.slice(0, 100) })}`),
        await asker.get(`/asked/${encodeURIComponent(text.toWellFormed().slice(0, 100))}`),
        await manager.get(`/line-manager/${encodeURIComponent(text.toWellFormed().slice(0, 100))}`),
      ];
      const id = await ask();
      for (const choice of ['go-ahead', 'refused', 'advice', 'pass-on', text]) {
        const form = {
          ...fields,
          choice,
          team: text,
          'until-day': text,
          'until-month': text,
          'until-year': text,
        };
        all.push(await answer(manager, id, form));
      }
      all.push(await answer(manager, id, { choice: 'refused', words: text }));
      for (const { status, url } of all)
        assert.ok(status < 500, `${status} ${url} with ${JSON.stringify(text.slice(0, 20))}`);
    }
  });

  it('goes to an address that nobody has signed in with by a key that only it is sent', async () => {
    const id = await ask(damaging, { managerName: 'Kim New', managerAddress: 'Kim.New@justice.gov.uk' });
    const key = await lastKeyTo(id, 'kim.new@justice.gov.uk');
    assert.match(key, /^[\w-]{43}$/);
    const database = await openDatabase(own.place);
    const held = await database.kysely
      .selectFrom('guidance_keys')
      .selectAll()
      .where('request_id', '=', id)
      .execute();
    await database.close();
    assert.equal(held.length, 1);
    assert.notEqual(held[0]?.key_hash, key);
    const away = await new Person(app.baseUrl).get(`/line-manager/${key}`);
    assert.equal(
      away.headers.get('location'),
      `/sign-in?return=${encodeURIComponent(`/line-manager/${key}`)}`,
    );
    assert.equal(await statusAt(manager, `/line-manager/${id}`), 404);
    assert.equal(await statusAt(manager, `/line-manager/${key}`), 200);
    assert.equal((await answer(manager, key, goAhead())).status, 303);
    assert.match(await textAt(asker, `/asked/${id}`), /Lee Manager gave the go-ahead/);
  });

  it('is not there for anybody else, which the audit trail is told, and can never be answered by whoever asks', async () => {
    const id = await ask();
    for (const path of [`/line-manager/${id}`, `/line-manager/${id}/answer?choice=go-ahead`, `/asked/${id}`])
      assert.equal(await statusAt(other, path), 404, path);
    assert.equal((await answer(other, id, goAhead())).status, 404);
    assert.equal(await statusAt(other, '/line-manager/nothing-of-the-kind'), 404);
    assert.ok((await eventsAbout(id)).filter((action) => action === 'access-refused').length >= 3);
    assert.equal((await asker.get(`/line-manager/${id}`)).headers.get('location'), `/asked/${id}`);
    assert.equal((await answer(asker, id, goAhead())).status, 403);
    const away = await ask(damaging, { managerName: 'Kim', managerAddress: 'kim@justice.gov.uk' });
    const key = await lastKeyTo(away, 'kim@justice.gov.uk');
    assert.equal((await asker.get(`/line-manager/${key}`)).headers.get('location'), `/asked/${away}`);
    assert.equal((await answer(asker, key, goAhead())).status, 403);
    assert.equal((await app.memory.people.store.guidanceRequests.get(away))?.state, 'waiting');
    assert.equal((await other.send('/me/sessions', `/asked/${away}/withdraw`)).status, 404);
    assert.equal((await asker.send('/me/sessions', `/asked/${away}/withdraw`)).status, 303);
  });

  it('waits for whoever has the address, and for nobody once it is answered', async () => {
    const id = await ask();
    const actor = {
      kind: 'person',
      id: (await app.memory.people.store.people.byEmail('LINE-manager@trial.invalid'))?.id ?? '',
      name: 'Lee Manager',
      roles: [],
      by: { kind: 'session', id: '' },
    } as const;
    const waits = async (): Promise<boolean> =>
      (await listWaitingFor(app.memory.people, app.needs, actor)).some(({ path }) => path.endsWith(id));
    assert.equal(await waits(), true);
    assert.match(await textAt(manager, '/me'), new RegExp(`href="/line-manager/${id}"`));
    assert.doesNotMatch(await textAt(asker, '/me'), new RegExp(`href="/line-manager/${id}"`));
    await answer(manager, id, goAhead());
    assert.equal(await waits(), false);
  });

  it('can be given a go-ahead until a day within a year, and for no longer', async () => {
    const id = await ask();
    for (const [until, said] of [
      ['2026-11-22', 'today or later'],
      ['2027-11-24', 'within a year'],
      ['2027-02-30', 'Enter the last day'],
      ['0000-00-00', 'Enter the last day'],
    ] as const) {
      const sent = await answer(manager, id, goAhead(until, 'Kept words'));
      const text = await sent.text();
      assert.equal(sent.status, 400, until);
      assert.ok(text.includes(said) && text.includes('Kept words'), until);
    }
    assert.equal((await answer(manager, id, { choice: 'everything' })).status, 400);
    assert.equal((await answer(manager, id, goAhead('2026-11-23'))).status, 303);
  });

  it('stays open while a team gives advice, which reads the question by a key of its own and answers nothing', async () => {
    const id = await ask();
    const page = await textAt(manager, `/line-manager/${id}/answer?choice=advice`);
    assert.match(page, /MoJ security team/);
    const unchosen = await answer(manager, id, { choice: 'advice', words: '' });
    const text = await unchosen.text();
    assert.ok(text.includes('Choose whom to ask') && text.includes('Say what you want advice on'));
    const sent = await answer(manager, id, {
      choice: 'advice',
      team: 'security-mailbox',
      words: 'Is the board safe?',
    });
    assert.equal(sent.status, 303);
    const asked = await textAt(asker, `/asked/${id}`);
    assert.match(asked, /Lee Manager wants advice first, and has asked: MoJ security team/);
    assert.match(asked, /Is the board safe\?/);
    const key = await lastKeyTo(id, 'security@justice.gov.uk');
    const seen = await textAt(other, `/line-manager/${key}`);
    assert.match(seen, /Is the board safe\?/);
    assert.match(seen, /mailto:line-manager@trial\.invalid/);
    assert.doesNotMatch(seen, /What do you want to do\?/);
    assert.equal((await answer(other, key, goAhead())).status, 404);
    assert.match(
      await textAt(manager, `/line-manager/${id}`),
      /You wait for the advice of: MoJ security team\./,
    );
    await answer(manager, id, { choice: 'advice', team: 'cyber-security', words: 'And the marking?' });
    assert.match(await textAt(manager, `/line-manager/${id}`), /reach them yourself: <a[^>]*href="https:/);
    assert.equal((await answer(manager, id, goAhead())).status, 303);
  });

  it('is passed on, and what led to it before leads there no more', async () => {
    const id = await ask(damaging, { managerName: 'Kim', managerAddress: 'kim.old@justice.gov.uk' });
    const key = await lastKeyTo(id, 'kim.old@justice.gov.uk');
    for (const [managerAddress, said] of [
      ['kim.old@justice.gov.uk', 'with this address already'],
      ['line-manager@trial.invalid', 'your own address'],
      ['ASKER@trial.invalid', 'Nobody answers themselves'],
    ] as const) {
      const refused = await answer(manager, key, { choice: 'pass-on', managerName: 'X', managerAddress });
      assert.equal(refused.status, 400);
      assert.ok((await refused.text()).includes(said), managerAddress);
    }
    const nameless = await answer(manager, key, { choice: 'pass-on', managerName: '', managerAddress: '' });
    const said = await nameless.text();
    assert.match(said, /Enter the name of the manager who decides this/);
    assert.match(said, /Enter an email address/);
    assert.doesNotMatch(said, /your line manager/);
    const passed = await answer(manager, key, {
      choice: 'pass-on',
      managerName: 'Sam Owner',
      managerAddress: 'policy-owner@trial.invalid',
      words: 'Your team.',
    });
    assert.equal(passed.status, 303);
    assert.equal(await statusAt(manager, `/line-manager/${key}`), 404);
    const before = await textAt(manager, `/line-manager/${id}`);
    assert.match(before, /It is with Sam Owner now/);
    assert.doesNotMatch(before, /What do you want to do\?/);
    assert.equal((await answer(manager, id, goAhead())).status, 409);
    assert.match(await textAt(asker, `/asked/${id}`), /Lee Manager passed it on to Sam Owner/);
    assert.equal((await answer(other, id, goAhead())).status, 303);
  });

  it('is decided once where two answer at once, and the other sees what happened', async () => {
    const id = await ask(damaging, { managerName: 'Kim', managerAddress: 'kim.two@justice.gov.uk' });
    const key = await lastKeyTo(id, 'kim.two@justice.gov.uk');
    const shown = await shownOn(manager, key);
    const [token, token2] = [await manager.tokenOn('/me/sessions'), await other.tokenOn('/me/sessions')];
    const both = await Promise.all([
      manager.post(`/line-manager/${key}/answer`, { _csrf: token, shown, ...goAhead() }),
      other.post(`/line-manager/${key}/answer`, { _csrf: token2, choice: 'refused', words: 'No.' }),
    ]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [303, 409]);
    const late = both.find(({ status }) => status === 409);
    const text = (await late?.text()) ?? '';
    assert.match(text, /Nothing was changed: somebody was quicker/);
    assert.match(text, /(gave the go-ahead|refused) on 23 November 2026/);
    const decisions = (await app.memory.people.store.guidanceRequests.stepsOf(id)).filter(
      ({ kind: step }) => step === 'go-ahead' || step === 'refused',
    );
    assert.equal(decisions.length, 1);
    const given = (await noticesOf(`guidance-request:${id}`)).filter((one) => one.kind === 'guidance-given');
    assert.equal(given.length, 1);
  });

  it('goes to one manager where somebody passes it on while it is decided', async () => {
    for (let round = 0; round < 5; round++) {
      const address = `kim.race${round}@justice.gov.uk`;
      const id = await ask(damaging, { managerName: 'Kim', managerAddress: address });
      const key = await lastKeyTo(id, address);
      const shown = await shownOn(manager, key);
      const [token, token2] = [await manager.tokenOn('/me/sessions'), await other.tokenOn('/me/sessions')];
      const [decided, passed] = await Promise.all([
        manager.post(`/line-manager/${key}/answer`, { _csrf: token, shown, ...goAhead() }),
        other.post(`/line-manager/${key}/answer`, {
          _csrf: token2,
          choice: 'pass-on',
          managerName: 'Nia',
          managerAddress: 'nia@justice.gov.uk',
        }),
      ]);
      const done = [decided, passed].filter((one) => one?.status === 303);
      assert.equal(done.length, 1, `${decided?.status} ${passed?.status}`);
      const request = await app.memory.people.store.guidanceRequests.get(id);
      assert.equal(request?.state, decided?.status === 303 ? 'go-ahead' : 'waiting');
      assert.equal(request?.newReceiptId === null, decided?.status !== 303);
      const steps = await app.memory.people.store.guidanceRequests.stepsOf(id);
      assert.equal(steps.length, 2);
    }
  });

  it('reminds the manager after two and after five working days, once for all servers, and then says how to reach them', async () => {
    const id = await ask(damaging, { managerName: 'Kim', managerAddress: 'kim.slow@justice.gov.uk' });
    const server = async (): Promise<void> => {
      while (await remindSomeManagers(app.memory.people, app.needs));
    };
    const remind = () => Promise.all([server(), server(), server()]);
    const reminders = async () =>
      (await noticesOf(`guidance-request:${id}`)).filter((one) => one.kind === 'guidance-reminder').length;
    await remind();
    assert.equal(await reminders(), 0);
    // Monday to Wednesday.
    clock.moveMinutes(2 * 24 * 60);
    await remind();
    assert.equal(await reminders(), 1);
    const key = await lastKeyTo(id, 'kim.slow@justice.gov.uk');
    manager = await Person.signedIn(app.baseUrl, 'line-manager');
    asker = await Person.signedIn(app.baseUrl, 'asker');
    other = await Person.signedIn(app.baseUrl, 'policy-owner');
    assert.equal(await statusAt(manager, `/line-manager/${key}`), 200);
    assert.doesNotMatch(await textAt(asker, `/asked/${id}`), /reminded Kim twice/);
    // To Friday, and over the weekend to Monday.
    clock.moveMinutes(2 * 24 * 60);
    await remind();
    assert.equal(await reminders(), 1);
    clock.moveMinutes(3 * 24 * 60);
    await remind();
    await remind();
    assert.equal(await reminders(), 2);
    asker = await Person.signedIn(app.baseUrl, 'asker');
    const text = await textAt(asker, `/asked/${id}`);
    assert.match(text, /We have reminded Kim twice/);
    assert.match(text, /mailto:kim\.slow@justice\.gov\.uk/);
    clock.moveMinutes(60 * 24 * 60);
    await remind();
    assert.equal(await reminders(), 2);
    assert.equal((await app.memory.people.store.guidanceRequests.get(id))?.state, 'waiting');
    manager = await Person.signedIn(app.baseUrl, 'line-manager');
    asker = await Person.signedIn(app.baseUrl, 'asker');
    other = await Person.signedIn(app.baseUrl, 'policy-owner');
    assert.equal(await statusAt(manager, `/line-manager/${key}`), 200);
  });

  it('is decided under the guidance of today, and gets no go-ahead where that lifts nothing', async () => {
    const id = await ask();
    const shown = await shownOn(manager, id);
    const shipped = policy;
    const { pack } = policy;
    policy = compilePolicy(
      {
        ...pack,
        rules: pack.rules.map((rule) =>
          rule.verdict === 'allowed-with-conditions' ? { ...rule, verdict: 'not-allowed' as const } : rule,
        ),
      },
      'stricter',
    );
    const page = await textAt(manager, `/line-manager/${id}`);
    assert.match(page, /The guidance has changed since they asked/);
    assert.match(page, /This still stands in the way, whatever you say/);
    const until = daysAfter(clock.today(), 30);
    assert.doesNotMatch(page, /Give the go-ahead/);
    const tooLate = await answer(manager, id, { ...goAhead(until), shown });
    assert.equal(tooLate.status, 409);
    assert.match(await tooLate.text(), /A go-ahead changes nothing any more, so none was put on record/);
    assert.equal((await app.memory.people.store.guidanceRequests.get(id))?.state, 'waiting');
    policy = shipped;
    assert.equal((await answer(manager, id, goAhead(until))).status, 303);
  });

  it('puts no go-ahead on record that does something else than the manager was shown, and loses nothing of what was typed', async () => {
    const id = await ask();
    const shown = await shownOn(manager, id);
    const shipped = policy;
    const { pack } = policy;
    const rules = pack.rules.map((rule) =>
      rule.verdict === 'allowed-with-conditions' ? { ...rule, adds: rule.adds.slice(1) } : rule,
    );
    policy = compilePolicy({ ...pack, rules }, 'other conditions');
    const until = daysAfter(clock.today(), 30);
    const other = await answer(manager, id, { ...goAhead(until, 'Only for the board.'), shown });
    assert.equal(other.status, 409);
    const page = await other.text();
    assert.match(page, /What your go-ahead does has changed since you opened this page/);
    assert.match(page, /Only for the board\./);
    assert.equal((await answer(manager, id, goAhead(until))).status, 303);
    policy = shipped;
  });

  it('can be answered after the saved answer was withdrawn or replaced, and says so', async () => {
    const until = daysAfter(clock.today(), 30);
    for (const [change, said] of [
      ['withdraw', 'has withdrawn the saved answer'],
      ['supersede', 'has checked this tool again since they asked'],
    ] as const) {
      const id = await ask();
      const request = await app.memory.people.store.guidanceRequests.get(id);
      const [receipt] = await app.memory.people.store.receipts.byIds([request?.receiptId ?? '']);
      const reference = receipt?.reference ?? '';
      if (change === 'withdraw') await asker.send('/me/sessions', `/receipts/${reference}/withdraw`);
      else await asker.send('/me/sessions', '/receipts', { ...damaging, supersedes: reference });
      assert.ok((await textAt(manager, `/line-manager/${id}`)).includes(said), change);
      assert.equal((await answer(manager, id, goAhead(until))).status, 303);
      const [old] = await app.memory.people.store.receipts.byIds([request?.receiptId ?? '']);
      const decided = await receiptOf(id);
      const [newer] = await app.memory.people.store.receipts.byIds([old?.supersededBy ?? '']);
      // What took the place of the old one with the same facts is replaced too; what was withdrawn stays so.
      assert.equal(newer?.supersededBy ?? null, change === 'withdraw' ? null : (decided?.id ?? ''));
    }
  });

  it('is taken back by whoever asked, and then by nobody answered', async () => {
    const id = await ask();
    assert.equal((await asker.send(`/asked/${id}`, `/asked/${id}/withdraw`)).status, 303);
    assert.match(await textAt(asker, `/asked/${id}`), /You took this question back/);
    assert.match(await textAt(manager, `/line-manager/${id}`), /took this question back on/);
    assert.equal((await answer(manager, id, goAhead(daysAfter(clock.today(), 1)))).status, 409);
    assert.equal((await asker.send('/me/sessions', `/asked/${id}/withdraw`)).status, 409);
    assert.match(await textAt(asker, '/asked'), /Taken back/);
    assert.equal((await app.memory.people.store.guidanceRequests.get(id))?.newReceiptId, null);
  });

  it('gets a go-ahead that its manager can take back while it holds, and nobody else', async () => {
    const id = await ask();
    const until = daysAfter(clock.today(), 30);
    await answer(manager, id, goAhead(until));
    const given = await receiptOf(id);
    const page = await textAt(manager, `/line-manager/${id}`);
    assert.match(page, /choice=taken-back/);
    assert.match(await textAt(manager, '/line-manager'), new RegExp(`/line-manager/${id}"[^§]*Go-ahead`));
    assert.match(await textAt(manager, `/line-manager/${id}/answer?choice=taken-back`), /Why do you take it/);
    const back = { choice: 'taken-back', words: 'The supplier was bought.' };
    assert.equal((await answer(asker, id, back)).status, 403);
    assert.equal((await answer(other, id, back)).status, 404);
    for (const words of [' ', '.', '\u200b', '\u202e']) {
      const wordless = await answer(manager, id, { ...back, words });
      assert.equal(wordless.status, 400);
      assert.match(await wordless.text(), /Say why you take it back/);
    }
    const both = await Promise.all([answer(manager, id, back), answer(manager, id, back)]);
    // The second is the same form once more.
    assert.deepEqual(
      both.map(({ status }) => status),
      [303, 303],
    );
    const now = await receiptOf(id);
    const [old] = await app.memory.people.store.receipts.byIds([given?.id ?? '']);
    assert.equal(old?.supersededBy, now?.id);
    assert.deepEqual(
      now?.recorded.map(({ value }) => value),
      ['given-refusal'],
    );
    assert.deepEqual((await eventsAbout(id)).sort(), [
      'access-refused',
      'access-refused',
      'guidance-asked',
      'guidance-go-ahead-given',
      'guidance-taken-back',
    ]);
    const told = (await noticesOf(`guidance-request:${id}`)).filter((one) => one.kind === 'guidance-given');
    assert.equal(told.length, 2);
    assert.match(told[1]?.words.subject ?? '', /took back the go-ahead/);
    const seen = await textAt(asker, `/asked/${id}`);
    assert.ok(seen.includes('took the go-ahead back') && seen.includes('The supplier was bought.'));
    assert.equal((await answer(manager, id, { ...back, words: 'Again' })).status, 409);
  });

  it('leaves no go-ahead behind where it was claimed, or where what was asked about went before the decision', async () => {
    const { store } = app.memory.people;
    const back = { choice: 'taken-back', words: 'No longer.' };
    const until = daysAfter(clock.today(), 30);
    const liveGoAheads = async (id: string) => {
      const saved = await savedBy(id);
      return saved.filter(
        (one) =>
          stateOf(one) === 'live' && one.recorded.some(({ from }) => from === `guidance-request:${id}`),
      );
    };
    await withdrawOpen();
    const claimed = async (): Promise<string> => {
      const claim = { ...damaging, lineManagerGuidance: 'given-go-ahead' };
      const saved = await asker.send('/me/sessions', '/receipts', claim);
      const receipt = saved.headers.get('location')?.slice(10) ?? '';
      const attempt = app.memory.people.newId();
      await asker.send('/me/sessions', '/line-manager/ask', { receipt, ...lee, attempt });
      return attempt;
    };
    const withdrawn = async (): Promise<string> => {
      const id = await ask();
      const about = await store.guidanceRequests.get(id);
      const [asked] = await store.receipts.byIds([about?.receiptId ?? '']);
      await asker.send('/me/sessions', `/receipts/${asked?.reference}/withdraw`);
      return id;
    };
    for (const prepare of [claimed, withdrawn]) {
      const id = await prepare();
      await answer(manager, id, goAhead(until));
      assert.equal((await liveGoAheads(id))[0]?.recorded[0]?.value, 'given-go-ahead', id);
      assert.equal((await answer(manager, id, back)).status, 303);
      const left = await liveGoAheads(id);
      assert.deepEqual(
        left.map(({ recorded }) => recorded[0]?.value),
        ['given-refusal'],
      );
      assert.match(await textAt(asker, `/asked/${id}`), /With that, the answer is: <strong>Do not/);
    }
  });

  it('leaves no go-ahead behind where it is taken back after the asker asked the same again, or withdrew it', async () => {
    const id = await ask();
    await answer(manager, id, goAhead(daysAfter(clock.today(), 30)));
    const { reference = '' } = (await receiptOf(id)) ?? {};
    const again = await asker.send('/me/sessions', '/receipts', { ...damaging, supersedes: reference });
    const renewed = again.headers.get('location')?.slice(10) ?? '';
    const back = { choice: 'taken-back', words: 'No longer.' };
    assert.equal((await answer(manager, id, back)).status, 303);
    const old = await app.memory.people.store.receipts.byReference(renewed);
    assert.equal(old?.supersededBy, (await receiptOf(id))?.id);

    const second = await ask();
    await answer(manager, second, goAhead(daysAfter(clock.today(), 30)));
    const own = await receiptOf(second);
    await asker.send('/me/sessions', `/receipts/${own?.reference}/withdraw`);
    assert.equal((await answer(manager, second, back)).status, 303);
    assert.equal((await receiptOf(second))?.id, own?.id);
    const page = await textAt(asker, `/asked/${second}`);
    assert.match(page, /took the go-ahead back/);
    assert.doesNotMatch(page, /With that, the answer is/);
    assert.doesNotMatch(await textAt(manager, `/line-manager/${second}`), /See the answer that it led to/);
    const told = (await noticesOf(`guidance-request:${second}`)).at(-1)?.words.paragraphs.join(' ') ?? '';
    assert.doesNotMatch(told, /does not hold any more|Without it, the answer/);
  });

  it('is not sent silently as it was where the form comes back with other words, which are given back', async () => {
    await withdrawOpen();
    const page = `/line-manager/ask?${query(damaging)}`;
    const form = { ...damaging, ...lee, attempt: await attemptOn(asker, page), note: 'For the board' };
    const _csrf = await asker.tokenOn(page);
    const { newId } = app.memory.people;
    const newForm = { attempt: newId() };
    for (const same of [{}, {}, newForm])
      assert.equal(
        (await asker.post('/line-manager/ask', { ...form, ...same, _csrf })).headers.get('location'),
        `/asked/${form.attempt}`,
      );
    assert.equal((await asker.get(page)).headers.get('location'), `/asked/${form.attempt}`);
    for (const other of [
      { note: 'For the <b>board</b> & team' },
      { managerAddress: 'kim@justice.gov.uk' },
      { ...newForm, note: 'For the <b>board</b> & team' },
    ]) {
      const sent = await asker.post(
        '/line-manager/ask',
        { ...form, ...other, _csrf },
        { 'sec-fetch-site': 'same-origin' },
      );
      const text = await sent.text();
      assert.equal(sent.status, 409);
      assert.match(text, /You have asked this before/);
      assert.match(text, /What you wrote/);
      assert.ok(text.includes('note' in other ? 'For the &lt;b&gt;board' : 'kim@justice.gov.uk'));
    }
    assert.equal((await noticesOf(`guidance-request:${form.attempt}`)).length, 1);
    // By another name of the tool, and with a claim beside it, it is the same question.
    for (const same of [
      { tool: 'TRELLO' },
      { tool: 'https://trello.com/b/x' },
      { lineManagerGuidance: 'given-go-ahead' },
    ])
      assert.equal(
        (await asker.get(`/line-manager/ask?${query({ ...damaging, ...same })}`)).headers.get('location'),
        `/asked/${form.attempt}`,
        JSON.stringify(same),
      );
    // Once the first one is withdrawn, the same form asks anew.
    await withdrawOpen();
    const anew = await asker.post('/line-manager/ask', { ...form, note: 'Better words', _csrf });
    const id = anew.headers.get('location')?.replace('/asked/', '') ?? '';
    assert.notEqual(id, form.attempt);
    assert.match(await textAt(asker, `/asked/${id}`), /Better words/);
    await withdrawOpen();
    const both = await Promise.all(
      [newId(), newId(), newId()].map((attempt) =>
        asker.post('/line-manager/ask', { ...form, attempt, note: 'At once', _csrf }),
      ),
    );
    assert.equal(new Set(both.map(({ headers }) => headers.get('location'))).size, 1);
    await withdrawOpen();
  });

  it('loses nothing of what was typed where somebody was signed out meanwhile, and shows nothing that other sites send', async () => {
    const leaving = await Person.signedIn(app.baseUrl, 'information-manager');
    const page = `/line-manager/ask?${query(damaging)}`;
    const _csrf = await leaving.tokenOn(page);
    const form = { ...damaging, ...lee, attempt: await attemptOn(leaving, page), note: 'Long thoughts' };
    const sent = (headers: Record<string, string>, token = _csrf) =>
      leaving.post('/line-manager/ask', { ...form, _csrf: token }, headers);
    const outdated = await sent({ 'sec-fetch-site': 'same-origin' }, 'another-token');
    assert.equal(outdated.status, 403);
    assert.match(await outdated.text(), /Long thoughts/);
    await leaving.send('/me/sessions', '/sign-out');
    const out = await sent({ 'sec-fetch-site': 'same-origin' });
    const text = await out.text();
    assert.equal(out.status, 401);
    assert.ok(text.includes('Long thoughts') && text.includes('Lee Manager'));
    for (const headers of [{}, { 'sec-fetch-site': 'cross-site' }]) {
      const foreign = await sent(headers);
      assert.equal(foreign.status, 401);
      assert.doesNotMatch(await foreign.text(), /Long thoughts/);
    }
  });

  it('says to the manager who is told that it hangs on a go-ahead that the asker claims', async () => {
    const claimed = { ...damaging, lineManagerGuidance: 'given-go-ahead' };
    const form = { ...claimed, ...lee, attempt: app.memory.people.newId(), words: '' };
    const told = await asker.send('/me/sessions', '/line-manager/tell', form);
    assert.equal(told.status, 303, await told.clone().text());
    const path = told.headers.get('location') ?? '';
    const receipt = await app.memory.people.store.receipts.byReference(path.slice(10));
    const [notice] = await noticesOf(`receipt:${receipt?.id}`);
    assert.match(notice?.words.paragraphs[0] ?? '', /says that you have given the go-ahead/);
  });

  it('is not needed where an answer permits: then a manager is told with one click, once', async () => {
    const page = await textAt(asker, `/answer?${query(ordinaryTrello)}`);
    assert.match(page, /href="\/line-manager\/tell\?[^"]*tool=trello[^"]*">Tell them now/);
    const form = `/receipts/new?${query(ordinaryTrello)}`;
    const attempt = await attemptOn(asker, form);
    const told = await asker.send(form, '/line-manager/tell', {
      ...ordinaryTrello,
      attempt,
      words: 'Nothing much.',
    });
    assert.equal(told.status, 303, await told.clone().text());
    const path = told.headers.get('location') ?? '';
    const receipt = await app.memory.people.store.receipts.byReference(path.slice(10));
    const [notice, ...more] = await noticesOf(`receipt:${receipt?.id}`);
    assert.equal(notice?.kind, 'manager-told');
    assert.equal(notice?.words.link.path, path);
    assert.equal(more.length, 0);
    const text = await textAt(asker, path);
    assert.match(text, /You told Lee Manager/);
    assert.doesNotMatch(text, /action="\/line-manager\/tell"/);
    assert.equal(await statusAt(manager, path), 200);
    const same = { ...ordinaryTrello, attempt, words: 'Nothing much.' };
    const again = await asker.send('/me/sessions', '/line-manager/tell', same);
    assert.equal(again.headers.get('location'), path);
    assert.equal((await noticesOf(`receipt:${receipt?.id}`)).length, 1);
    // The right manager at last: they are told too, of the same saved answer.
    const right = { managerName: 'Kim Right', managerAddress: 'kim.right@justice.gov.uk' };
    const corrected = await asker.send('/me/sessions', '/line-manager/tell', { ...same, ...right });
    assert.equal(corrected.headers.get('location'), path);
    assert.deepEqual(
      (await noticesOf(`receipt:${receipt?.id}`)).map(({ address }) => address),
      ['line-manager@trial.invalid', 'kim.right@justice.gov.uk'],
    );
    await asker.send('/me/sessions', '/line-manager/tell', {
      ...same,
      ...lee,
      attempt: app.memory.people.newId(),
    });
    assert.match(await textAt(asker, '/asked'), /Told Lee Manager on/);

    const saved = await asker.send('/me/sessions', '/receipts', ordinaryTrello);
    const other2 = saved.headers.get('location') ?? '';
    const button = await textAt(asker, other2);
    assert.match(button, /Tell Lee Manager/);
    const hidden = { receipt: other2.slice(10), attempt: await attemptOn(asker, other2) };
    const clicked = await asker.send(other2, '/line-manager/tell', hidden);
    assert.equal(clicked.headers.get('location'), other2);
    assert.equal(
      (
        await asker.send('/me/sessions', '/line-manager/tell', {
          ...damaging,
          attempt: app.memory.people.newId(),
        })
      ).status,
      409,
    );
  });

  it('goes when its time is up, or with its saved answer, and the audit trail says so', async () => {
    const id = await ask();
    await answer(manager, id, goAhead(daysAfter(clock.today(), 30)));
    const [told] =
      (await app.memory.people.store.guidanceRequests.listOf(
        (await app.memory.people.store.guidanceRequests.get(id))?.personId ?? '',
        1,
      )) ?? [];
    assert.equal(told?.id, id);
    // The answer that was asked about goes first: whoever decided can still take it back.
    const { store } = app.memory.people;
    const second = await ask();
    await answer(manager, second, goAhead(daysAfter(clock.today(), 30)));
    const request = await store.guidanceRequests.get(second);
    await store.inOneTransaction((inside) => inside.receipts.remove([request?.receiptId ?? '']));
    const kept = await store.guidanceRequests.get(second);
    assert.equal(kept?.receiptId, request?.newReceiptId);
    assert.equal((await answer(manager, second, { choice: 'taken-back', words: 'No longer.' })).status, 303);
    assert.deepEqual(
      (await receiptOf(second))?.recorded.map(({ value }) => value),
      ['given-refusal'],
    );
    const later = { ...app.memory.people, today: () => daysAfter(clock.today(), 800) };
    const gone = await keepHouse(later);
    assert.ok(gone.guidanceRequests >= 10, `${gone.guidanceRequests}`);
    assert.ok(gone.receipts >= 10, `${gone.receipts}`);
    assert.equal(await app.memory.people.store.guidanceRequests.get(id), null);
    const database = await openDatabase(own.place);
    for (const table of ['guidance_requests', 'guidance_steps', 'guidance_keys'] as const)
      assert.equal((await database.kysely.selectFrom(table).selectAll().execute()).length, 0, table);
    await database.close();
    const events = await app.memory.people.store.audit.search({ action: 'guidance-requests-removed' }, 5);
    assert.equal(events.length, 1);
  });
});

onBothDatabases('the addresses that a question may be sent to', (kind) => {
  it('are those at the domains that are set, and so many a day for one person', async (context) => {
    const own = await kind.create();
    context.after(() => own.remove());
    const limits = { NOTICE_DOMAINS: 'justice.gov.uk', NOTICES_PER_PERSON: '1' };
    const memory = await testMemoryIn(own.place, movingClock('2026-11-23T09:00:00Z'), limits);
    const app = await startApp({ memory });
    context.after(() => app.close());
    const person = await Person.signedIn(app.baseUrl, 'asker');
    const ask = (managerAddress: string): Promise<Response> =>
      person.send('/me/sessions', '/line-manager/ask', {
        ...damaging,
        managerName: 'Lee',
        managerAddress,
        attempt: app.memory.people.newId(),
      });
    const refused = await ask('lee@example.org');
    assert.equal(refused.status, 400);
    assert.match(await refused.text(), /Enter an email address that ends in @justice\.gov\.uk/);
    const asked = await ask('lee@justice.gov.uk');
    assert.equal(asked.status, 303);
    await person.send('/me/sessions', `${asked.headers.get('location')}/withdraw`);
    const tooMany = await ask('kim@justice.gov.uk');
    assert.equal(tooMany.status, 400);
    assert.match(
      await tooMany.text(),
      /You have had as many notices sent today as the service sends for one person \(1\)/,
    );
    const told = await person.send('/me/sessions', '/line-manager/tell', {
      ...ordinaryTrello,
      managerName: 'Lee',
      managerAddress: 'kim@justice.gov.uk',
      attempt: app.memory.people.newId(),
    });
    assert.equal(told.status, 400);
    const me = await memory.people.store.people.byEmail('asker@trial.invalid');
    const saved = await memory.people.store.receipts.listOf(me?.id ?? '', 5);
    assert.equal(saved.length, 1, 'nothing is saved where nobody is told');
  });
});
