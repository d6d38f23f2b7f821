import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { newId } from '#platform/ids.ts';
import type { Store } from '#store/store.ts';
import type { AskedCount } from '#store/usage.ts';
import { onBothDatabases, openTwoServers, type TestDatabase } from '#test/support/databases.ts';
import { createAskedCounter } from '#usecases/usage/count-asked.ts';

const count = (more: Partial<AskedCount> = {}): AskedCount => ({
  day: '2026-11-22',
  tool: 'trello',
  organisation: 'hmpps',
  verdict: 'allowed-with-conditions',
  rule: 'trello-work-account',
  times: 1,
  ...more,
});

onBothDatabases('what is counted', (kind) => {
  let own: TestDatabase;
  let store: Store;
  let other: Store;
  before(async () => {
    own = await kind.create();
    [store, other] = await openTwoServers(own);
  });
  after(async () => {
    await store.close();
    if (other !== store) await other.close();
    await own.remove();
  });

  it('is added to what was counted, and summed over the days that are asked for', async () => {
    await store.usage.add(
      [count({ times: 3 })],
      [{ day: '2026-11-22', name: 'boardly', hidden: '#boardly', times: 2 }],
    );
    await other.usage.add(
      [count({ times: 4 }), count({ day: '2026-11-21', times: 5 }), count({ tool: '', times: 1 })],
      [
        { day: '2026-11-22', name: 'boardly', hidden: '#boardly', times: 3 },
        { day: '2026-11-21', name: 'rare', hidden: '#rare', times: 1 },
      ],
    );
    const { day: _day, ...rest } = count();
    const sums = await store.usage.asked('2026-11-21', '2026-11-22');
    assert.deepEqual(
      sums.toSorted((a, b) => b.times - a.times),
      [
        { ...rest, times: 12 },
        { ...rest, tool: '', times: 1 },
      ],
    );
    assert.deepEqual(await store.usage.perDay('2026-11-01', '2026-11-30'), [
      { day: '2026-11-21', times: 5 },
      { day: '2026-11-22', times: 8 },
    ]);
    assert.deepEqual(await store.usage.unknownNames('2026-11-21', '2026-11-22', 5, 10), [
      { name: 'boardly', times: 5 },
    ]);
  });

  it('holds a name that nobody knows under what cannot be read until five have asked about it', async () => {
    const held = async () =>
      (await store.usage.unknownNames('2026-08-01', '2026-08-31', 1, 10)).map(
        ({ name, times }) => `${name} ${times}`,
      );
    await store.usage.add([], [{ day: '2026-08-01', name: 'case of somebody', hidden: '#secret', times: 2 }]);
    await other.usage.add([], [{ day: '2026-08-02', name: 'case of somebody', hidden: '#secret', times: 2 }]);
    assert.deepEqual(await held(), []);
    await store.usage.add([], [{ day: '2026-08-03', name: 'case of somebody', hidden: '#secret', times: 1 }]);
    assert.deepEqual(await held(), ['case of somebody 5']);
    await other.usage.add([], [{ day: '2026-08-03', name: 'case of somebody', hidden: '#secret', times: 1 }]);
    assert.deepEqual(await held(), ['case of somebody 6']);
  });

  it('loses nothing where several servers add the same at once, in whatever order they counted', async () => {
    const kinds = Array.from({ length: 700 }, (_, at) => `tool-${at % 2 === 0 ? at : 1_000 - at}`);
    const servers = [store, other, store, other];
    for (let round = 0; round < 3; round++) {
      await Promise.all(
        servers.map(async (server, at) => {
          const counter = createAskedCounter((name) => `#${name}`);
          for (const tool of at % 2 === 0 ? kinds : kinds.toReversed()) {
            const { day, times: _times, ...asked } = count({ day: '2026-10-01', tool });
            counter.count({ ...asked, unknownName: `name ${tool}` }, day);
          }
          await counter.flush(server);
        }),
      );
    }
    const sums = await store.usage.asked('2026-10-01', '2026-10-01');
    assert.equal(sums.length, new Set(kinds).size);
    assert.ok(sums.every(({ times }) => times === 12));
    const names = await store.usage.unknownNames('2026-10-01', '2026-10-01', 12, 1_000);
    assert.equal(names.length, new Set(kinds).size);
  });

  it('is counted again, and once, where it could not be stored', async () => {
    const counter = createAskedCounter((name) => `#${name}`);
    const { day: _day, times: _times, ...asked } = count({ tool: 'again' });
    for (let time = 0; time < 4; time++) counter.count({ ...asked, unknownName: 'again' }, '2026-09-01');
    await assert.rejects(
      counter.flush({
        inOneTransaction: (work) =>
          store.inOneTransaction(async (inside) => {
            await work(inside);
            throw new Error('the connection breaks');
          }),
      }),
    );
    assert.deepEqual(await store.usage.perDay('2026-09-01', '2026-09-01'), []);
    counter.count({ ...asked, unknownName: 'again' }, '2026-09-01');
    await counter.flush(store);
    await counter.flush(store);
    assert.deepEqual(await store.usage.perDay('2026-09-01', '2026-09-01'), [{ day: '2026-09-01', times: 5 }]);
    assert.deepEqual(await store.usage.unknownNames('2026-09-01', '2026-09-01', 1, 10), [
      { name: 'again', times: 5 },
    ]);
  });

  it('holds of an answer that did not help its facts and nothing else, the newest first', async () => {
    for (const tool of ['trello', 'slack'])
      await store.usage.addUnhelpful({
        id: newId(),
        day: '2026-11-22',
        facts: { tool },
        verdict: 'not-allowed',
        policy: 'MoJ',
      });
    const [newest, ...older] = await other.usage.unhelpful(10);
    assert.deepEqual(newest?.facts, { tool: 'slack' });
    assert.equal(older.length, 1);
    assert.deepEqual(Object.keys(newest ?? {}).sort(), ['day', 'facts', 'id', 'policy', 'verdict']);
  });

  it('is forgotten before a day', async () => {
    await store.usage.forget('2026-11-22');
    assert.deepEqual(await store.usage.perDay('2026-01-01', '2026-12-31'), [{ day: '2026-11-22', times: 8 }]);
    assert.equal((await store.usage.unhelpful(10)).length, 2);
  });
});
