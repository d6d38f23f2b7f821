import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Page } from 'playwright-core';

/**
 * Holds that a page as it stands has one heading of the first level, that axe-core finds nothing where scripts run in it (`javaScript`),
 * and that it is no wider than the screen. For looking at the pages: with SHOTS=FOLDER each of them is kept there as a picture.
 */
export async function assertSound(page: Page, javaScript = true): Promise<void> {
  assert.equal(await page.locator('h1').count(), 1, page.url());
  if (javaScript) assert.deepEqual(await axeViolations(page), [], page.url());
  assert.equal(await overflowOf(page), 0, `pixels too wide: ${page.url()}`);
  const { SHOTS } = process.env;
  if (SHOTS !== undefined) await keepPicture(page, SHOTS, javaScript);
}

let pictures = 0;

// Test files run at the same time, so the picture has the name of its own.
async function keepPicture(page: Page, folder: string, javaScript: boolean): Promise<void> {
  const { width } = page.viewportSize() ?? { width: 0 };
  const file = path.basename(process.argv[1] ?? '', '.test.ts');
  const name = `${file}-${width}-${javaScript}-${String(pictures++).padStart(2, '0')}.png`;
  await page.screenshot({ path: path.join(folder, name), fullPage: true });
}

/** Holds that the main part of the page shows each of these texts. */
export async function assertShows(page: Page, ...parts: readonly string[]): Promise<void> {
  const text = await page.locator('main').innerText();
  for (const part of parts) assert.ok(text.includes(part), `${part} in ${page.url()}: ${text}`);
}

/** Holds that nothing reaches beyond the edge of the screen, and that the page takes all of its width. */
export async function assertAsWideAsScreen(page: Page): Promise<void> {
  const screen = page.viewportSize();
  assert.ok(screen !== null);
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), screen.width, page.url());
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
