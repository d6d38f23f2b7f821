import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openPage, skipWithoutBrowser } from '#test/support/browser.ts';
import { shippedGuidance, testDay } from '#test/support/guidance.ts';
import { axeViolations, overflowOf } from '#test/support/page-checks.ts';
import { checkGuidance } from '#usecases/check-guidance.ts';
import { writePolicyBook } from '#usecases/policy-book.ts';

describe('the policy book, in a browser', { skip: skipWithoutBrowser }, async () => {
  const guidance = await shippedGuidance();
  assert.ok(guidance.ready !== null);
  const { pack } = guidance.ready.policy;
  const checked = checkGuidance(guidance, testDay);
  const book = writePolicyBook({ pack, hash: guidance.hash, checked, on: testDay });

  it('is no wider than a screen or a phone, and axe-core finds nothing', async () => {
    const page = await openPage('http://localhost', { width: 1280, height: 900 });
    await page.setContent(book);
    assert.equal(await overflowOf(page), 0);
    await page.setViewportSize({ width: 375, height: 667 });
    assert.equal(await overflowOf(page), 0);
    assert.deepEqual(await axeViolations(page), []);
    await page.context().close();
  });
});
