import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startApp, type TestApp } from '#test/support/app.ts';
import { openPage, screenName, screens, skipWithoutBrowser } from '#test/support/browser.ts';
import { memoryForBrowser, signInByKeyboard } from '#test/support/browser-sign-in.ts';
import { chooseByKeyboard, press, typeInto } from '#test/support/keyboard.ts';
import { ordinaryTrello } from '#test/support/ordinary-trello.ts';
import { assertShows, assertSound } from '#test/support/page-checks.ts';

const skip = skipWithoutBrowser;
const app: TestApp | undefined = skip ? undefined : await startApp({ memory: await memoryForBrowser() });
after(() => app?.close());
const baseUrl = app?.baseUrl ?? '';

const answer = `/answer?${new URLSearchParams({ ...ordinaryTrello, damagingIfLost: 'true' })}`;
const permitted = `/answer?${new URLSearchParams(ordinaryTrello)}`;

for (const screen of screens) {
  const { javaScript } = screen;
  const how = screenName(screen);

  /** Asks Lee Manager from the page of the answer; the page then shows the question. */
  async function ask(page: Page): Promise<string> {
    await page.goto(answer);
    await press(page, 'a.govuk-link:has-text("Ask your line manager")');
    await page.waitForURL(/\/answer\/draft\/line-manager\?/);
    await assertSound(page, javaScript);
    await press(page, 'a[href^="/line-manager/ask"]');
    await page.waitForURL(/\/sign-in\?|\/line-manager\/ask\?/);
    if (page.url().includes('/sign-in')) await signInByKeyboard(page, 'asker');
    await page.waitForURL(/\/line-manager\/ask\?/);
    await assertSound(page, javaScript);
    await typeInto(page, '#managerName', 'Lee Manager');
    await typeInto(page, '#managerAddress', 'line-manager@trial');
    await typeInto(page, '#note', 'The team has no board.');
    await press(page, 'form[action="/line-manager/ask"] button');
    await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await assertSound(page, javaScript);
    assert.equal(await page.locator('#note').inputValue(), 'The team has no board.');
    await typeInto(page, '#managerAddress', 'line-manager@trial.invalid');
    await press(page, 'form[action="/line-manager/ask"] button');
    await page.waitForURL(/\/asked\/[0-9a-f-]+$/);
    await assertSound(page, javaScript);
    await assertShows(page, 'Waiting', 'Lee Manager has not answered yet', 'The team has no board.');
    return new URL(page.url()).pathname.replace('/asked/', '');
  }

  /** Opens a question as the manager and chooses what to do with it. */
  async function choose(page: Page, id: string, choice: string): Promise<void> {
    await page.goto(`/line-manager/${id}`);
    await assertSound(page, javaScript);
    await assertShows(
      page,
      'What to weigh before you answer',
      'You cannot lift a prohibition',
      'The team has no board.',
    );
    await chooseByKeyboard(page, choice);
    await press(page, 'form[action$="/answer"] button');
    await page.waitForURL(new RegExp(`/answer\\?choice=${choice}$`));
    await assertSound(page, javaScript);
  }

  test(`a line manager is asked, gives the go-ahead, and the asker reads what it comes to, by keyboard alone (${how})`, {
    skip,
  }, async () => {
    const [page, lee] = [await openPage(baseUrl, screen), await openPage(baseUrl, screen)];
    const id = await ask(page);
    await lee.goto(`/line-manager/${id}`);
    await lee.waitForURL(/\/sign-in\?return=/);
    await signInByKeyboard(lee, 'line-manager');
    await lee.waitForURL(new RegExp(`/line-manager/${id}$`));
    await press(lee, 'form[action$="/answer"] button');
    await lee.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await assertSound(lee, javaScript);
    await choose(lee, id, 'go-ahead');
    await typeInto(lee, '#until-year', '2042');
    await typeInto(lee, '#words', 'Fine for the board.');
    await press(lee, 'form[action$="/answer"] button');
    await lee.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await assertSound(lee, javaScript);
    assert.equal(await lee.locator('#words').inputValue(), 'Fine for the board.');
    const nextYear = new Date(Date.now() + 300 * 86_400_000).getUTCFullYear();
    await typeInto(lee, '#until-day', '1');
    await typeInto(lee, '#until-month', String(new Date(Date.now() + 300 * 86_400_000).getUTCMonth() + 1));
    await typeInto(lee, '#until-year', String(nextYear));
    await press(lee, 'form[action$="/answer"] button');
    await lee.waitForURL(new RegExp(`/line-manager/${id}$`));
    await assertSound(lee, javaScript);
    await assertShows(lee, 'Lee Manager gave the go-ahead on');

    await page.reload();
    await assertSound(page, javaScript);
    await assertShows(page, 'Go-ahead', 'Fine for the board.', 'You can use Trello');
    await press(page, 'a[href^="/receipts/"]');
    await page.waitForURL(/\/receipts\//);
    await assertSound(page, javaScript);
    await assertShows(page, 'Lee Manager gave the go-ahead on', 'It is genuine');
    await page.goto('/asked');
    await assertSound(page, javaScript);

    await lee.goto('/line-manager');
    await assertSound(lee, javaScript);
    await assertShows(lee, 'What you decided', 'Go-ahead');
    await press(lee, `a[href="/line-manager/${id}"]`);
    await lee.waitForURL(new RegExp(`/line-manager/${id}$`));
    await press(lee, 'a[href$="choice=taken-back"]');
    await lee.waitForURL(/choice=taken-back$/);
    await assertSound(lee, javaScript);
    await press(lee, 'form[action$="/answer"] button');
    await lee.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await assertSound(lee, javaScript);
    await typeInto(lee, '#words', 'The supplier was bought.');
    await press(lee, 'form[action$="/answer"] button');
    await lee.waitForURL(new RegExp(`/line-manager/${id}$`));
    await assertSound(lee, javaScript);
    await page.goto(`/asked/${id}`);
    await assertSound(page, javaScript);
    await assertShows(page, 'took the go-ahead back', 'The supplier was bought.', 'Do not use Trello');
    await page.context().close();
    await lee.context().close();
  });

  test(`what was typed for a line manager is given back where it comes to nothing (${how})`, {
    skip,
  }, async () => {
    const page = await openPage(baseUrl, screen);
    const id = await ask(page);
    await press(page, `form[action="/asked/${id}/withdraw"] button`);
    await page.getByText('You took this question back').waitFor();
    const form = `/line-manager/ask?${new URLSearchParams({ ...ordinaryTrello, damagingIfLost: 'true' })}`;
    const second = await page.context().newPage();
    for (const one of [page, second]) await one.goto(form);
    await typeInto(page, '#note', 'First words');
    await press(page, 'form[action="/line-manager/ask"] button');
    await page.waitForURL(/\/asked\/[0-9a-f-]+$/);
    await typeInto(second, '#note', 'Second words');
    await press(second, 'form[action="/line-manager/ask"] button');
    await second.getByRole('heading', { name: 'You have asked this before' }).waitFor();
    assert.equal(await second.locator('textarea', { hasText: 'Second words' }).count(), 1);
    await assertSound(second, javaScript);
    await press(second, `main a[href="${new URL(page.url()).pathname}"]`);
    await press(second, 'form[action$="/withdraw"] button');
    await second.getByText('You took this question back').waitFor();
    await page.goto(form);
    await typeInto(page, '#note', 'Third words');
    await second.goto('/me');
    await press(second, 'form[action="/sign-out"] button');
    await second.waitForURL(/signed-out/);
    await press(page, 'form[action="/line-manager/ask"] button');
    await page.getByRole('heading', { name: 'You need to sign in' }).waitFor();
    await assertShows(page, 'You are not signed in, or not any more');
    assert.equal(await page.locator('textarea', { hasText: 'Third words' }).count(), 1);
    await assertSound(page, javaScript);
    await page.context().close();
  });

  test(`a line manager asks for advice, refuses, passes on, and a question is taken back, by keyboard alone (${how})`, {
    skip,
  }, async () => {
    const [page, lee, sam] = [
      await openPage(baseUrl, screen),
      await openPage(baseUrl, screen),
      await openPage(baseUrl, screen),
    ];
    const first = await ask(page);
    await lee.goto(`/line-manager/${first}`);
    await signInByKeyboard(lee, 'line-manager');
    await choose(lee, first, 'advice');
    await press(lee, 'form[action$="/answer"] button');
    await lee.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await assertSound(lee, javaScript);
    await chooseByKeyboard(lee, 'security-mailbox');
    await typeInto(lee, '#words', 'Is the board safe?');
    await press(lee, 'form[action$="/answer"] button');
    await lee.waitForURL(new RegExp(`/line-manager/${first}$`));
    await page.reload();
    await assertSound(page, javaScript);
    await assertShows(page, 'Getting advice', 'MoJ security team', 'Is the board safe?');
    await choose(lee, first, 'refused');
    await typeInto(lee, '#words', 'Use Planner.');
    await press(lee, 'form[action$="/answer"] button');
    await lee.waitForURL(new RegExp(`/line-manager/${first}$`));
    await page.reload();
    await assertSound(page, javaScript);
    await assertShows(page, 'Refused', 'Use Planner.', 'Do not use Trello');

    const second = await ask(page);
    await choose(lee, second, 'pass-on');
    await typeInto(lee, '#managerName', 'Sam Owner');
    await typeInto(lee, '#managerAddress', 'policy-owner@trial.invalid');
    await press(lee, 'form[action$="/answer"] button');
    await lee.waitForURL(new RegExp(`/line-manager/${second}$`));
    await assertSound(lee, javaScript);
    await assertShows(lee, 'It is with Sam Owner now');
    await sam.goto(`/line-manager/${second}`);
    await signInByKeyboard(sam, 'policy-owner');
    await assertShows(sam, 'What do you want to do?');
    await page.reload();
    await press(page, 'form[action$="/withdraw"] button');
    await page.getByText('You took this question back').waitFor();
    await assertSound(page, javaScript);
    await sam.reload();
    await assertShows(sam, 'took this question back');
    await assertSound(sam, javaScript);
    for (const one of [page, lee, sam]) await one.context().close();
  });

  test(`a line manager is told of what is permitted, by keyboard alone (${how})`, { skip }, async () => {
    const page = await openPage(baseUrl, screen);
    await page.goto(permitted);
    await press(page, 'a[href^="/line-manager/tell"]');
    await signInByKeyboard(page, 'administrator');
    await page.waitForURL(/\/line-manager\/tell\?/);
    await assertSound(page, javaScript);
    await typeInto(page, '#managerName', 'Lee Manager');
    await typeInto(page, '#managerAddress', 'line-manager@trial.invalid');
    await press(page, 'form[action="/line-manager/tell"] button');
    await page.waitForURL(/\/receipts\/[A-Z0-9]{4}-/);
    await assertSound(page, javaScript);
    await assertShows(page, 'You told Lee Manager');
    await page.goto(permitted.replace('/answer', '/receipts/new'));
    await assertSound(page, javaScript);
    await press(page, 'button[formaction="/line-manager/tell"]');
    await page.waitForURL(/\/receipts\/[A-Z0-9]{4}-/);
    await assertShows(page, 'You told Lee Manager');
    await page.goto(permitted.replace('/answer', '/receipts/new'));
    await press(page, 'form[action="/receipts"] button:has-text("Save the answer")');
    await page.waitForURL(/\/receipts\/[A-Z0-9]{4}-/);
    await assertSound(page, javaScript);
    await press(page, 'form[action="/line-manager/tell"] button');
    await page.getByText('You told Lee Manager').waitFor();
    await page.context().close();
  });
}
