import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import type { Memory } from '#serve.ts';
import { openPage, type Screen } from './browser.ts';
import { chooseByKeyboard, press } from './keyboard.ts';
import { testMemory } from './memory.ts';

/**
 * What a service remembers in which people sign in with a browser, with the settings in `env`. A browser lets no cookie live longer
 * than its own clock says, so the service has the same: not the day of the tests.
 */
export function memoryForBrowser(env: Readonly<Record<string, string>> = {}): Promise<Memory> {
  const read = readConfig(env);
  assert.ok(read.ok);
  return testMemory(read.config, systemClock());
}

/** A page in a fresh context, at `path`, of one of the people of the trial sign-in. */
export async function openPageAs(
  baseUrl: string,
  person: string,
  path: string,
  screen: Screen = {},
): Promise<Page> {
  const page = await openPage(baseUrl, screen);
  await page.goto(`/sign-in?${new URLSearchParams({ return: path })}`);
  await signInAs(page, person);
  await page.waitForURL((url) => url.pathname === path);
  return page;
}

/** Signs in as one of the people of the trial sign-in, on its page, and waits until it has led on. */
export async function signInAs(page: Page, person: string): Promise<void> {
  await page.locator(`input[value="${person}"]`).check();
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

/** The same by keyboard alone. */
export async function signInByKeyboard(page: Page, person: string): Promise<void> {
  await chooseByKeyboard(page, person);
  await press(page, 'main button.govuk-button');
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}
