import { after } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The `skip` of a test that needs a browser: false, or why it is left out (tools/test.ts decides). */
export const skipWithoutBrowser: string | false =
  process.env.SKIP_BROWSER === '1' ? 'there is no Chromium on this machine' : false;

/** How large a screen is, and whether scripts run on it. */
export type Screen = {
  readonly width?: number;
  readonly height?: number;
  /** False for a browser in which scripts do not run. */
  readonly javaScript?: boolean;
};

const phone = { width: 375, height: 667 };
const wide = { width: 1280, height: 900 };

/** The screens on which every journey works. */
export const screens = [
  { ...wide, javaScript: true },
  { ...phone, javaScript: true },
  { ...wide, javaScript: false },
  { ...phone, javaScript: false },
] as const;

/** The same but one, for journeys of which nothing on a wide screen hangs on scripts that the phone does not show too. */
export const fewerScreens = screens.filter(({ width, javaScript }) => width === phone.width || javaScript);

/** How the name of a test says on which screen it is. */
export function screenName({
  width,
  javaScript,
}: Pick<(typeof screens)[number], 'width' | 'javaScript'>): string {
  return `${width} pixels, ${javaScript ? 'with' : 'without'} JavaScript`;
}

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
