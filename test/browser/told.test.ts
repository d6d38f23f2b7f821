import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { fewerScreens, openPage, screenName, skipWithoutBrowser } from '#test/support/browser.ts';
import { memoryForBrowser, signInAs } from '#test/support/browser-sign-in.ts';
import { testNeeds } from '#test/support/guidance.ts';
import { press } from '#test/support/keyboard.ts';
import { ordinaryTrello } from '#test/support/ordinary-trello.ts';
import { assertSound } from '#test/support/page-checks.ts';
import { tellSomeChanges } from '#usecases/receipts/tell-changes.ts';

const skip = skipWithoutBrowser;
let shipped: Policy;
let policy: Policy;
const app: TestApp | undefined = skip ? undefined : await start();
after(() => app?.close());
const baseUrl = app?.baseUrl ?? '';

async function start(): Promise<TestApp> {
  const needs = await testNeeds();
  shipped = needs.policy();
  policy = shipped;
  return startApp({ needs: { ...needs, policy: () => policy }, memory: await memoryForBrowser() });
}

async function publish(next: Policy): Promise<void> {
  assert.ok(app);
  policy = next;
  const { people } = app.memory;
  const version = { hash: next.hash, label: next.pack.label, texts: () => [] };
  await people.store.policyVersions.keep(version, people.now().toISOString());
  while (await tellSomeChanges({ people, asking: app.needs, inForceHash: async () => next.hash }));
}

for (const screen of fewerScreens) {
  const { javaScript } = screen;
  const how = screenName(screen);
  test(`somebody whose answer changed finds out what and why, and asks again, by keyboard alone (${how})`, {
    skip,
  }, async () => {
    await publish(shipped);
    const page = await openPage(baseUrl, screen);
    await page.goto(`/receipts/new?${new URLSearchParams(ordinaryTrello)}`);
    await signInAs(page, 'asker');
    await page.waitForURL(/\/receipts\/new/);
    await press(page, 'form[action="/receipts"] button');
    await page.waitForURL(/\/receipts\/[A-Z0-9]{4}-/);
    const path = new URL(page.url()).pathname;
    const { pack } = shipped;
    const rules = pack.rules.map((rule) =>
      rule.verdict === 'allowed-with-conditions' ? { ...rule, verdict: 'not-allowed' as const } : rule,
    );
    await publish(compilePolicy({ ...pack, rules }, `stricter-${how}`));

    await page.goto('/me');
    await assertSound(page, javaScript);
    assert.match(await page.locator('#changed + ul').innerText(), /Do not use/);
    await press(page, 'a[href="/receipts/changes"]');
    await page.waitForURL(/\/receipts\/changes$/);
    await assertSound(page, javaScript);
    assert.match(await page.locator('main').innerText(), /What to do now: Stop using it for this/);
    await press(page, `a[href="${path}"]`);
    await page.waitForURL((url) => url.pathname === path);
    await assertSound(page, javaScript);
    assert.match(await page.locator('main').innerText(), /What we told you about it/);
    await press(page, 'a[href*="supersedes="]');
    await page.waitForURL(/\/receipts\/new\?/);
    assert.match(await page.locator('main').innerText(), /Do not use/);
    await page.context().close();
  });
}
