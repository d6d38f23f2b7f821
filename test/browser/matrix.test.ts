import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startApp, type TestApp } from '#test/support/app.ts';
import { openPage, skipWithoutBrowser } from '#test/support/browser.ts';
import { assertAsWideAsScreen, axeViolations } from '#test/support/page-checks.ts';

describe('which tool for which information, in a browser', { skip: skipWithoutBrowser }, () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.close());

  for (const width of [1280, 375, 320]) {
    it(`has no violation that axe finds at ${width} pixels, and nothing beyond the edge`, async () => {
      const page = await openPage(app.baseUrl, { width });
      for (const path of ['/matrix', '/matrix?purpose=share-transfer&account=none', '/matrix?account=mine']) {
        await page.goto(path);
        await assertAsWideAsScreen(page);
        assert.deepEqual(await axeViolations(page), [], path);
      }
      await page.context().close();
    });
  }

  for (const javaScript of [true, false]) {
    it(`shows other answers for another account by keyboard alone, ${javaScript ? 'with' : 'without'} scripts`, async () => {
      const page = await openPage(app.baseUrl, { width: 375, javaScript });
      await page.goto('/tools');
      await page.getByRole('link', { name: 'Which tool for which information' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/matrix$/);
      await page.getByLabel('Account').focus();
      // The third on the list: an account of one's own.
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.getByRole('button', { name: 'Show the answers' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/account=personal/);
      assert.equal(await page.getByLabel('Account').inputValue(), 'personal');
      const cell = page.getByRole('link', { name: /^No ?: Slack, OFFICIAL$/ });
      await cell.focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/answer\?/);
      assert.equal(await page.locator('[data-verdict]').getAttribute('data-verdict'), 'not-allowed');
      await page.context().close();
    });
  }

  it('scrolls the table by keyboard on a narrow screen, and keeps the names of the tools in sight', async () => {
    const page = await openPage(app.baseUrl, { width: 375 });
    await page.goto('/matrix');
    const region = page.getByRole('region', { name: 'Which tool for which information' });
    const tool = region.getByRole('rowheader', { name: /^Slack/ });
    const left = (await tool.boundingBox())?.x;
    await region.focus();
    for (let times = 0; times < 10; times++) await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => {
      const { document } = globalThis as unknown as {
        document: { querySelector: (selector: string) => { scrollLeft: number } };
      };
      return document.querySelector('.app-matrix').scrollLeft > 200;
    });
    assert.equal((await tool.boundingBox())?.x, left);
    await page.context().close();
  });

  it('puts the focus on what is wrong with the form', async () => {
    const page = await openPage(app.baseUrl);
    await page.goto('/matrix?account=mine');
    await page.getByRole('link', { name: /is not on the list/ }).click();
    assert.equal(await page.evaluate('document.activeElement.id'), 'account');
    await page.context().close();
  });
});
