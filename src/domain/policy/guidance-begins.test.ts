import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shippedGuidance } from '#test/support/guidance.ts';
import { guidanceBegins } from './guidance-begins.ts';

const { pack } = (await shippedGuidance()).parsed;
const [document] = pack?.documents.values() ?? [];
assert.ok(document);

const cases: readonly (readonly [dated: readonly (string | null)[], begins: string | undefined])[] = [
  [[null, '2018-03'], '2018-03-01'],
  [['2018-03-02', '2018-03'], '2018-03-01'],
  [['2019-01-05', '2018-12-31'], '2018-12-31'],
  [[null], undefined],
  [[], undefined],
];
for (const [dated, begins] of cases) {
  test(`guidance from documents of ${JSON.stringify(dated)} begins on ${begins ?? 'no day that is known'}`, () => {
    const documents = new Map(dated.map((day, index) => [`D${index}`, { ...document, dated: day }]));
    assert.equal(guidanceBegins({ documents }), begins);
  });
}
