import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startApp, type TestApp } from '#test/support/app.ts';
import { fewerScreens, openPage, screenName, skipWithoutBrowser } from '#test/support/browser.ts';
import { memoryForBrowser, openPageAs, signInAs } from '#test/support/browser-sign-in.ts';
import { press, typeInto } from '#test/support/keyboard.ts';
import { ordinaryTrello } from '#test/support/ordinary-trello.ts';
import { assertShows, assertSound } from '#test/support/page-checks.ts';

const skip = skipWithoutBrowser;
const app: TestApp | undefined = skip ? undefined : await startApp({ memory: await memoryForBrowser() });
after(() => app?.close());
const baseUrl = app?.baseUrl ?? '';

const answer = `/answer?${new URLSearchParams(ordinaryTrello)}`;

for (const screen of fewerScreens) {
  const { javaScript } = screen;
  const how = screenName(screen);
  test(`an answer is saved, checked by somebody else, replaced and withdrawn, by keyboard alone (${how})`, {
    skip,
  }, async () => {
    const page = await openPage(baseUrl, screen);
    await page.goto(answer);
    await press(page, 'a[href^="/receipts/new"]');
    await page.waitForURL(/\/sign-in\?return=/);
    await signInAs(page, 'asker');
    await page.waitForURL(/\/receipts\/new\?/);
    await assertSound(page, javaScript);
    await typeInto(page, '#words', 'The board could be lost for a day.');
    await press(page, 'form[action="/receipts"] button');
    await page.waitForURL(/\/receipts\/[A-Z0-9]{4}-/);
    await assertSound(page, javaScript);
    await assertShows(page, 'Still holds', 'It is genuine', 'The board could be lost for a day.');
    const text = await page.locator('main').innerText();
    const reference = /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]/.exec(text)?.[0] ?? '';

    const other = await openPage(baseUrl, screen);
    await other.goto('/receipts/check');
    await signInAs(other, 'line-manager');
    await other.waitForURL(/\/receipts\/check$/);
    await typeInto(other, '#reference', 'K7PM-3QX4-A');
    await other.keyboard.press('Enter');
    await other.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await assertSound(other, javaScript);
    await typeInto(other, '#reference', reference.toLowerCase().replaceAll('-', ' '));
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
    assert.match(await other.locator('main').innerText(), /replaced it by a newer one/);
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
  const page = await openPageAs(baseUrl, 'asker', '/me');
  await page.goto(answer.replace('/answer', '/receipts/new'));
  await page.locator('form[action="/receipts"] button').click();
  await page.waitForURL(/\/receipts\/[A-Z0-9]{4}-/);
  const pdf = await page.pdf({ format: 'A4', printBackground: false });
  assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length, 1);
  await page.context().close();
});
