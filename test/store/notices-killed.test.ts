import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { killBetween } from '#test/fault/kill-between.ts';
import { ways } from '#test/fault/receivers.ts';
import { onBothDatabases, type TestDatabase } from '#test/support/databases.ts';

// `npm run kill` does it a hundred times: docs/reference/notices.md has what came of it.
const rounds = 2;

onBothDatabases('a service that is killed between saying yes and sending', (kind) => {
  let databases: readonly TestDatabase[];
  before(async () => {
    databases = await Promise.all(ways.map(() => kind.create()));
  });
  after(() => Promise.all(databases.map(({ remove }) => remove())));

  for (const [index, way] of ways.entries())
    it(`loses no notice and repeats none without reason (${way})`, async () => {
      const { place } = databases[index] as TestDatabase;
      const report = await killBetween({ place, way, rounds, endsClaims: true });
      assert.deepEqual(
        [report.acknowledged, report.arrived, report.lost, report.twiceWithoutReason, report.eventsTooMany],
        [rounds, rounds, 0, 0, 0],
        JSON.stringify(report),
      );
      if (way !== 'smtp') assert.equal(report.twice, 0);
    });
});
