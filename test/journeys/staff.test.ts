import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { isPermission, type Verdict } from '#domain/shared/verdict.ts';
import { startApp } from '#test/support/app.ts';
import { type Journey, walk } from '#test/support/asker.ts';
import { answerTo } from '#test/support/guidance.ts';
import { factsIn } from '#web/ask/address.ts';

const { baseUrl, needs, close } = await startApp();
after(close);

const file = fs.readFileSync(path.join(import.meta.dirname, 'staff-journeys.yaml'), 'utf8');
const { journeys } = parse(file) as { journeys: readonly Journey[] };

test('there are 30 journeys', () => assert.equal(journeys.length, 30));

for (const journey of journeys) {
  test(`${journey.id}: ${journey.who} gets ${journey.verdict}`, async () => {
    const { pages, url, html } = await walk(baseUrl, needs.policy().pack, journey);
    const facts = factsIn(Object.fromEntries(url.searchParams));
    const answer = answerTo(needs, facts);
    assert.equal(answer.verdict, journey.verdict, JSON.stringify(facts));
    assert.ok(answer.settled, `not settled: ${JSON.stringify(facts)}`);
    assert.match(html, new RegExp(`data-verdict="${journey.verdict}"`));
    const shown = new Set(
      [...answer.conditions, ...answer.nextSteps, ...answer.standing].map(({ id }) => id),
    );
    assert.deepEqual(
      journey.tags.filter((tag) => !shown.has(tag)),
      [],
      'conditions and next steps that are missing',
    );
    const cited = new Set(
      [...answer.reasons, ...answer.conditions, ...answer.nextSteps, ...answer.standing].flatMap(
        ({ citations }) => citations.map(({ clause }) => clause),
      ),
    );
    assert.deepEqual(
      journey.cites.filter((clause) => !cited.has(clause)),
      [],
      'clauses that are missing',
    );
    const most = isPermission(journey.verdict as Verdict) ? 6 : journey.verdict === 'not-allowed' ? 3 : 15;
    assert.ok(pages.length <= most, `${pages.length} pages: ${pages.join(' ')}`);
  });
}
