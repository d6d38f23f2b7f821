import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { sql } from 'kysely';
import type { PersonActing } from '#domain/people/actor.ts';
import type { Proposal } from '#domain/versions/proposal.ts';
import { inForceAt } from '#domain/versions/publication.ts';
import { readConfig } from '#platform/config.ts';
import { type Memory, openMemory } from '#serve.ts';
import { needsOf, startInForce } from '#start-in-force.ts';
import { openDatabase } from '#store/database.ts';
import { guidanceOf } from '#store/guidance.ts';
import { onBothDatabases, type TestDatabase } from '#test/support/databases.ts';
import { answerTo, shippedGuidance } from '#test/support/guidance.ts';
import { testMemoryIn } from '#test/support/memory.ts';
import { type MovingClock, movingClock } from '#test/support/moving-clock.ts';
import { Person } from '#test/support/person.ts';
import {
  changedGuidance,
  folderWith,
  keepVersion,
  milderName,
  personWith,
  reviewHere,
  startVersionServer,
  type VersionServer,
} from '#test/support/versions.ts';
import { verifyAuditTrail } from '#usecases/audit/verify-audit-trail.ts';
import { checkGuidance } from '#usecases/check-guidance.ts';
import { keepHouse } from '#usecases/housekeeping.ts';
import { findOrdinaryCase } from '#usecases/ordinary-case.ts';
import type { PeopleNeeds } from '#usecases/people/people-needs.ts';
import { saveAnswer } from '#usecases/receipts/save-answer.ts';
import { tellSomeChanges } from '#usecases/receipts/tell-changes.ts';
import { findAffectedReceipts } from '#usecases/versions/affected-receipts.ts';
import { openInForce, type UnreadableVersion } from '#usecases/versions/in-force.ts';
import { listVersions } from '#usecases/versions/list-versions.ts';
import { findMostAsked } from '#usecases/versions/most-asked.ts';
import {
  agreeToVersion,
  proposeVersion,
  publishOnTrial,
  refuseVersion,
  withdrawVersion,
} from '#usecases/versions/publish-version.ts';
import { namesToAcknowledge } from '#usecases/versions/review-version.ts';
import { settleAtStart } from '#usecases/versions/settle-at-start.ts';

const origin = { address: '192.0.2.7', device: 'a test' };
const broken = { outcome: 'broken', problems: ['pack.yaml:1: error: nothing is in it'] } as const;

