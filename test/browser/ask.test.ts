import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Verdict, verdicts } from '#domain/shared/verdict.ts';
import { startApp, type TestApp } from '#test/support/app.ts';
import { openPage, screenName, screens, skipWithoutBrowser } from '#test/support/browser.ts';
import { chooseByKeyboard, press, tabTo } from '#test/support/keyboard.ts';
import { axeViolations, overflowOf } from '#test/support/page-checks.ts';

const skip = skipWithoutBrowser;
const app: TestApp | undefined = skip ? undefined : await startApp();
after(() => app?.close());
const baseUrl = app?.baseUrl ?? '';

/** A journey by keyboard: what to type in the box, and what to choose wherever it is asked. */
type KeyboardJourney = {
  readonly name: string;
  readonly tool: string;
  readonly answers: readonly string[];
  readonly verdict: Verdict;
  readonly sees: readonly RegExp[];
};

const everyday = [
  'account:work,accountShared:false',
  'device:moj',
  'classification:OFFICIAL,sensitive:false',
  'personalData:false',
  'damageOrDistress:false',
  'damagingIfLost:false',
  'audience:internal',
  'organisation:moj-headquarters',
];
const journeys: readonly KeyboardJourney[] = [
  {
    name: 'Trello for the team’s work',
    tool: 'Trello',
    answers: ['purpose:collaborate', ...everyday],
    verdict: 'allowed-with-conditions',
    sees: [/March 2018/, /Keep the key information in an MoJ system/, /Have another way of working/],
  },
  {
    name: 'Slack with an account of one’s own',
    tool: 'slack',
    answers: ['purpose:communicate', 'account:personal,accountShared:false', ...everyday.slice(1)],
    verdict: 'not-allowed',
    sees: [/GAG-16/, /GAG-20/, /Use your own MoJ work account/],
  },
  {
    name: 'WhatsApp, pasted as an address',
    tool: 'https://web.whatsapp.com/',
    answers: ['purpose:communicate', ...everyday],
    verdict: 'request-review',
    sees: [/Ask for a security review/, /Microsoft Teams/],
  },
];

for (const screen of screens) {
  for (const journey of journeys) {
    test(`${journey.name}, by keyboard alone (${screenName(screen)})`, { skip }, async () => {
      const page = await openPage(baseUrl, screen);
      await page.goto('/');
      if (screen.javaScript) await page.locator('.autocomplete__input').waitFor();
      await tabTo(page, 'input#tool');
      await page.keyboard.type(journey.tool);
      await page.keyboard.press('Enter');
      for (let pages = 0; pages < 8; pages++) {
        await page.waitForURL(/\/(check\/\w|answer)/);
        if (new URL(page.url()).pathname === '/answer') break;
        for (const option of await optionsOnPage(page, journey.answers)) await chooseByKeyboard(page, option);
        const before = page.url();
        await press(page, 'main button.govuk-button');
        await page.waitForURL((url) => url.href !== before);
      }
      assert.equal(new URL(page.url()).pathname, '/answer', page.url());
      assert.equal(await page.locator('.app-verdict').getAttribute('data-verdict'), journey.verdict);
      const text = await page.locator('main').innerText();
      for (const seen of journey.sees) assert.match(text, seen);
      await page.context().close();
    });
  }
}

const facts =
  'device=moj&classification=OFFICIAL&sensitive=false&personalData=false&damageOrDistress=false&damagingIfLost=false&audience=internal&organisation=moj-headquarters&account=work';
const answers: Readonly<Record<Verdict, string>> = {
  allowed: `/answer?tool=microsoft-teams&tenancy=moj&purpose=communicate&${facts}`,
  'allowed-with-conditions': `/answer?tool=trello&purpose=collaborate&${facts}`,
  'get-guidance': `/answer?tool=trello&purpose=collaborate&${facts.replace('damagingIfLost=false', 'damagingIfLost=true')}`,
  'request-review': `/answer?tool=whatsapp&purpose=communicate&${facts}`,
  'not-allowed': '/answer?tool=trello&purpose=collaborate&account=personal',
};
const longAnswers = [
  `/answer?tool=skype-for-business&purpose=video-call&${facts}`,
  `/answer?tool=cjsm&purpose=share-transfer&teamsPracticable=false&${facts.replace('audience=internal', 'audience=external')}`,
  `/answer?tool=trello&purpose=collaborate&${facts.replace('moj-headquarters', 'cica').replace('organisation=cica', 'organisation=hmpps')}`,
];

