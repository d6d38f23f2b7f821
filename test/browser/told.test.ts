import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { axeViolations, openPage, overflowOf, skipWithoutBrowser, tabTo } from '#test/support/browser.ts';
import { testNeeds } from '#test/support/guidance.ts';
import { testMemory } from '#test/support/memory.ts';
import { ordinaryTrello } from '#test/support/ordinary-trello.ts';
import { tellSomeChanges } from '#usecases/receipts/tell-changes.ts';

const skip = skipWithoutBrowser;
let shipped: Policy;
let policy: Policy;
const app: TestApp | undefined = skip ? undefined : await start();
after(() => app?.close());
const baseUrl = app?.baseUrl ?? '';

async function start(): Promise<TestApp> {
  const read = readConfig({});
  assert.ok(read.ok);
  const needs = await testNeeds();
  shipped = needs.policy();
  policy = shipped;
  // A browser lets no cookie live longer than its own clock says, so the service has the same.
  const memory = await testMemory(read.config, systemClock());
  return startApp({ needs: { ...needs, policy: () => policy }, memory });
}

async function publish(next: Policy): Promise<void> {
  assert.ok(app);
  policy = next;
  const { people } = app.memory;
  const version = { hash: next.hash, label: next.pack.label, texts: () => [] };
  await people.store.policyVersions.keep(version, people.now().toISOString());
  while (await tellSomeChanges({ people, asking: app.needs, inForceHash: async () => next.hash }));
}

async function assertSound(page: Page, javaScript: boolean): Promise<void> {
  assert.equal(await page.locator('h1').count(), 1, page.url());
  if (javaScript) assert.deepEqual(await axeViolations(page), [], page.url());
  assert.equal(await overflowOf(page), 0, `pixels too wide: ${page.url()}`);
}

async function press(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press('Enter');
}

for (const [width, javaScript] of [
  [1280, true],
  [375, true],
  [375, false],
] as const) {
  const how = `${width} pixels, ${javaScript ? 'with' : 'without'} JavaScript`;
  test(`somebody whose answer changed finds out what and why, and asks again, by keyboard alone (${how})`, {
    skip,
  }, async () => {
    await publish(shipped);
    const page = await openPage(baseUrl, { width, height: 800, javaScript });
    await page.goto(`/receipts/new?${new URLSearchParams(ordinaryTrello)}`);
    await page.locator('input[value="asker"]').check();
    await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
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
