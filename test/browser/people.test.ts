import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { daysAfter } from '#domain/shared/day.ts';
import { systemClock } from '#platform/clock.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { openPage, screenName, screens, skipWithoutBrowser } from '#test/support/browser.ts';
import { memoryForBrowser, openPageAs } from '#test/support/browser-sign-in.ts';
import { chooseByKeyboard, press, tabTo, typeInto } from '#test/support/keyboard.ts';
import { assertSound } from '#test/support/page-checks.ts';
import { client, freePort, startProvider, type TestProvider } from '#test/support/provider.ts';

const skip = skipWithoutBrowser;
const today = systemClock().today();
const app: TestApp | undefined = skip ? undefined : await startTrial();
after(() => app?.close());
const baseUrl = app?.baseUrl ?? '';

async function startTrial(): Promise<TestApp> {
  const memory = await memoryForBrowser();
  const counts = Array.from({ length: 60 }, (_, at) => ({
    day: daysAfter(today, -(at % 28)),
    tool: ['trello', 'slack', 'microsoft-teams', 'github'][at % 4] ?? '',
    organisation: ['hmpps', '', 'moj-headquarters'][at % 3] ?? '',
    verdict: ['allowed-with-conditions', 'not-allowed', 'allowed'][at % 3] ?? '',
    rule: `rule-${at % 5}`,
    times: 3 + ((at * 37) % 400),
  }));
  const names = [{ day: today, name: 'boardly for the whole team', hidden: '#1', times: 12 }];
  await memory.people.store.usage.add(counts, names);
  return startApp({ memory });
}

for (const screen of screens) {
  test(`sign in, be denied, sign out, by keyboard alone (${screenName(screen)})`, { skip }, async () => {
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

  test(`a session is ended from another browser (${screenName(screen)})`, { skip }, async () => {
    const here = await openPageAs(baseUrl, 'privacy-reviewer', '/me', screen);
    const there = await openPageAs(baseUrl, 'privacy-reviewer', '/me', screen);
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

  test(`an access token is made after a mistake, shown once, and ended (${screenName(screen)})`, {
    skip,
  }, async () => {
    const page = await openPageAs(baseUrl, 'policy-owner', '/me/tokens', screen);
    await assertSound(page, screen.javaScript);
    const label = `Report of ${screenName(screen)}`;
    await typeInto(page, '#label', label);
    await typeInto(page, '#endsOn-day', '31');
    await typeInto(page, '#endsOn-month', '2');
    await typeInto(page, '#endsOn-year', '2027');
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

  test(`the audit trail is searched after a mistake, and checked (${screenName(screen)})`, {
    skip,
  }, async () => {
    const page = await openPageAs(baseUrl, 'administrator', '/audit', screen);
    await assertSound(page, screen.javaScript);
    await typeInto(page, '#from', '22 November');
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

  test(`what is asked is a chart and its table (${screenName(screen)})`, { skip }, async () => {
    const page = await openPageAs(baseUrl, 'policy-owner', '/usage', screen);
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

  test(`an answer that did not help is sent by keyboard alone (${screenName(screen)})`, {
    skip,
  }, async () => {
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
  const page = await openPageAs(baseUrl, 'asker', '/me');
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
  return startApp({ env, memory: await memoryForBrowser(env) });
}

for (const screen of screens) {
  test(`sign in with a provider, cancel there, and sign out here and there, by keyboard alone (${screenName(screen)})`, {
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
    await typeInto(page, '#account', 'ada');
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
