import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildTable } from '#domain/decision/table.ts';
import { smallPacks } from '#test/engine/small-packs.ts';
import { testDay, testNeeds } from '#test/support/guidance.ts';
import { buildAsking, likelyAnswers, type Place } from './asking.ts';
import { bestOrder, lengthsOf, rankedOrder, type Strategy } from './length.ts';
import { buildReport } from './report.ts';

type Means = (stated: ReadonlyMap<string, string>) => number;

test('means and the fewest pages possible are what going through every partial answer gives', () => {
  fc.assert(
    fc.property(smallPacks, (pack) => {
      const table = buildTable(pack, testDay);
      const tool = pack.tools.get('kettle') ?? null;
      const asking = buildAsking(table, pack);
      // By the definition, and without taking two partial answers for one.
      const meansOf = (choose: (place: Place, meanOf: Means) => number): Means => {
        const known = new Map<string, number>();
        const meanOf: Means = (stated) => {
          const key = [...stated].sort().join();
          const held = known.get(key);
          if (held !== undefined) return held;
          const place = buildAsking(table, pack).placeOf(stated, tool);
          const mean = place.verdict === null ? choose(place, meanOf) : 0;
          known.set(key, mean);
          return mean;
        };
        return meanOf;
      };
      const after = (place: Place, index: number, meanOf: Means): number => {
        const page = place.pages[index];
        if (page === undefined) throw new Error('no such page');
        return likelyAnswers(table, pack, place.situation, page).reduce(
          (sum, { facts, chance }) => sum + chance * meanOf(new Map([...place.situation.stated, ...facts])),
          1,
        );
      };
      const fewest = meansOf((place, meanOf) =>
        Math.min(...place.pages.map((_, index) => after(place, index, meanOf))),
      );
      const ranked = meansOf((place, meanOf) => after(place, place.next, meanOf));
      const start = new Map([['tool', 'kettle']]);
      const place = asking.placeOf(start, tool);
      const mean = (strategy: Strategy): number =>
        lengthsOf(asking, strategy)(place).reduce((sum, { pages, chance }) => sum + pages * chance, 0);
      assert.ok(Math.abs(mean(bestOrder(asking).strategy) - fewest(start)) < 1e-9);
      assert.ok(Math.abs(mean(rankedOrder) - ranked(start)) < 1e-9);
    }),
    { numRuns: 40 },
  );
});

test('the pack that ships is asked in at most 5 % more pages than the fewest possible', async () => {
  const policy = (await testNeeds()).policy();
  const { priors, overFewest } = buildReport(policy.tableOn(testDay), policy.pack, []);
  assert.ok(
    overFewest['most telling first'].afterTool < 0.05,
    `${overFewest['most telling first'].afterTool}`,
  );
  const shares = Object.values(priors['most telling first']).reduce((sum, row) => sum + (row?.share ?? 0), 0);
  assert.ok(Math.abs(shares - 2) < 1e-6, `everybody comes to some end: ${shares}`);
});
