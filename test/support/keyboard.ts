import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let press = 0; press < 120; press++) {
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never reaches ${selector} at ${page.url()}`);
}

/** Goes to a link, a button or what unfolds with Tab, and presses Enter. What comes of it is the caller's to wait for. */
export async function press(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press('Enter');
}

/** Goes to a field with Tab and types, in place of what is in it. */
export async function typeInto(page: Page, selector: string, text: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

/** Chooses one of some radios with the arrows. */
export async function chooseByKeyboard(page: Page, option: string): Promise<void> {
  const name = await page.locator(`input[value="${option}"]`).getAttribute('name');
  await tabTo(page, `input[name="${name}"]`);
  for (let press = 0; press < 15; press++) {
    if ((await page.locator(`input[value="${option}"]:focus`).count()) > 0) {
      await page.keyboard.press('Space');
      assert.equal(await page.locator(`input[value="${option}"]`).isChecked(), true);
      return;
    }
    await page.keyboard.press('ArrowDown');
  }
  assert.fail(`the arrows never reach ${option}`);
}
