import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import fc from 'fast-check';
import type { Answer } from '#domain/decision/answer.ts';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import type { Actor } from '#domain/people/actor.ts';
import type { Pack, Rule } from '#domain/policy/pack.ts';
import { type RecordedFact, recordedOn } from '#domain/receipts/receipt.ts';
import { daysAfter } from '#domain/shared/day.ts';
import { isPermission, verdicts } from '#domain/shared/verdict.ts';
import type { Memory } from '#serve.ts';
import type { Store } from '#store/store.ts';
import { statedFacts } from '#test/engine/situations.ts';
import { onBothDatabases, type TestDatabase } from '#test/support/databases.ts';
import { answerTo, completed, testDay, testNeeds } from '#test/support/guidance.ts';
import { testMemoryIn } from '#test/support/memory.ts';
import { ordinaryTrello as trello } from '#test/support/ordinary-trello.ts';
import { findStanding } from '#usecases/ask-page.ts';
import type { Needs } from '#usecases/needs.ts';
import type { ReceiptNeeds } from '#usecases/receipts/receipt-needs.ts';
import { saveAnswer } from '#usecases/receipts/save-answer.ts';
import { type TellingNeeds, tellSomeChanges } from '#usecases/receipts/tell-changes.ts';

const origin = { address: '127.0.0.1', device: 'a test' };

