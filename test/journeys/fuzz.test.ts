import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { fuzz } from '#test/fuzz/run.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { onBothDatabases, type TestDatabase } from '#test/support/databases.ts';

const count = 3_000;

onBothDatabases('malformed requests', (kind) => {
  let app: TestApp;
  let database: TestDatabase;
  before(async () => {
    database = await kind.create();
    const { databaseUrl } = database.place;
    app = await startApp({ env: databaseUrl === null ? {} : { DATABASE_URL: databaseUrl } });
  });
  after(async () => {
    await app.close();
    await database.remove();
  });

  // `npm run fuzz` sends as many as are wanted.
  it(`are all answered, none with a failure of ours: ${count} of them, to every call and every form`, async () => {
    const { statuses, findings, calls, forms } = await fuzz({
      baseUrl: app.baseUrl,
      seed: 20_261_122,
      count,
      tokensEndOn: '2026-12-31',
    });
    assert.deepEqual(findings, []);
    assert.ok(calls >= 14 && forms >= 30, `${calls} calls, ${forms} forms`);
    // Those that are rarer than one in a few hundred, such as 413, have tests of their own.
    for (const status of [200, 302, 303, 400, 401, 403, 404, 405, 415, 422])
      assert.ok(statuses.has(status), `no answer with ${status}: ${JSON.stringify([...statuses])}`);
    assert.equal((await fetch(`${app.baseUrl}/health`)).status, 200);
  });
});
