import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { axeViolations, openPage, overflowOf, skipWithoutBrowser, tabTo } from '#test/support/browser.ts';
import { testMemory } from '#test/support/memory.ts';
import { ordinaryTrello } from '#test/support/ordinary-trello.ts';

const skip = skipWithoutBrowser;
const app: TestApp | undefined = skip ? undefined : await start();
after(() => app?.close());
const baseUrl = app?.baseUrl ?? '';

async function start(): Promise<TestApp> {
  const read = readConfig({});
  assert.ok(read.ok);
  // A browser lets no cookie live longer than its own clock says, so the service has the same.
  return startApp({ memory: await testMemory(read.config, systemClock()) });
}

const answer = `/answer?${new URLSearchParams(ordinaryTrello)}`;

async function assertSound(page: Page, javaScript: boolean): Promise<void> {
  assert.equal(await page.locator('h1').count(), 1, page.url());
  if (javaScript) assert.deepEqual(await axeViolations(page), [], page.url());
  assert.equal(await overflowOf(page), 0, `pixels too wide: ${page.url()}`);
}

async function press(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press('Enter');
}

async function signInAs(page: Page, person: string): Promise<void> {
  await page.locator(`input[value="${person}"]`).check();
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

for (const [width, javaScript] of [
  [1280, true],
  [375, true],
  [375, false],
] as const) {
  const how = `${width} pixels, ${javaScript ? 'with' : 'without'} JavaScript`;
  test(`an answer is saved, checked by somebody else, replaced and withdrawn, by keyboard alone (${how})`, {
    skip,
  }, async () => {
    const screen = { width, height: 800, javaScript };
    const page = await openPage(baseUrl, screen);
    await page.goto(answer);
    await press(page, 'a[href^="/receipts/new"]');
    await page.waitForURL(/\/sign-in\?return=/);
    await signInAs(page, 'asker');
    await page.waitForURL(/\/receipts\/new\?/);
    await assertSound(page, javaScript);
    await tabTo(page, '#words');
    await page.keyboard.type('The board could be lost for a day.');
    await press(page, 'form[action="/receipts"] button');
    await page.waitForURL(/\/receipts\/[A-Z0-9]{4}-/);
    await assertSound(page, javaScript);
    const text = await page.locator('main').innerText();
    for (const part of ['Still holds', 'It is genuine', 'The board could be lost for a day.'])
      assert.ok(text.includes(part), part);
    const reference = /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]/.exec(text)?.[0] ?? '';

    const other = await openPage(baseUrl, screen);
    await other.goto('/receipts/check');
    await signInAs(other, 'line-manager');
    await other.waitForURL(/\/receipts\/check$/);
    await tabTo(other, '#reference');
    await other.keyboard.type('K7PM-3QX4-A');
    await other.keyboard.press('Enter');
    await other.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await assertSound(other, javaScript);
    await tabTo(other, '#reference');
    await other.keyboard.press('Control+A');
    await other.keyboard.type(reference.toLowerCase().replaceAll('-', ' '));
    await other.keyboard.press('Enter');
    await other.waitForURL(new RegExp(`/receipts/${reference}$`));
    await assertSound(other, javaScript);

    await press(page, 'a[href*="supersedes="]');
    await page.waitForURL(/\/receipts\/new\?/);
    await press(page, 'form[action="/receipts"] button');
    await page.waitForURL(
      (url) => /\/receipts\/[A-Z0-9]{4}-/.test(url.pathname) && !url.pathname.endsWith(reference),
    );
    await other.reload();
    assert.match(await other.locator('main').innerText(), /replaced by a newer one/);
    await press(page, 'form[action$="/withdraw"] button');
    await page.getByText('withdrew this answer').waitFor();
    await assertSound(page, javaScript);
    await page.goto('/receipts?filter=all');
    await assertSound(page, javaScript);
    assert.match(await page.locator('main').innerText(), /Withdrawn[\s\S]*Replaced/);
    await page.context().close();
    await other.context().close();
  });
}

test('a saved answer is printed on one page', { skip }, async () => {
  const page = await openPage(baseUrl);
  await page.goto('/sign-in?return=%2Fme');
  await signInAs(page, 'asker');
  await page.goto(answer.replace('/answer', '/receipts/new'));
  await page.locator('form[action="/receipts"] button').click();
  await page.waitForURL(/\/receipts\/[A-Z0-9]{4}-/);
  const pdf = await page.pdf({ format: 'A4', printBackground: false });
  assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length, 1);
  await page.context().close();
});