onBothDatabases('people who rely on an answer', (kind) => {
  const opened: { readonly memory: Memory; readonly database: TestDatabase }[] = [];
  let shipped: Needs;
  before(async () => {
    shipped = await testNeeds();
  });
  after(async () => {
    for (const { memory, database } of opened) {
      await memory.close();
      await database.remove();
    }
  });

  // A world of its own for each case: the database, the guidance in force, the day, and the person who saves.
  const world = async (name: string) => {
    const database = await kind.create();
    const memory = await testMemoryIn(database.place);
    opened.push({ memory, database });
    let policy = shipped.policy();
    let day = testDay;
    const { store, newId } = memory.people;
    const person = await store.people.save(
      { id: newId(), issuer: 'test', subject: name, name, email: `${name}@example.org`, roles: [] },
      `${testDay}T09:00:00.000Z`,
    );
    const actor: Actor = { ...person, kind: 'person', by: { kind: 'session', id: 'test' } };
    const people: ReceiptNeeds = { ...memory.people, today: () => day };
    const asking: Needs = { ...shipped, policy: () => policy, today: () => day };
    const telling: TellingNeeds = { people, asking, inForceHash: async () => policy.hash };
    return {
      actor,
      people,
      asking,
      telling,
      store,
      get day() {
        return day;
      },
      async publish(next: Policy) {
        const { hash, pack } = next;
        await store.policyVersions.keep({ hash, label: pack.label, texts: () => [] }, `${day}T09:00:00.000Z`);
        policy = next;
      },
      comeTo(next: string) {
        day = next;
      },
      async save(facts: Readonly<Record<string, string>>, recorded: readonly RecordedFact[] = []) {
        const stood = findStanding(asking, facts, recordedOn(recorded, day));
        assert.ok(stood.outcome === 'ok');
        const saved = await saveAnswer(
          people,
          asking,
          actor,
          { standing: stood.standing, words: '', recorded },
          origin,
        );
        assert.ok(saved.outcome === 'ok', saved.outcome);
        return saved.receipt;
      },
      async tell(servers = 1) {
        const one = async () => {
          while (await tellSomeChanges(telling));
        };
        await Promise.all(Array.from({ length: servers }, one));
      },
      told: async () =>
        (await store.evaluations.changesOf(person.id, 10_000)).map(({ receiptId }) => receiptId).sort(),
      notices: () => store.notices.listOf(person.id, 10_000),
    };
  };

  it('are told of exactly the answers that change, whatever rule is changed and whoever looks, and of none twice', async () => {
    const own = await world('property');
    const facts = fc.sample(statedFacts(shipped.policy().pack, 6), { numRuns: 80, seed: 20261122 });
    const saved = [];
    for (const one of facts) {
      const all = settledFacts(own.asking, one);
      if (all !== null) saved.push(await own.save(all));
    }
    assert.ok(saved.length > 40, `only ${saved.length} can be saved`);
    await own.tell();
    assert.deepEqual(await own.told(), [], 'nothing has changed yet');
    const edits = fc.sample(ruleEdits(shipped.policy().pack), { numRuns: 40, seed: 20261123 });
    let policy = shipped.policy();
    let changedInAll = 0;
    for (const [number, edit] of edits.entries()) {
      const then: string[] = saved.map(({ facts }) => partThatMatters(policy, facts, own.day));
      const before = await own.told();
      policy = compilePolicy(edit(policy.pack), `edit-${number}-${kind.name}`);
      await own.publish(policy);
      // A day on which rules begin or end, now and then.
      if (number % 3 === 2) own.comeTo(daysAfter(own.day, 1));
      await own.tell(2);
      const expected: string[] = saved
        .filter(({ facts }, index) => partThatMatters(policy, facts, own.day) !== then[index])
        .map(({ id }) => id);
      changedInAll += expected.length;
      assert.deepEqual(await own.told(), [...before, ...expected].sort(), `after edit ${number}`);
      assert.equal((await own.notices()).length, before.length + expected.length);
    }
    assert.ok(changedInAll > 40, `only ${changedInAll} answers changed: the edits say little`);
  });

  it('miss nothing where the work breaks off at any place, and are told once all the same', async () => {
    const own = await world('breaking');
    const ids: string[] = [];
    for (let index = 0; index < 6; index++) ids.push((await own.save(trello)).id);
    await own.tell();
    await own.publish(compilePolicy(stricter(shipped.policy().pack), `broken-${kind.name}`));
    // Three writes for each: the change, the notice and the event.
    for (let failAt = 1; failAt <= 3 * ids.length; failAt++) {
      const telling = { ...own.telling, people: { ...own.people, store: breakingAt(own.store, failAt) } };
      await assert.rejects(async () => {
        while (await tellSomeChanges(telling));
      }, /the disk is gone/);
      assert.deepEqual(await own.told(), [], `nothing is half told after ${failAt}`);
    }
    await own.tell();
    assert.deepEqual(await own.told(), ids.sort());
  });

  it('are told what changed, which rule and clause is behind it, and what to do now', async () => {
    const own = await world('words');
    const { reference } = await own.save(trello);
    await own.publish(compilePolicy(stricter(shipped.policy().pack), `words-${kind.name}`));
    await own.tell();
    const [notice] = await own.notices();
    assert.match(notice?.words.subject ?? '', new RegExp(reference));
    const text = notice?.words.paragraphs.join('\n') ?? '';
    for (const part of ['You can use Trello', 'Do not use Trello', 'Why:', 'OIT-', 'stop using it for this'])
      assert.ok(text.includes(part), `${part} in ${text}`);
    assert.equal(notice?.words.link?.path, `/receipts/${reference}`);
  });

  it('are told on the day after the last one of what is on record, and not before', async () => {
    const own = await world('record');
    const recorded = [
      {
        fact: 'lineManagerGuidance',
        value: 'given-refusal',
        by: 'Lee',
        from: 'guidance-request:1',
        on: '2026-11-22',
        until: '2026-11-24',
      },
    ];
    const { id } = await own.save(trello, recorded);
    await own.tell();
    own.comeTo('2026-11-24');
    await own.tell();
    assert.deepEqual(await own.told(), []);
    own.comeTo('2026-11-25');
    await own.tell();
    assert.deepEqual(await own.told(), [id]);
    const [{ change } = assert.fail()] = await own.store.evaluations.changesOfReceipt(id);
    assert.equal(change.why, 'day');
    assert.deepEqual(change.verdict, { before: 'not-allowed', after: 'allowed-with-conditions' });
  });

  it('are not told of an answer that they withdrew or replaced, nor that the clock of another server is behind', async () => {
    const own = await world('gone');
    const first = await own.save(trello);
    await own.store.receipts.withdraw(first.id, `${testDay}T10:00:00.000Z`);
    const second = await own.save(trello);
    await own.tell();
    const evaluation = await own.store.evaluations.current();
    await own.publish(compilePolicy(stricter(shipped.policy().pack), `gone-${kind.name}`));
    const behind = { ...own.telling, people: { ...own.people, today: () => '2026-11-01' } };
    while (await tellSomeChanges(behind));
    assert.deepEqual(await own.told(), [second.id]);
    const now = await own.store.evaluations.current();
    assert.equal(now?.on, evaluation?.on, 'the day has not gone back');
  });

  it('are told nothing by a server that still answers from an old version', async () => {
    const own = await world('old-server');
    await own.save(trello);
    await own.tell();
    const before = await own.store.evaluations.current();
    const old = { ...own.telling, inForceHash: async () => 'a version that this server has not got yet' };
    own.comeTo(daysAfter(own.day, 30));
    assert.equal(await tellSomeChanges(old), false);
    assert.deepEqual(await own.store.evaluations.current(), before);
  });
});