onBothDatabases('versions of the guidance', (kind) => {
  const databases: TestDatabase[] = [];
  const memories: Memory[] = [];
  const servers: VersionServer[] = [];
  let shipped: Awaited<ReturnType<typeof shippedGuidance>>;
  before(async () => {
    shipped = await shippedGuidance();
  });
  after(async () => {
    for (const server of servers) await server.close();
    for (const memory of memories) await memory.close();
    for (const database of databases) await database.remove();
  });

  const database = async (): Promise<TestDatabase> => {
    const own = await kind.create();
    databases.push(own);
    return own;
  };
  const memoryIn = async ({ place }: TestDatabase, clock: MovingClock): Promise<Memory> => {
    const memory = await testMemoryIn(place, clock);
    memories.push(memory);
    return memory;
  };
  /** Several servers on one database. SQLite is for one, which does many things at once: there it is the same one each time. */
  const serversOn = async (own: TestDatabase, clock: MovingClock, count: number): Promise<Memory[]> => {
    const first = await memoryIn(own, clock);
    const others = Array.from({ length: count - 1 }, async () =>
      own.place.databaseUrl === null ? first : memoryIn(own, clock),
    );
    return [first, ...(await Promise.all(others))];
  };
  /** The same database for a server with a provider, which nobody asks here. */
  const withProvider = async ({ place }: TestDatabase, clock: MovingClock): Promise<PeopleNeeds> => {
    const read = readConfig({
      PORT: '0',
      OIDC_ISSUER: 'http://127.0.0.1:9',
      OIDC_CLIENT_ID: 'clear-to-use',
      OIDC_CLIENT_SECRET: 'a-secret-of-the-tests-that-is-long-enough',
      BASE_URL: 'http://localhost:9',
    });
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const memory = await openMemory({ ...read.config, ...place }, clock);
    memories.push(memory);
    return memory.people;
  };
  /** A world in which the pack that ships is in force, with an owner and an administrator. */
  const world = async (iso?: string) => {
    const clock = movingClock(iso);
    const own = await database();
    const memory = await memoryIn(own, clock);
    await settleAtStart(memory.people, folderWith(shipped));
    const owner = await personWith(memory.people, 'Olive Owner', ['policy-owner']);
    const second = await personWith(memory.people, 'Adam Administrator', ['administrator']);
    return { own, clock, memory, people: memory.people, owner, second };
  };
  const propose = async (
    people: PeopleNeeds,
    owner: PersonActing,
    hash: string,
    more: { readonly on?: string; readonly acknowledged?: readonly string[] } = {},
  ) => {
    const wish = { hash, on: '', acknowledged: [], words: 'It is time.', ...more };
    const proposed = await proposeVersion(people, owner, wish, reviewHere, origin);
    assert.equal(proposed.outcome, 'ok', JSON.stringify(proposed));
    return proposed.outcome === 'ok' ? proposed.proposal : assert.fail();
  };
  const inForceOf = async (people: PeopleNeeds) => {
    const opened = await openInForce(people, unexpected);
    return opened.outcome === 'ok' ? opened.inForce : assert.fail();
  };
  const inForceIn = async ({ store, now }: PeopleNeeds) =>
    inForceAt(await store.publications.after(0), now().toISOString());
  const eventsOf = async ({ store }: PeopleNeeds, action: string) => store.audit.search({ action }, 50);

  it('are published once by the very first start, however many servers start at once', async () => {
    const own = await database();
    const clock = movingClock();
    const several = await serversOn(own, clock, 5);
    const settled = await Promise.all(
      several.map(({ people }) => settleAtStart(people, folderWith(shipped))),
    );
    for (const one of settled) assert.equal(one.outcome, 'ok');
    assert.equal(settled.filter((one) => one.outcome === 'ok' && one.folder === 'published').length, 1);
    const [first] = several;
    const all = await first?.people.store.publications.after(0);
    assert.deepEqual(
      all?.map(({ number, hash, why, proposedBy }) => [number, hash, why, proposedBy]),
      [[1, shipped.hash, 'first-start', 'system']],
    );
    assert.equal((await eventsOf(first?.people as PeopleNeeds, 'version-published')).length, 1);
  });

  it('refuse a start where nothing was published and the folder cannot be used, and go on where something was', async () => {
    const { people } = await memoryIn(await database(), movingClock());
    assert.deepEqual(await settleAtStart(people, broken), { outcome: 'nothing', problems: broken.problems });
    await settleAtStart(people, folderWith(shipped));
    const started = await startInForce(people, broken, unexpected);
    assert.equal(started.outcome, 'ok');
    assert.match(started.lines.join('\n'), /cannot be used and changes nothing:\n {2}pack\.yaml:1/);
    assert.match(
      started.lines.join('\n'),
      new RegExp(`In force is “2026-11” \\(${shipped.hash.slice(0, 12)}\\)`),
    );
  });

  it('are published by a start on trial where the folder has changed; an old server that comes back does not bring the old one back', async () => {
    const { people, clock } = await world();
    const milder = await changedGuidance('milder');
    clock.moveMinutes(5);
    const changed = await startInForce(people, folderWith(milder), unexpected);
    assert.equal(changed.outcome === 'ok' && changed.inForce.policy().hash, milder.hash);
    assert.match(changed.lines.join('\n'), /Published “milder”.*only the trial sign-in/);
    clock.moveMinutes(5);
    const old = await startInForce(people, folderWith(shipped), unexpected);
    assert.equal(old.outcome === 'ok' && old.inForce.policy().hash, milder.hash);
    const said = old.lines.join('\n');
    assert.match(said, /was published before and changes nothing\. In force is “milder”/);
    assert.match(said, new RegExp(`clear-to-use policy publish ${shipped.hash.slice(0, 12)}`));
    assert.equal((await people.store.publications.after(0)).length, 2);
    // One command goes back.
    assert.equal((await publishOnTrial(people, shipped.hash)).outcome, 'ok');
    assert.equal((await inForceIn(people))?.hash, shipped.hash);
  });

  it('are published by a start on trial although they have errors, which it counts, with the command that lists them', async () => {
    const { people, clock } = await world();
    const unsound = await changedGuidance('unsound');
    const { errors, warnings } = checkGuidance(unsound, people.today());
    assert.ok(errors > 0);
    clock.moveMinutes(5);
    const started = await startInForce(people, folderWith(unsound), unexpected);
    assert.equal(started.outcome === 'ok' && started.inForce.policy().hash, unsound.hash);
    assert.deepEqual(started.outcome === 'ok' && started.errors, { errors, warnings, hash: unsound.hash });
    assert.match(
      started.lines.join('\n'),
      new RegExp(
        `^warning: this version of the guidance has ${errors} errors? and ${warnings} warnings\\. To see them: clear-to-use policy check\\.`,
        'm',
      ),
    );
    // A start that publishes nothing has no time to look again.
    const again = await startInForce(people, folderWith(unsound), unexpected);
    assert.deepEqual([again.lines, again.outcome === 'ok' && again.errors], [[], null]);
  });

  it('are published without a word where there are only warnings', async () => {
    const { people } = await memoryIn(await database(), movingClock());
    const first = await startInForce(people, folderWith(shipped), unexpected);
    assert.deepEqual(
      [first.lines.length, first.outcome === 'ok' && first.errors],
      [1, null],
      first.lines.join('\n'),
    );
  });

  it('wait for two people where there is a provider, also where its settings are missing at a start', async () => {
    const { own, people, clock } = await world();
    const milder = await changedGuidance('milder');
    const needs = await withProvider(own, clock);
    const started = await startInForce(needs, folderWith(milder), unexpected);
    assert.equal(started.outcome === 'ok' && started.inForce.policy().hash, shipped.hash);
    assert.match(
      started.lines.join('\n'),
      /“milder” \(.*\), which nobody has published\. In force is “2026-11”/,
    );
    await needs.store.people.save(
      {
        id: needs.newId(),
        issuer: 'https://provider.example',
        subject: 'x',
        name: 'X',
        email: null,
        roles: [],
      },
      '2026-11-22T09:00:00.000Z',
    );
    assert.equal((await publishOnTrial(people, milder.hash)).outcome, 'not-allowed');
    const again = await settleAtStart(people, folderWith(milder));
    assert.equal(again.outcome === 'ok' && again.folder, 'waiting');
    assert.equal((await inForceIn(people))?.hash, shipped.hash);
  });

  it('come into force when a second person agrees, with everything in the audit trail and both told', async () => {
    const { people, owner, second } = await world();
    const bystander = await personWith(people, 'Ivy Information', ['information-manager']);
    const hash = await keepVersion(people, await changedGuidance('milder'));
    const proposal = await propose(people, owner, hash, { acknowledged: [milderName] });
    assert.equal((await inForceIn(people))?.hash, shipped.hash);
    const notice = (await people.store.notices.listOf(second.id, 10))[0];
    assert.equal(notice?.kind, 'version-proposed');
    assert.match(
      notice?.words.paragraphs.join(' ') ?? '',
      /Olive Owner wants to publish “milder” \([0-9a-f]{12}\), at once/,
    );
    assert.equal(notice?.words.link?.path, `/policy/versions/${hash}`);
    for (const nobody of [owner, bystander])
      assert.deepEqual(await people.store.notices.listOf(nobody.id, 10), []);

    const own = await agreeToVersion(people, owner, { id: proposal.id, words: '' }, origin);
    assert.deepEqual(own, { outcome: 'own' });
    const asker = await personWith(people, 'Alex', []);
    assert.deepEqual(await agreeToVersion(people, asker, { id: proposal.id, words: '' }, origin), {
      outcome: 'not-allowed',
    });
    const agreed = await agreeToVersion(people, second, { id: proposal.id, words: 'Seen.' }, origin);
    assert.equal(agreed.outcome, 'ok');
    assert.equal((await inForceIn(people))?.hash, hash);
    assert.equal((await people.store.notices.listOf(owner.id, 10))[0]?.kind, 'version-decided');
    const [proposed] = await eventsOf(people, 'version-proposed');
    assert.equal(proposed?.actor, owner.id);
    assert.deepEqual(JSON.parse(proposed?.payload ?? '').acknowledged, [milderName]);
    const [published] = await eventsOf(people, 'version-published');
    assert.equal(published?.actor, second.id);
    assert.equal(JSON.parse(published?.payload ?? '').proposedBy, owner.id);
    assert.deepEqual((await verifyAuditTrail(people.store.audit, people.hash)).findings, []);
  });

  it('are not proposed without acknowledging what gets milder, with a wrong name or day, without words, or by others', async () => {
    const { people, owner, second } = await world();
    const hash = await keepVersion(people, await changedGuidance('milder'));
    const wish = { hash, on: '', acknowledged: [milderName], words: 'It is time.' };
    const problemsOf = async (more: Partial<typeof wish>): Promise<string> => {
      const proposed = await proposeVersion(people, owner, { ...wish, ...more }, reviewHere, origin);
      return proposed.outcome === 'problems'
        ? proposed.problems.map(({ detail }) => detail).join('\n')
        : proposed.outcome;
    };
    assert.match(
      await problemsOf({ acknowledged: [] }),
      /Acknowledge that this is meant: data-protection-duties-weaker/,
    );
    assert.match(
      await problemsOf({ acknowledged: [milderName, 'data-protection-duties-weaker:data-protection-dutie'] }),
      /is nothing that gets milder here\. Did you mean `data-protection-duties-weaker:data-protection-duties`/,
    );
    assert.match(await problemsOf({ on: '2026-11-31' }), /must be a real date/);
    assert.match(await problemsOf({ on: '2026-11-21' }), /must be today or later/);
    assert.match(await problemsOf({ words: ' ' }), /Enter why/);
    assert.match(await problemsOf({ words: 'x'.repeat(1_001) }), /1000 characters or less/);
    for (const sign of ['\u0000', '\u001b[31m', '\u0085'])
      assert.equal(
        await problemsOf({ words: `It is${sign} time.` }),
        'What you write must not hold control characters. Type it again',
      );
    assert.match(await problemsOf({ hash: shipped.hash }), /is in force already/);
    assert.equal(await problemsOf({ hash: 'f'.repeat(64) }), 'not-found');
    const unsound = await keepVersion(people, await changedGuidance('unsound'));
    assert.match(
      await problemsOf({ hash: unsound, acknowledged: [] }),
      /This version cannot be published: rules\/accounts\.yaml:\d+: /,
    );
    const refused = await proposeVersion(people, second, wish, reviewHere, origin);
    assert.deepEqual(refused, { outcome: 'not-allowed' });
    assert.deepEqual(await people.store.proposals.open(), []);
    await propose(people, owner, hash, { acknowledged: [milderName] });
    assert.match(await problemsOf({}), /is proposed already/);
  });

  it('can be refused with words, and withdrawn, and proposed again', async () => {
    const { people, owner, second } = await world();
    const hash = await keepVersion(people, await changedGuidance('stricter'));
    const first = await propose(people, owner, hash);
    const wordless = await refuseVersion(people, second, { id: first.id, words: '' }, origin);
    assert.equal(wordless.outcome, 'problems');
    const controlled = { id: first.id, words: 'Not\u0000 yet.' };
    for (const decide of [refuseVersion, agreeToVersion])
      assert.deepEqual(await decide(people, second, controlled, origin), {
        outcome: 'problems',
        problems: [
          { field: 'words', detail: 'What you write must not hold control characters. Type it again' },
        ],
      });
    assert.deepEqual(await refuseVersion(people, second, { id: first.id, words: 'Not yet.' }, origin), {
      outcome: 'ok',
    });
    const again = await agreeToVersion(people, second, { id: first.id, words: '' }, origin);
    assert.deepEqual(again, { outcome: 'not-open' });
    assert.equal((await people.store.proposals.get(first.id))?.decisionWords, 'Not yet.');
    const next = await propose(people, owner, hash);
    const otherOwner = await personWith(people, 'Oscar Owner', ['policy-owner']);
    assert.deepEqual(await withdrawVersion(people, otherOwner, next.id, origin), { outcome: 'not-found' });
    assert.deepEqual(await withdrawVersion(people, owner, next.id, origin), { outcome: 'ok' });
    assert.equal((await inForceIn(people))?.hash, shipped.hash);
    for (const action of ['version-refused', 'version-withdrawn'])
      assert.equal((await eventsOf(people, action)).length, 1, action);
  });

  it('are outdated where another one came between, and the proposer is told', async () => {
    const { people, owner, second } = await world();
    const [milder, stricter] = [
      await keepVersion(people, await changedGuidance('milder')),
      await keepVersion(people, await changedGuidance('stricter')),
    ];
    const one = await propose(people, owner, milder, { acknowledged: [milderName] });
    const other = await propose(people, owner, stricter);
    assert.equal((await agreeToVersion(people, second, { id: other.id, words: '' }, origin)).outcome, 'ok');
    assert.equal((await people.store.proposals.get(one.id))?.state, 'outdated');
    const late = await agreeToVersion(people, second, { id: one.id, words: '' }, origin);
    assert.deepEqual(late, { outcome: 'not-open' });
    const subjects = (await people.store.notices.listOf(owner.id, 10)).map(({ words }) => words.subject);
    assert.deepEqual(subjects.toSorted(), [
      'Your version of the guidance needs another look',
      'Your version of the guidance was published',
    ]);
    assert.equal((await inForceIn(people))?.hash, stricter);
  });

  it('are decided once where two people decide at once, and only one of two proposals comes into force', async () => {
    const clock = movingClock();
    const own = await database();
    const [memory, elsewhere] = (await serversOn(own, clock, 2)) as [Memory, Memory];
    const { people } = memory;
    await settleAtStart(people, folderWith(shipped));
    const owner = await personWith(people, 'Olive Owner', ['policy-owner']);
    const second = await personWith(people, 'Adam Administrator', ['administrator']);
    const third = await personWith(people, 'Anna Administrator', ['administrator']);
    const inForce = await inForceOf(people);
    const versions = [
      shipped,
      ...(await Promise.all((['milder', 'stricter', 'renamed'] as const).map(changedGuidance))),
    ];
    for (const guidance of versions) await keepVersion(people, guidance);
    for (let round = 1; round <= 5; round++) {
      const base = versions.find(({ hash }) => hash === inForce.policy().hash) ?? assert.fail();
      const wanted = versions.filter(({ hash }) => hash !== base.hash).slice(0, 2);
      const proposals: Proposal[] = [];
      for (const guidance of wanted) {
        const review = await reviewHere(
          { hash: base.hash, guidance: base },
          { hash: guidance.hash, guidance },
          people.today(),
        );
        const acknowledged = namesToAcknowledge(review);
        proposals.push(await propose(people, owner, guidance.hash, { acknowledged }));
      }
      const outcomes = await Promise.all(
        proposals.flatMap(({ id }) => [
          agreeToVersion(people, second, { id, words: '' }, origin),
          agreeToVersion(elsewhere.people, third, { id, words: '' }, origin),
        ]),
      );
      const named = outcomes.map(({ outcome }) => outcome).sort();
      assert.equal(named.filter((outcome) => outcome === 'ok').length, 1, named.join());
      assert.ok(
        named.every((outcome) => ['ok', 'not-open', 'outdated'].includes(outcome)),
        named.join(),
      );
      const states = await Promise.all(proposals.map(({ id }) => people.store.proposals.get(id)));
      assert.deepEqual(states.map((proposal) => proposal?.state).sort(), ['agreed', 'outdated']);
      const all = await people.store.publications.after(0);
      assert.deepEqual(
        all.map(({ number }) => number),
        Array.from({ length: round + 1 }, (_, index) => index + 1),
      );
      await inForce.look();
      assert.equal(inForce.policy().hash, states.find((proposal) => proposal?.state === 'agreed')?.hash);
    }
    assert.deepEqual((await verifyAuditTrail(people.store.audit, people.hash)).findings, []);
    // The same version proposed twice at once waits once.
    const base = versions.find(({ hash }) => hash === inForce.policy().hash) ?? assert.fail();
    const guidance = versions.find(({ hash }) => hash !== base.hash) ?? assert.fail();
    const review = await reviewHere(
      { hash: base.hash, guidance: base },
      { hash: guidance.hash, guidance },
      people.today(),
    );
    const wish = { hash: guidance.hash, on: '', acknowledged: namesToAcknowledge(review), words: 'Yes.' };
    const twice = await Promise.all(
      [people, elsewhere.people].map((needs) => proposeVersion(needs, owner, wish, reviewHere, origin)),
    );
    const taken = twice.filter(({ outcome }) => outcome === 'ok').length;
    assert.equal(taken, 1, JSON.stringify(twice));
  });

  for (const [season, start, on, minutes] of [
    ['winter', '2026-11-22T09:00:00Z', '2026-11-24', 2 * 1440 - 9 * 60],
    ['summer time, where the day begins at 23:00 UTC', '2027-06-01T09:00:00Z', '2027-06-02', 14 * 60],
  ] as const) {
    it(`come into force at midnight in London on their day, in ${season}`, async () => {
      const { people, clock, owner, second } = await world(start);
      const opened = await openInForce(people, unexpected);
      const inForce = opened.outcome === 'ok' ? opened.inForce : assert.fail();
      const hash = await keepVersion(people, await changedGuidance('stricter'));
      const proposal = await propose(people, owner, hash, { on });
      assert.equal(
        (await agreeToVersion(people, second, { id: proposal.id, words: '' }, origin)).outcome,
        'ok',
      );
      const listed = await listVersions(people, owner);
      assert.deepEqual(
        listed.outcome === 'ok' && listed.versions.map(({ label, state }) => [label, state]).sort(),
        [
          ['2026-11', 'in-force'],
          ['stricter', 'scheduled'],
        ],
      );
      await inForce.look();
      clock.moveMinutes(minutes - 1);
      await inForce.look();
      assert.equal(inForce.policy().hash, shipped.hash);
      assert.equal(await inForce.hashIn(people.store), shipped.hash);
      clock.moveMinutes(1);
      assert.equal(clock.today(), on);
      // Before this server has looked, what it holds is not what the database says.
      assert.equal(await inForce.hashIn(people.store), hash);
      assert.equal(inForce.policy().hash, shipped.hash);
      await inForce.look();
      assert.equal(inForce.policy().hash, hash);
      assert.equal(await inForce.hashIn(people.store), hash);
      inForce.close();
    });
  }

  it('take the place of one that was only scheduled, and the list says so', async () => {
    const { people, clock, owner, second } = await world();
    const stricter = await keepVersion(people, await changedGuidance('stricter'));
    const scheduled = await propose(people, owner, stricter, { on: '2026-11-24' });
    await agreeToVersion(people, second, { id: scheduled.id, words: '' }, origin);
    const renamed = await keepVersion(people, await changedGuidance('renamed'));
    const now = await propose(people, owner, renamed);
    await agreeToVersion(people, second, { id: now.id, words: '' }, origin);
    const states = async () => {
      const listed = await listVersions(people, owner);
      return (
        listed.outcome === 'ok' &&
        Object.fromEntries(listed.versions.map(({ label, state }) => [label, state]))
      );
    };
    const expected = { '2026-11': 'earlier', stricter: 'replaced', renamed: 'in-force' };
    assert.deepEqual(await states(), expected);
    clock.moveMinutes(5 * 1440);
    assert.deepEqual(await states(), expected);
    assert.equal((await inForceIn(people))?.hash, renamed);
  });

  it('are compared with what they would replace on their day, and are outdated by what begins before it', async () => {
    const { people, owner, second } = await world();
    const stricter = await keepVersion(people, await changedGuidance('stricter'));
    const renamed = await keepVersion(people, await changedGuidance('renamed'));
    const early = await propose(people, owner, stricter, { on: '2026-11-24' });
    await agreeToVersion(people, second, { id: early.id, words: '' }, origin);
    // After that one, which is stricter: what it made stricter gets milder again.
    const wish = { hash: renamed, on: '2026-11-25', acknowledged: [], words: 'Later.' };
    const proposed = await proposeVersion(people, owner, wish, reviewHere, origin);
    assert.match(JSON.stringify(proposed), /extra-care-weaker/);
    const before = await propose(people, owner, renamed, { on: '2026-11-23' });
    assert.equal((await agreeToVersion(people, second, { id: before.id, words: '' }, origin)).outcome, 'ok');
  });

  it('are taken by every server within a second, in pages, in the API and on /info, without a restart', async () => {
    const clock = movingClock();
    const own = await database();
    const [one, two] = (await serversOn(own, clock, 2)) as [Memory, Memory];
    const folder = folderWith(shipped);
    const pair = [
      await startVersionServer({ memory: one, clock, folder }),
      await startVersionServer({ memory: two, clock, folder }),
    ];
    servers.push(...pair);
    const [here, there] = pair as [VersionServer, VersionServer];
    const hash = await keepVersion(one.people, await changedGuidance('milder'));
    const owner = await Person.signedIn(here.baseUrl, 'policy-owner');
    const administrator = await Person.signedIn(there.baseUrl, 'administrator');
    const page = `/policy/versions/${hash}`;
    const text = await shownBy(owner, page);
    assert.match(text, /“Keep personal information safe.*” is asked for less strictly/);
    const missing = await owner.send(page, `${page}/propose`, { words: 'It is time.' });
    assert.equal(missing.status, 400);
    const again = await missing.text();
    assert.match(again, /Say whether you mean that “Keep personal information safe/);
    assert.match(again, /It is time\./);
    const fields = { words: 'It is time.', acknowledged: milderName };
    assert.equal((await owner.send(page, `${page}/propose`, fields)).status, 303);
    const waiting = await shownBy(administrator, page);
    assert.match(waiting, /Proposed by Sam Policy owner, at once\. It waits for a second person/);
    assert.match(
      await (await administrator.get('/me')).text(),
      /A version of the guidance that Sam Policy owner proposed/,
    );
    const [, proposal = ''] = /name="proposal" value="([^"]+)"/.exec(waiting) ?? [];
    const homeBefore = await (await fetch(here.baseUrl)).text();
    assert.match(homeBefore, /2026-11/);
    const started = performance.now();
    assert.equal((await administrator.send(page, `${page}/agree`, { proposal, words: '' })).status, 303);
    for (const { baseUrl } of pair) {
      while ((await infoOf(baseUrl)).policy.hash !== hash) {
        assert.ok(performance.now() - started < 1_000, 'within a second');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.equal((await infoOf(baseUrl)).version.number, 2);
      const home = await (await fetch(baseUrl)).text();
      assert.match(home, /milder/);
      const facts = await fetch(`${baseUrl}/api/v1/facts`);
      assert.match(facts.headers.get('etag') ?? '', new RegExp(hash.slice(0, 16)));
    }
    assert.match(
      await shownBy(owner, page),
      /In force since 22 November 2026 at 9:00am\. Proposed by Sam Policy owner, agreed to by Sam Administrator\./,
    );
    const book = await owner.get(`${page}/book`);
    assert.equal(book.status, 200);
    assert.match(await book.text(), /^<!DOCTYPE html>[\s\S]*milder/);
  });

  it('that this code cannot read leave the one before in force, which /info and the page say, and keep a new server from starting', async () => {
    const clock = movingClock();
    const own = await database();
    const memory = await memoryIn(own, clock);
    const told: string[] = [];
    const server = await startVersionServer({
      memory,
      clock,
      folder: folderWith(shipped),
      onUnreadable: ({ problems }) => void told.push(problems.join('\n')),
    });
    servers.push(server);
    const { hash, label, texts } = await newerPack();
    const at = clock.now().toISOString();
    const { store } = memory.people;
    await store.policyVersions.keep({ hash, label, texts: () => texts }, at);
    await store.publications.addAfter(1, {
      hash,
      effectiveAt: at,
      publishedAt: at,
      why: 'agreed',
      proposedBy: 'system',
      agreedBy: 'system',
    });
    await server.inForce.look();
    await server.inForce.look();
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /pack\.yaml:\d+: /);
    const info = await infoOf(server.baseUrl);
    assert.equal(info.policy.hash, shipped.hash);
    assert.equal(info.version.unreadable.hash, hash);
    const owner = await Person.signedIn(server.baseUrl, 'policy-owner');
    assert.match(
      await (await owner.get('/policy/versions')).text(),
      /This server cannot read the version from the future/,
    );
    assert.equal((await owner.get(`/policy/versions/${hash}`)).status, 200);
    const started = await startInForce(memory.people, folderWith(shipped), unexpected);
    assert.equal(started.outcome, 'refused');
    assert.match(
      started.lines.join('\n'),
      /“from the future” .* cannot be read by this version of Clear to Use/,
    );
    // Another one that can be read ends it.
    assert.equal((await publishOnTrial(memory.people, shipped.hash)).outcome, 'ok');
    await server.inForce.look();
    assert.equal((await infoOf(server.baseUrl)).version.unreadable, undefined);
  });

  it('whose kept text was changed in the database are not taken for what they were', async () => {
    const { own, people } = await world();
    // One that no server has in its memory yet.
    const hash = await keepVersion(people, await changedGuidance('unread'));
    const { kysely, close } = await openDatabase(own.place);
    await sql`update policy_versions set files = replace(files, 'Ministry', 'Mystery') where hash = ${hash}`.execute(
      kysely,
    );
    await close();
    assert.equal((await publishOnTrial(people, hash)).outcome, 'problems');
    assert.equal((await inForceIn(people))?.hash, shipped.hash);
  });

  it('name beforehand exactly the saved answers whose owners are told, and the notice that they get', async () => {
    const { people, memory, clock } = await world();
    const asker = await personWith(people, 'Alex Asker', []);
    const asking = needsOf(await inForceOf(people), clock);
    const save = async (facts: Readonly<Record<string, string>>): Promise<string> => {
      const standing = findOrdinaryCase(asking, facts)?.standing ?? assert.fail();
      const saved = await saveAnswer(memory.people, asking, asker, { standing, words: '' }, origin);
      return saved.outcome === 'ok' ? saved.receipt.reference : assert.fail(saved.outcome);
    };
    const touched = await save({ tool: 'trello', account: 'personal' });
    await save({ tool: 'trello' });
    const { ready, hash, texts } = await changedGuidance('unsound');
    const policy = ready?.policy ?? assert.fail();
    const found = await findAffectedReceipts(people.store, policy, people.today());
    assert.deepEqual([found.live, found.affected, found.references], [2, 1, [touched]]);
    assert.match(found.notice?.paragraphs.join('\n') ?? '', /Before, it said: Do not use Trello/);
    // Looking has changed nothing, and telling tells the same.
    assert.deepEqual(await people.store.evaluations.changesOf(asker.id, 10), []);
    await people.store.policyVersions.keep(
      { hash, label: 'unsound', texts: () => texts },
      clock.now().toISOString(),
    );
    const telling = {
      people: memory.people,
      asking: { policy: () => policy },
      inForceHash: async () => hash,
    };
    while (await tellSomeChanges(telling));
    const told = await people.store.evaluations.changesOf(asker.id, 10);
    assert.deepEqual(
      told.map(({ reference }) => reference),
      found.references,
    );
    const [notice] = await people.store.notices.listOf(asker.id, 10);
    assert.deepEqual(notice?.words, found.notice);
  });

  it('show what is asked most before and after, without what was asked fewer than five times', async () => {
    const { people, clock } = await world();
    const asking = needsOf(await inForceOf(people), clock);
    const row = { day: '2026-11-20', organisation: 'moj-headquarters', verdict: 'not-allowed', rule: 'x' };
    await people.store.inOneTransaction((inside) =>
      inside.usage.add(
        [
          { ...row, tool: 'trello', times: 12 },
          { ...row, tool: 'trello', rule: 'y', times: 9 },
          { ...row, tool: 'slack', times: 6 },
          { ...row, tool: 'float', times: 4 },
          { ...row, tool: '', times: 40 },
          { ...row, day: '2026-10-01', tool: 'github', times: 40 },
        ],
        [],
      ),
    );
    const after = (await changedGuidance('milder')).ready?.policy ?? assert.fail();
    const before = asking.policy();
    const asked = await findMostAsked(asking, people.store, { before, after, on: people.today() });
    assert.deepEqual(
      asked.map(({ tool, times }) => [tool, times]),
      [
        ['Trello', 20],
        ['Slack', 5],
      ],
    );
    for (const { before: was, after: is, facts } of asked) {
      assert.equal(was, is);
      assert.equal(answerTo(asking, facts).verdict, was);
    }
  });

  it('forget who proposed and why after their time, and never what was published', async () => {
    const { people, clock, owner, second } = await world();
    const proposal = await propose(
      people,
      owner,
      await keepVersion(people, await changedGuidance('stricter')),
    );
    await agreeToVersion(people, second, { id: proposal.id, words: 'Seen.' }, origin);
    await keepHouse(people);
    assert.equal((await people.store.proposals.get(proposal.id))?.words, 'It is time.');
    clock.moveMinutes((people.limits.auditPayloadDays + 2) * 1440);
    await keepHouse(people);
    const later = await people.store.proposals.get(proposal.id);
    assert.deepEqual(
      [later?.proposerName, later?.words, later?.decisionWords, later?.state, later?.decidedBy],
      ['', '', '', 'agreed', second.id],
    );
    assert.equal((await people.store.publications.after(0)).length, 2);
    assert.equal((await eventsOf(people, 'version-words-removed')).length, 1);
  });

  it('of the same label are told apart by a fingerprint wherever one stands beside others', async () => {
    const { memory, clock, people, owner, second } = await world();
    const server = await startVersionServer({ memory, clock, folder: folderWith(shipped) });
    servers.push(server);
    // Nothing but a rule is other: the label is the same.
    const other = await guidanceOf(
      shipped.texts.map(({ name, text }) =>
        name === 'conditions.yaml'
          ? {
              name,
              text: text.replace(
                /(id: extra-care, kind: condition, when: while, strength:) should/,
                '$1 must',
              ),
            }
          : { name, text },
      ),
    );
    const hash = await keepVersion(people, other);
    const names = [shipped.hash, hash].map((one) => `2026-11 (${one.slice(0, 12)})`);
    const session = await Person.signedIn(server.baseUrl, 'policy-owner');
    const textAt = async (path: string) => (await session.get(path)).text();
    const list = await textAt('/policy/versions');
    for (const name of names) assert.ok(list.includes(`>${name}</a>`), name);
    const page = await textAt(`/policy/versions/${hash}`);
    assert.ok(page.includes(`<h1 class="govuk-heading-l">Guidance ${names[1]}</h1>`));
    const facts = new URLSearchParams({ tool: 'trello', account: 'work' });
    const situation = await textAt(`/policy/versions/${hash}/situation?${facts}`);
    assert.ok(
      situation.includes(`Before: ${names[0]}`) && situation.includes(`After: ${names[1]}`),
      situation,
    );
    const proposal = await propose(people, owner, hash);
    await refuseVersion(people, second, { id: proposal.id, words: 'Not yet.' }, origin);
    const told = [owner, second].map(({ id }) => people.store.notices.listOf(id, 10));
    const words = (await Promise.all(told)).map(([one]) => one?.words.paragraphs[0] ?? '');
    assert.match(
      words[0] ?? '',
      new RegExp(`refused the version that you proposed, “2026-11” \\(${hash.slice(0, 12)}\\)\\.`),
    );
    assert.match(words[1] ?? '', new RegExp(`“2026-11” \\(${hash.slice(0, 12)}\\)`));
  });

  it('answer whatever is typed into their addresses and forms, and never with a failure of ours', async () => {
    const { memory, clock } = await world();
    const server = await startVersionServer({ memory, clock, folder: folderWith(shipped) });
    servers.push(server);
    const owner = await Person.signedIn(server.baseUrl, 'policy-owner');
    const short = `/policy/versions/${shipped.hash.slice(0, 12)}`;
    assert.equal((await owner.get(short)).headers.get('location'), `/policy/versions/${shipped.hash}`);
    for (const path of [
      '/policy/versions/zz',
      '/policy/versions/ffffffffffff',
      `${short}/book`,
      `/policy/versions/${shipped.hash}/situation?tool=trello`,
    ])
      assert.equal((await owner.get(path)).status, 404, path);
    const here = `/policy/versions/${shipped.hash}`;
    for (const [path, fields, status] of [
      [`${here}/propose`, {}, 400],
      [`${here}/propose`, { 'on-day': 'x', words: 'x' }, 400],
      [`${here}/agree`, {}, 404],
      [`${here}/refuse`, { proposal: 'nonsense', words: 'x' }, 404],
      [`${here}/withdraw`, { proposal: '' }, 404],
      ['/policy/versions/zz/propose', { words: 'x' }, 404],
    ] as const)
      assert.equal((await owner.send(here, path, fields)).status, status, path);
    assert.equal((await owner.get(`${here}?on=never`)).status, 200);
  });
});

