import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { after } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The `skip` of a test that needs a browser: false, or why it is left out (tools/test.ts decides). */
export const skipWithoutBrowser: string | false =
  process.env.SKIP_BROWSER === '1' ? 'there is no Chromium on this machine' : false;

type Screen = {
  readonly width?: number;
  readonly height?: number;
  /** False for a browser in which scripts do not run. */
  readonly javaScript?: boolean;
};

/**
 * A page of the service at `baseUrl`, in a fresh context: nothing is left of the page before. The browser
 * starts at the first page of a test file and closes after its last test.
 */
export async function openPage(baseUrl: string, screen: Screen = {}): Promise<Page> {
  const { width = 1280, height = 900, javaScript = true } = screen;
  const context = await (await startBrowser()).newContext({
    baseURL: baseUrl,
    viewport: { width, height },
    javaScriptEnabled: javaScript,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
  });
  return context.newPage();
}

/** What axe-core finds wrong with the page, as lines `rule: element`. Needs a page in which scripts run. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run({ runOnly: { type: 'tag', values: tags } });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }, axeTags);
}

/** By how many pixels the page is wider than the screen; 0 where nothing is cut off. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>(
    'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)',
  );
}

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let press = 0; press < 120; press++) {
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never reaches ${selector} at ${page.url()}`);
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

type Axe = {
  readonly run: (options: object) => Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly nodes: readonly { readonly html: string }[];
    }[];
  }>;
};

const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let running: Promise<Browser> | undefined;

function startBrowser(): Promise<Browser> {
  running ??= chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return running;
}

after(async () => (await running)?.close());