// What of an answer somebody has to be told of, worked out from the answer itself.
function partThatMatters(policy: Policy, facts: Readonly<Record<string, string>>, on: string): string {
  const needs = { policy: () => policy, today: () => on };
  let answer: Answer;
  try {
    answer = answerTo(needs, facts);
  } catch (error) {
    return (error as Error).message;
  }
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).sort();
  const toMeet = isPermission(answer.verdict) ? ids(answer.conditions) : [];
  return JSON.stringify([answer.verdict, toMeet, ids(answer.nextSteps)]);
}

// Random facts, with the rest as it ordinarily is; null where they contradict each other.
function settledFacts(needs: Needs, facts: Readonly<Record<string, string>>): Record<string, string> | null {
  try {
    const all = completed(needs, facts);
    return Object.fromEntries(Object.entries(all).map(([fact, value]) => [fact, String(value)]));
  } catch {
    return null;
  }
}

// One rule, or some, with another verdict, other conditions, other tests or other days, or gone.
function ruleEdits(pack: Pack): fc.Arbitrary<(pack: Pack) => Pack> {
  const additions = [...pack.conditions.keys()];
  const edit: fc.Arbitrary<(rule: Rule) => Rule | null> = fc.oneof(
    fc.constantFrom(...verdicts, null).map((verdict) => (rule: Rule) => ({ ...rule, verdict })),
    fc.subarray(additions, { maxLength: 2 }).map((adds) => (rule: Rule) => ({ ...rule, adds })),
    fc.constant(() => null),
    fc.nat(4).map((days) => (rule: Rule) => ({ ...rule, from: daysAfter(testDay, days) })),
    fc.nat(4).map((days) => (rule: Rule) => ({ ...rule, to: daysAfter(testDay, days) })),
    fc.constant((rule: Rule) => ({ ...rule, when: new Map([...rule.when].slice(1)) })),
    // Words alone, of which nobody is told.
    fc.constant((rule: Rule) => ({ ...rule, because: `${rule.because} Said anew.` })),
  );
  return fc
    .tuple(edit, fc.integer({ min: 1, max: 12 }), fc.nat(1_000))
    .map(([change, count, start]) => (now: Pack) => {
      const touched = new Set(
        Array.from({ length: count }, (_, index) => (start + index * 7) % now.rules.length),
      );
      return {
        ...now,
        rules: now.rules.flatMap((rule, index) => (touched.has(index) ? (change(rule) ?? []) : [rule])),
      };
    });
}

function stricter(pack: Pack): Pack {
  return {
    ...pack,
    rules: pack.rules.map((rule) =>
      rule.verdict === 'allowed-with-conditions' ? { ...rule, verdict: 'not-allowed' as const } : rule,
    ),
  };
}

// A store whose `failAt`th write of what is told fails.
function breakingAt(store: Store, failAt: number): Store {
  let writes = 0;
  const counted =
    <Args extends unknown[]>(write: (...args: Args) => Promise<void>) =>
    async (...args: Args): Promise<void> => {
      writes++;
      if (writes === failAt) throw new Error('the disk is gone');
      await write(...args);
    };
  return {
    ...store,
    inOneTransaction: (work) =>
      store.inOneTransaction((inside) =>
        work({
          ...inside,
          notices: { ...inside.notices, add: counted(inside.notices.add) },
          evaluations: { ...inside.evaluations, addChange: counted(inside.evaluations.addChange) },
          audit: { ...inside.audit, record: counted(inside.audit.record) },
        }),
      ),
  };
}