function unexpected({ problems }: UnreadableVersion): never {
  throw new Error(problems.join('\n'));
}

async function infoOf(baseUrl: string) {
  // biome-ignore lint/suspicious/noExplicitAny: what the test looks at is checked by it
  return (await (await fetch(`${baseUrl}/info`)).json()) as any;
}

/** A page that works something out, once it is there. */
async function shownBy(person: Person, path: string): Promise<string> {
  for (let turn = 0; turn < 60; turn++) {
    const answer = await person.get(path);
    assert.equal(answer.status, 200, path);
    if (answer.headers.get('refresh') === null) return plain(await answer.text());
  }
  throw new Error(`${path} never came`);
}

function plain(html: string): string {
  return html.replaceAll('&#39;', '’').replaceAll('&quot;', '"');
}

/** A pack as a later version of the program may write it: with something that this one does not know. */
async function newerPack() {
  const { texts } = await shippedGuidance();
  const newer = texts.map(({ name, text }) => ({
    name,
    text:
      name === 'pack.yaml'
        ? text.replace(/^format: 1$/m, 'format: 9').replace(/^label: .*$/m, 'label: from the future')
        : text,
  }));
  const { hash, ready } = await guidanceOf(newer);
  assert.equal(ready, null);
  return { hash, label: 'from the future', texts: newer };
}
