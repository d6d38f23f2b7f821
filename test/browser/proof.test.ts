import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startApp, type TestApp } from '#test/support/app.ts';
import { openPage, skipWithoutBrowser } from '#test/support/browser.ts';
import { assertAsWideAsScreen, axeViolations } from '#test/support/page-checks.ts';

const timeout = 20_000;

describe('the page of what is proved, in a browser', { skip: skipWithoutBrowser }, () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.close());

  it('shows itself when it is worked out, without scripts', async () => {
    const page = await openPage(app.baseUrl, { width: 375, javaScript: false });
    await page.goto('/policy/proof');
    await page.getByText('Every promise holds').waitFor({ timeout });
    await page.context().close();
  });

  for (const width of [1280, 375, 320]) {
    it(`has no violation that axe finds at ${width} pixels, and nothing beyond the edge`, async () => {
      const page = await openPage(app.baseUrl, { width });
      await page.goto('/policy/proof');
      await page.getByText('Every promise holds').waitFor({ timeout });
      await assertAsWideAsScreen(page);
      assert.deepEqual(await axeViolations(page), []);
      await page.context().close();
    });
  }

  it('leads to the answer of a situation by keyboard alone', async () => {
    const page = await openPage(app.baseUrl);
    await page.goto('/policy/proof');
    await page.getByText('Every promise holds').waitFor({ timeout });
    const summary = page.locator('summary').first();
    await summary.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/answer\?/);
    assert.equal(await page.locator('[data-verdict]').getAttribute('data-verdict'), 'get-guidance');
    await page.context().close();
  });
});
