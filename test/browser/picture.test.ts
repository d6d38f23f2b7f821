import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startApp, type TestApp } from '#test/support/app.ts';
import { openPage, skipWithoutBrowser } from '#test/support/browser.ts';
import { assertAsWideAsScreen, axeViolations } from '#test/support/page-checks.ts';

describe('the rules as a picture, in a browser', { skip: skipWithoutBrowser }, () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.close());

  for (const width of [1280, 375, 320]) {
    it(`has no violation that axe finds at ${width} pixels, and nothing beyond the edge`, async () => {
      const page = await openPage(app.baseUrl, { width });
      for (const path of ['/policy/picture', '/policy/picture?kind=email', '/policy/picture?kind=magic']) {
        await page.goto(path);
        await assertAsWideAsScreen(page);
        assert.deepEqual(await axeViolations(page), [], path);
      }
      await page.context().close();
    });
  }

  it('keeps every text inside its box, and needs no scrolling to the side at 1280 pixels', async () => {
    const page = await openPage(app.baseUrl);
    for (const { id } of app.needs.policy().pack.facts.get('toolKind')?.values ?? []) {
      await page.goto(`/policy/picture?kind=${id}`);
      const outside =
        await page.evaluate(`[...document.querySelectorAll('.app-picture g')].flatMap((group) => {
        const box = group.querySelector('rect').getBBox();
        return [...group.querySelectorAll('text')].filter((text) => {
          const { x, y, width, height } = text.getBBox();
          return x < box.x || y < box.y || x + width > box.x + box.width || y + height > box.y + box.height;
        }).map((text) => text.textContent);
      })`);
      assert.deepEqual(outside, [], id);
      const hidden = await page.evaluate(
        `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.app-picture'))`,
      );
      assert.equal(hidden, 0, id);
    }
    await page.context().close();
  });

  for (const javaScript of [true, false]) {
    it(`shows another kind of tool by keyboard alone, ${javaScript ? 'with' : 'without'} scripts`, async () => {
      const page = await openPage(app.baseUrl, { width: 375, javaScript });
      await page.goto('/policy/picture');
      await page.getByLabel('Kind of tool').focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('button', { name: 'Show this kind' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/kind=social-media/);
      await page.getByRole('img', { name: 'How facts lead to answers: Social media' }).waitFor();
      await page.getByRole('link', { name: 'The same in words' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/#in-words$/);
      await page.context().close();
    });
  }
});
