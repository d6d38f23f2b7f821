import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { daysAfter } from '#domain/shared/day.ts';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import {
  axeViolations,
  chooseByKeyboard,
  openPage,
  overflowOf,
  skipWithoutBrowser,
  tabTo,
} from '#test/support/browser.ts';
import { testMemory } from '#test/support/memory.ts';
import { client, freePort, startProvider, type TestProvider } from '#test/support/provider.ts';

const skip = skipWithoutBrowser;
// A browser lets no cookie live longer than its own clock says, so the service has the same.
const clock = systemClock();
const app: TestApp | undefined = skip ? undefined : await startTrial();
after(() => app?.close());
const baseUrl = app?.baseUrl ?? '';
const today = clock.today();

async function startTrial(): Promise<TestApp> {
  const read = readConfig({});
  assert.ok(read.ok);
  const memory = await testMemory(read.config, clock);
  const counts = Array.from({ length: 60 }, (_, at) => ({
    day: daysAfter(clock.today(), -(at % 28)),
    tool: ['trello', 'slack', 'microsoft-teams', 'github'][at % 4] ?? '',
    organisation: ['hmpps', '', 'moj-headquarters'][at % 3] ?? '',
    verdict: ['allowed-with-conditions', 'not-allowed', 'allowed'][at % 3] ?? '',
    rule: `rule-${at % 5}`,
    times: 3 + ((at * 37) % 400),
  }));
  const names = [{ day: clock.today(), name: 'boardly for the whole team', hidden: '#1', times: 12 }];
  await memory.people.store.usage.add(counts, names);
  return startApp({ memory });
}

const screens = [
  { width: 1280, height: 900, javaScript: true },
  { width: 375, height: 667, javaScript: true },
  { width: 1280, height: 900, javaScript: false },
  { width: 375, height: 667, javaScript: false },
];
const nameOf = ({ width, javaScript }: (typeof screens)[number]): string =>
  `${width} pixels, ${javaScript ? 'with' : 'without'} JavaScript`;

/** What is wrong with the page as it stands: more than one heading, what axe-core finds, what is cut off. */
async function assertSound(page: Page, javaScript = true): Promise<void> {
  assert.equal(await page.locator('h1').count(), 1, page.url());
  if (javaScript) assert.deepEqual(await axeViolations(page), [], page.url());
  assert.equal(await overflowOf(page), 0, `pixels too wide: ${page.url()}`);
}

