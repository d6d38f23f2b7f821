import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { letterOf } from '#domain/notices/letter.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { fewerScreens, openPage, screenName, skipWithoutBrowser } from '#test/support/browser.ts';
import { memoryForBrowser, openPageAs } from '#test/support/browser-sign-in.ts';
import { chooseByKeyboard, press, tabTo } from '#test/support/keyboard.ts';
import { actorOf, scriptedWay, someWords, tell } from '#test/support/notices.ts';
import { assertSound } from '#test/support/page-checks.ts';
import { sendOneNotice } from '#usecases/notices/send-notices.ts';
import { createLetterPrinter } from '#web/notices/letter-html.ts';

const skip = skipWithoutBrowser;
const app: TestApp | undefined = skip ? undefined : await startApp({ memory: await memoryForBrowser() });
after(() => app?.close());
const baseUrl = app?.baseUrl ?? '';

const refusing = scriptedWay([
  { outcome: 'never', problem: 'the mail server said at RCPT TO: 550 5.1.1 No such user' },
]).way;

for (const screen of fewerScreens) {
  const { javaScript } = screen;
  const how = screenName(screen);

  test(`somebody reads their notices, chooses how to get them and has a test sent, by keyboard alone (${how})`, {
    skip,
  }, async () => {
    assert.ok(app !== undefined);
    const { memory } = app;
    const asker = await actorOf(memory, 'asker');
    await tell(memory.sending, asker.id);
    const page = await openPageAs(baseUrl, 'asker', '/me/notices', screen);
    await assertSound(page, javaScript);
    await press(page, '.app-post-button button:has-text("Send me a test")');
    await page.waitForURL(/done=test/);
    await assertSound(page, javaScript);
    assert.match(
      await page.locator('main').innerText(),
      /A test notice is put into the outbox of this service\. No email is sent\./,
    );
    const choice = javaScript ? 'daily' : 'page-only';
    await chooseByKeyboard(page, choice);
    await press(page, 'form[action="/me/notices"] button');
    await page.waitForURL(/done=chosen/);
    await assertSound(page, javaScript);
    assert.equal(await page.locator(`input[value="${choice}"]`).isChecked(), true);
    assert.match(await page.locator('main').innerText(), /In your daily notice of|Only on this page/);
    await chooseByKeyboard(page, 'at-once');
    await press(page, 'form[action="/me/notices"] button');
    await page.locator('input[value="at-once"]:checked').waitFor();
    await page.context().close();
  });

  test(`an administrator finds what was given up, reads it and has it tried again, by keyboard alone (${how})`, {
    skip,
  }, async () => {
    assert.ok(app !== undefined);
    const { memory } = app;
    const owner = await actorOf(memory, 'policy-owner');
    const words = { ...someWords, subject: `Your answer about Trello has changed (${how})` };
    const id = await tell(memory.sending, owner.id, words);
    while (await sendOneNotice({ ...memory.sending, way: refusing }, () => {}));
    const page = await openPageAs(baseUrl, 'administrator', '/notices', screen);
    await assertSound(page, javaScript);
    await tabTo(page, '#state');
    await page.keyboard.type('Given up');
    await press(page, 'form[action="/notices"] button');
    await page.waitForURL(/state=given-up/);
    await assertSound(page, javaScript);
    await press(page, `a[href="/notices/${id}"]`);
    await page.waitForURL(new RegExp(`/notices/${id}$`));
    await assertSound(page, javaScript);
    assert.match(await page.locator('main').innerText(), /550 5\.1\.1 No such user/);
    await press(page, 'form[action$="/again"] button');
    await page.locator('main').getByText('Waiting', { exact: true }).waitFor();
    await assertSound(page, javaScript);
    await page.context().close();
  });

  test(`a notice can be read in a mail program (${how})`, { skip }, async () => {
    assert.ok(app !== undefined);
    const page = await openPage('http://localhost', screen);
    for (const words of [
      someWords,
      {
        subject: `2 notices for ${'you'.repeat(20)}`,
        paragraphs: [],
        link: null,
        items: [
          { text: 'A first', path: '/receipts/K7PM-3QX4-T' },
          { text: 'One <b>without</b> a link', path: null },
        ],
      },
    ]) {
      const letter = letterOf({ toName: 'Alex Asker', personId: '1', words }, app.memory.sending.frame);
      await page.setContent(createLetterPrinter()(letter));
      await assertSound(page, javaScript);
      assert.ok((await page.locator('body').innerText()).includes('Hello Alex Asker'));
      assert.equal(await page.locator('b').count(), 0);
    }
    await page.context().close();
  });
}
