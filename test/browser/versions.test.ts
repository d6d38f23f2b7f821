import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { systemClock } from '#platform/clock.ts';
import { screenName, skipWithoutBrowser } from '#test/support/browser.ts';
import { memoryForBrowser, openPageAs } from '#test/support/browser-sign-in.ts';
import { shippedGuidance } from '#test/support/guidance.ts';
import { press, tabTo, typeInto } from '#test/support/keyboard.ts';
import { assertSound } from '#test/support/page-checks.ts';
import {
  changedGuidance,
  folderWith,
  keepVersion,
  startVersionServer,
  type VersionServer,
} from '#test/support/versions.ts';

const skip = skipWithoutBrowser;
const running = skip ? undefined : await start();
after(() => running?.close());
const baseUrl = running?.server.baseUrl ?? '';

async function start(): Promise<{ readonly server: VersionServer; readonly close: () => Promise<void> }> {
  const memory = await memoryForBrowser();
  const folder = folderWith(await shippedGuidance());
  const server = await startVersionServer({ memory, clock: systemClock(), folder });
  await keepVersion(memory.people, await changedGuidance('milder'));
  return {
    server,
    async close() {
      await server.close();
      await memory.close();
    },
  };
}

for (const [width, javaScript, version] of [
  [1280, true, 'milder'],
  [375, true, 'back'],
  [375, false, 'milder'],
] as const) {
  const how = screenName({ width, javaScript });
  const what = version === 'milder' ? 'a version' : 'an earlier version';
  test(`${what} is proposed by one person and published by another, by keyboard alone (${how})`, {
    skip,
  }, async () => {
    const screen = { width, height: 800, javaScript };
    const { hash } = version === 'milder' ? await changedGuidance('milder') : await shippedGuidance();
    const owner = await openPageAs(baseUrl, 'policy-owner', '/me', screen);
    await press(owner, 'a[href="/policy/versions"]');
    await owner.waitForURL(/\/policy\/versions$/);
    await assertSound(owner, javaScript);
    await press(owner, `a[href="/policy/versions/${hash}"]`);
    // The page asks again by itself until everything is worked out.
    await owner.locator('#words').waitFor({ timeout: 60_000 });
    await assertSound(owner, javaScript);
    const text = await owner.locator('main').innerText();
    assert.match(text, /What gets milder/);
    assert.match(text, /There are no saved answers that hold/);

    await typeInto(owner, '#on-day', '31');
    await press(owner, 'form[action$="/propose"] button');
    await owner.locator('.govuk-error-summary').waitFor();
    await assertSound(owner, javaScript);
    const errors = await owner.locator('.govuk-error-summary').innerText();
    assert.match(errors, /The first day must be a real date/);
    assert.equal(await owner.locator('#on-day').inputValue(), '31');
    await tabTo(owner, '#on-day');
    await owner.keyboard.press('Backspace');
    if (version === 'milder') {
      await tabTo(owner, 'input[name="acknowledged"]');
      await owner.keyboard.press('Space');
    }
    await typeInto(owner, '#words', 'Agreed in the meeting of November.');
    await press(owner, 'form[action$="/propose"] button');
    await owner.getByText('so a second person has to decide').waitFor();
    await assertSound(owner, javaScript);
    assert.equal(await owner.locator('form[action$="/agree"]').count(), 0);

    const second = await openPageAs(baseUrl, 'administrator', '/me', screen);
    assert.match(
      await second.locator('main').innerText(),
      /A version of the guidance that Sam Policy owner proposed/,
    );
    await press(second, `a[href="/policy/versions/${hash}"]`);
    await second.locator('form[action$="/agree"]').waitFor();
    await assertSound(second, javaScript);
    assert.match(await second.locator('main').innerText(), /Agreed in the meeting of November\./);
    await press(second, 'button[formaction$="/refuse"]');
    await second.locator('.govuk-error-summary').waitFor();
    assert.match(await second.locator('.govuk-error-summary').innerText(), /Enter why you refuse it/);
    await press(second, 'form[action$="/agree"] button:not([formaction])');
    await second.getByText('In force since').waitFor();
    await assertSound(second, javaScript);
    assert.match(
      await second.locator('.app-footer__policy').innerText(),
      version === 'milder' ? /milder/ : /2026-11/,
    );
    await owner.context().close();
    await second.context().close();
  });
}

test('one situation is shown under both versions, side by side', { skip }, async () => {
  for (const width of [1280, 375]) {
    const page = await openPageAs(baseUrl, 'policy-owner', '/me', { width, height: 800 });
    const { hash } = await shippedGuidance();
    await page.goto(`/policy/versions/${hash}`);
    const example = page.locator('.app-version-change a').first();
    await example.waitFor({ timeout: 60_000 });
    await example.click();
    await page.waitForURL(/\/situation\?/);
    await assertSound(page, true);
    assert.match(await page.locator('main').innerText(), /Before: milder[\s\S]*After: 2026-11/);
    await page.context().close();
  }
});