async function signIn(page: Page, person: string, wanted = '/me'): Promise<void> {
  await page.goto(`/sign-in?return=${encodeURIComponent(wanted)}`);
  await page.locator(`input[value="${person}"]`).check();
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

async function press(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press('Enter');
}

for (const screen of screens) {
  test(`sign in, be denied, sign out, by keyboard alone (${nameOf(screen)})`, { skip }, async () => {
    const page = await openPage(baseUrl, screen);
    await page.goto('/');
    await press(page, 'a.govuk-footer__link[href="/me"]');
    await page.waitForURL(/\/sign-in\?return=%2Fme/);
    await assertSound(page, screen.javaScript);
    await press(page, 'main button.govuk-button');
    await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
    await assertSound(page, screen.javaScript);
    await chooseByKeyboard(page, 'asker');
    await press(page, 'main button.govuk-button');
    await page.waitForURL(/\/me$/);
    await assertSound(page, screen.javaScript);
    assert.match(await page.locator('main').innerText(), /Alex Asker/);
    const denied = await page.goto('/audit');
    assert.equal(denied?.status(), 403);
    assert.match(await page.locator('main').innerText(), /Your account does not have the role for this/);
    await assertSound(page, screen.javaScript);
    assert.match(await page.locator('.app-who__account').innerText(), /Alex Asker/);
    await press(page, 'form[action="/sign-out"] button');
    await page.waitForURL(/\/signed-out$/);
    await assertSound(page, screen.javaScript);
    await page.goto('/me');
    assert.match(page.url(), /\/sign-in\?return=%2Fme$/);
    await page.context().close();
  });

  test(`a session is ended from another browser (${nameOf(screen)})`, { skip }, async () => {
    const here = await openPage(baseUrl, screen);
    const there = await openPage(baseUrl, screen);
    await signIn(here, 'privacy-reviewer');
    await signIn(there, 'privacy-reviewer');
    await here.goto('/me');
    await press(here, 'main a[href="/me/sessions"]');
    await here.waitForURL(/\/me\/sessions$/);
    await assertSound(here, screen.javaScript);
    const button = 'form[action$="/end"] button';
    const before = await here.locator(button).count();
    assert.ok(before >= 1);
    await press(here, button);
    await here.waitForURL(/ended/);
    assert.match(await here.locator('main').innerText(), /That session has ended/);
    await assertSound(here, screen.javaScript);
    assert.equal(await here.locator(button).count(), before - 1);
    await there.goto('/me');
    assert.match(there.url(), /\/sign-in/);
    await here.locator('form[action="/sign-out"] button').click();
    await here.context().close();
    await there.context().close();
  });

  test(`an access token is made after a mistake, shown once, and ended (${nameOf(screen)})`, {
    skip,
  }, async () => {
    const page = await openPage(baseUrl, screen);
    await signIn(page, 'policy-owner', '/me/tokens');
    await assertSound(page, screen.javaScript);
    const label = `Report of ${nameOf(screen)}`;
    await tabTo(page, '#label');
    await page.keyboard.type(label);
    await tabTo(page, '#endsOn-day');
    await page.keyboard.type('31');
    await tabTo(page, '#endsOn-month');
    await page.keyboard.type('2');
    await tabTo(page, '#endsOn-year');
    await page.keyboard.type('2027');
    await tabTo(page, 'input[name="roles"]');
    await page.keyboard.press('Space');
    await press(page, 'main form[action="/me/tokens"] button.govuk-button');
    const summary = page.locator('.govuk-error-summary');
    await summary.waitFor();
    assert.match(await page.title(), /^Error: /);
    await assertSound(page, screen.javaScript);
    await summary.getByRole('link', { name: 'The last day must be a real date' }).focus();
    await page.keyboard.press('Enter');
    if (screen.javaScript) assert.equal(await page.locator('#endsOn-day:focus').count(), 1);
    assert.equal(await page.locator('#label').inputValue(), label);
    assert.equal(await page.locator('#endsOn-month').inputValue(), '2');
    assert.equal(await page.locator('input[name="roles"]').isChecked(), true);
    const [year = '', month = '', day = ''] = daysAfter(today, 30).split('-');
    for (const [part, value] of Object.entries({ day, month, year }))
      await page.locator(`#endsOn-${part}`).fill(value);
    await press(page, 'main form[action="/me/tokens"] button.govuk-button');
    await page.getByText('Copy it now. It is not shown again.').waitFor();
    assert.match(await page.locator('.app-token').innerText(), /^ctu_[\w-]{43}$/);
    await assertSound(page, screen.javaScript);
    await page.goto('/me/tokens');
    assert.equal(await page.locator('.app-token').count(), 0);
    const card = page.locator('.govuk-summary-card', { hasText: label });
    await card.getByRole('button', { name: /End it/ }).focus();
    await page.keyboard.press('Enter');
    await card.getByText('Ended', { exact: true }).waitFor();
    await assertSound(page, screen.javaScript);
    await page.context().close();
  });

  test(`the audit trail is searched after a mistake, and checked (${nameOf(screen)})`, { skip }, async () => {
    const page = await openPage(baseUrl, screen);
    await signIn(page, 'administrator', '/audit');
    await assertSound(page, screen.javaScript);
    await tabTo(page, '#from');
    await page.keyboard.type('22 November');
    await press(page, 'main form[action="/audit"] button.govuk-button');
    await page.locator('.govuk-error-summary').waitFor();
    assert.equal(await page.locator('#from').inputValue(), '22 November');
    await assertSound(page, screen.javaScript);
    await page.locator('#from').fill(today);
    await page.locator('#action').selectOption('signed-in');
    await press(page, 'main form[action="/audit"] button.govuk-button');
    await page.waitForURL(/action=signed-in/);
    assert.match(await page.locator('table').innerText(), /Sam Administrator/);
    await assertSound(page, screen.javaScript);
    await page.goto('/audit?actor=Sam+Administrator');
    await press(page, 'main a[href^="/people/"]');
    await page.getByRole('heading', { name: 'Sam Administrator' }).waitFor();
    await assertSound(page, screen.javaScript);
    await page.goBack();
    await press(page, 'main a[href="/audit/check"]');
    await page.getByRole('heading', { name: 'The audit trail is whole' }).waitFor();
    await assertSound(page, screen.javaScript);
    await page.context().close();
  });

  test(`what is asked is a chart and its table (${nameOf(screen)})`, { skip }, async () => {
    const page = await openPage(baseUrl, screen);
    await signIn(page, 'policy-owner', '/usage');
    await assertSound(page, screen.javaScript);
    assert.equal(await page.getByRole('img', { name: 'Answers on each day' }).count(), 1);
    const columns = await page.locator('.app-chart__column').count();
    assert.ok(columns > 20);
    await press(page, 'main details summary');
    const table = page.locator('details table');
    await table.waitFor();
    assert.equal(await table.locator('tbody tr').count(), columns, 'a row for each column');
    await assertSound(page, screen.javaScript);
    await page.locator('#from').fill('tomorrow');
    await press(page, 'main form[action="/usage"] button.govuk-button');
    await page.locator('.govuk-error-summary').waitFor();
    await assertSound(page, screen.javaScript);
    await page.goto('/usage?from=2020-01-01&to=2020-01-31');
    assert.match(await page.locator('main').innerText(), /fewer than 5 answers/);
    await assertSound(page, screen.javaScript);
    await page.context().close();
  });

  test(`an answer that did not help is sent by keyboard alone (${nameOf(screen)})`, { skip }, async () => {
    const page = await openPage(baseUrl, screen);
    await page.goto('/answer?tool=slack&purpose=communicate&account=personal');
    await press(page, 'main a[href^="/did-not-help"]');
    await page.waitForURL(/\/did-not-help/);
    await assertSound(page, screen.javaScript);
    await press(page, 'main form[action="/did-not-help"] button');
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    await assertSound(page, screen.javaScript);
    await page.context().close();
  });
}

test('every page says that anybody can sign in as anybody, and no page of asking who has signed in', {
  skip,
}, async () => {
  const page = await openPage(baseUrl);
  await signIn(page, 'asker');
  for (const address of ['/', '/check/use?tool=trello', '/answer?tool=trello', '/tools', '/me', '/nowhere'])
    assert.match(
      (await (await page.goto(address))?.text()) ?? '',
      /Anybody can sign in as anybody\./,
      address,
    );
  await page.goto('/answer?tool=trello');
  assert.doesNotMatch(await page.content(), /Alex Asker/);
  await page.context().close();
});

const port = skip ? 0 : await freePort();
const provider: TestProvider | undefined = skip
  ? undefined
  : await startProvider({
      accounts: { ada: { name: 'Ada Administrator', email: 'ada@example.org', groups: ['ToolAdmins'] } },
      appUrl: `http://127.0.0.1:${port}`,
    });
const provided: TestApp | undefined =
  provider === undefined ? undefined : await startProvided(provider.issuer);
after(async () => {
  await provided?.close();
  await provider?.stop();
});

async function startProvided(issuer: string): Promise<TestApp> {
  const env = {
    PORT: String(port),
    BASE_URL: `http://127.0.0.1:${port}`,
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: client.id,
    OIDC_CLIENT_SECRET: client.secret,
    ROLE_CLAIM: 'groups',
    ROLE_MAP: 'ToolAdmins=administrator',
    REQUESTS_PER_MINUTE: '0',
  };
  const read = readConfig(env);
  assert.ok(read.ok);
  return startApp({ env, memory: await testMemory(read.config, clock) });
}

for (const screen of screens) {
  test(`sign in with a provider, cancel there, and sign out here and there, by keyboard alone (${nameOf(screen)})`, {
    skip,
  }, async () => {
    const page = await openPage(provided?.baseUrl ?? '', screen);
    await page.goto('/audit');
    await page.waitForURL(/\/interaction\//);
    await press(page, 'button[value="cancel"]');
    await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
    await assertSound(page, screen.javaScript);
    await page.goto('/audit');
    await page.waitForURL(/\/interaction\//);
    await tabTo(page, '#account');
    await page.keyboard.type('ada');
    await press(page, 'button[value="sign-in"]');
    await page.waitForURL(/\/audit$/);
    assert.match(await page.locator('.app-who__account').innerText(), /Ada Administrator/);
    assert.equal(await page.locator('.app-who__trial').count(), 0);
    await assertSound(page, screen.javaScript);
    await press(page, 'form[action="/sign-out"] button');
    await page.getByRole('heading', { name: 'Sign out of the provider' }).waitFor();
    await press(page, 'button[name="logout"]');
    await page.waitForURL(/\/signed-out$/);
    await assertSound(page, screen.javaScript);
    await page.goto('/me');
    await page.waitForURL(/\/interaction\//);
    await page.context().close();
  });
}