for (const address of [...verdicts.map((verdict) => answers[verdict]), ...longAnswers]) {
  test(`above the fold of a phone: verdict, reason, first action and date (${address.slice(8, 60)}…)`, {
    skip,
  }, async () => {
    const page = await openPage(baseUrl, { width: 375, height: 667 });
    await page.goto(address);
    for (const part of [
      '.app-verdict__headline',
      '.app-verdict__reason',
      '.app-verdict__action a',
      '.app-verdict__dated',
    ]) {
      const box = await page.locator(part).boundingBox();
      assert.ok(box !== null && box.y + box.height <= 667, `${part} ends at ${box?.y} + ${box?.height}`);
    }
    const href = (await page.locator('.app-verdict__action a').getAttribute('href')) ?? '';
    assert.match(href, /^(\/|#|mailto:|tel:|https:)/);
    if (href.startsWith('#')) assert.equal(await page.locator(href).count(), 1, `${href} is not on the page`);
    if (href.startsWith('/')) assert.equal((await page.request.get(href)).status(), 200);
    await page.context().close();
  });
}

const pages = [
  '/',
  '/?sent=tool',
  '/sent-a-link',
  '/video-call',
  '/own-device',
  '/already-use-it',
  '/share',
  '/share?sent=share',
  '/check/which?tool=Trelo',
  '/check/kind?tool=Boardly',
  '/check/use?tool=trello',
  '/check/use?tool=trello&sent=use',
  `/check/information?tool=trello&account=work&device=moj&purpose=collaborate`,
  '/check/people?tool=float&purpose=store&account=work&device=moj&personalData=true',
  '/check/organisation?tool=trello',
  '/check/assumed/doubt?tool=trello&purpose=collaborate',
  '/answer?tool=trello&colour=blue',
  `/answer?tool=trello&purpose=collaborate&account=work&device=moj&classification=unknown`,
  `/answer/draft/review-request?tool=zoom&purpose=video-call&${facts}`,
  `/answer/draft/line-manager?tool=trello&purpose=collaborate&damagingIfLost=true`,
  `/answer/reminders?tool=trello&purpose=collaborate&${facts}`,
  `/answer/reminders?tool=trello&purpose=collaborate&${facts}&sent=reminders`,
  ...verdicts.map((verdict) => answers[verdict]),
];

for (const address of pages) {
  test(`axe-core finds nothing, and nothing is cut off: ${address.slice(0, 70)}`, { skip }, async () => {
    for (const width of [1280, 375, 320]) {
      const page = await openPage(baseUrl, { width, height: 667 });
      await page.goto(address);
      assert.equal(await page.locator('h1').count(), 1);
      if (width !== 320) assert.deepEqual(await axeViolations(page), [], `at ${width}`);
      assert.equal(await overflowOf(page), 0, `pixels too wide at ${width}`);
      await page.context().close();
    }
  });
}

// The most that can be asked of somebody: every condition of a call in an internet tool, with all that adds to them.
const longest = `/answer?tool=skype-for-business&purpose=video-call&contactsUpload=true&mixesBusinessPersonal=true&publicPlace=true&${facts.replace('sensitive=false', 'sensitive=true')}`;

for (const address of [...verdicts.map((verdict) => answers[verdict]), ...longAnswers, longest]) {
  test(`prints on one page, with what was assumed and no address without a machine (${address.slice(8, 60)}…)`, {
    skip,
  }, async () => {
    const page = await openPage(baseUrl);
    await page.goto(address);
    const centimetre = { top: '1cm', bottom: '1cm', left: '1cm', right: '1cm' };
    const pdf = await page.pdf({ format: 'A4', margin: centimetre });
    assert.equal((pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length, 1);
    await page.emulateMedia({ media: 'print' });
    const printed = await page.locator('main a[href^="/"]').evaluateAll((links) => {
      const { getComputedStyle } = globalThis as unknown as {
        getComputedStyle: (element: unknown, part: string) => { readonly content: string };
      };
      return links.map((link) => getComputedStyle(link, '::after').content);
    });
    assert.ok(printed.length > 5);
    assert.deepEqual([...new Set(printed)], ['none']);
    const assumed = page.getByText('What we assumed:');
    if ((await page.locator('summary', { hasText: 'What we assumed' }).count()) > 0)
      assert.ok(await assumed.isVisible());
    await page.context().close();
  });
}

test('going back and changing one answer loses none of the others', { skip }, async () => {
  const page = await openPage(baseUrl, { javaScript: false });
  await page.goto(answers['allowed-with-conditions']);
  await page.getByRole('link', { name: 'Change Account' }).click();
  assert.equal(await page.locator('input[value="account:work,accountShared:false"]').isChecked(), true);
  await page.locator('input[value="account:personal,accountShared:false"]').check();
  await page.getByRole('button', { name: 'Continue' }).click();
  assert.equal(await page.locator('.app-verdict').getAttribute('data-verdict'), 'not-allowed');
  const kept = new URL(page.url()).searchParams;
  for (const [fact, value] of new URLSearchParams(answers['allowed-with-conditions'].split('?')[1]))
    if (fact !== 'account') assert.equal(kept.get(fact), value, fact);
  await page.goBack();
  await page.goBack();
  assert.equal(await page.locator('.app-verdict').getAttribute('data-verdict'), 'allowed-with-conditions');
  await page.context().close();
});

test('a browser that runs scripts offers names while somebody types', { skip }, async () => {
  const page = await openPage(baseUrl);
  await page.goto('/');
  await page.locator('.autocomplete__input').waitFor();
  await page.locator('#tool').pressSequentially('trel');
  await page.getByRole('option', { name: /Trello/ }).waitFor({ timeout: 5000 });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('main').getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(/\/check\/use\?.*tool=/);
  await page.context().close();
});

// What is true of the questions on this page, in the order they stand in.
async function optionsOnPage(page: Page, answers: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const radio of await page.locator('main input[type=radio]').all()) {
    const value = (await radio.getAttribute('value')) ?? '';
    if (answers.includes(value)) found.push(value);
  }
  assert.ok(found.length > 0, `nothing to choose at ${page.url()}`);
  return found;
}
