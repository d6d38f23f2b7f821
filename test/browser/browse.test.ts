import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startApp, type TestApp } from '#test/support/app.ts';
import { openPage, skipWithoutBrowser } from '#test/support/browser.ts';
import { assertAsWideAsScreen, axeViolations } from '#test/support/page-checks.ts';

const pages = [
  '/tools',
  '/tools?kind=oit-tool&status=acceptable',
  '/tools?kind=wrong',
  '/tools/trello',
  '/tools/zoom',
  '/tools/google-hangouts',
  '/tools/personal-cloud',
  '/tools/trelo',
  '/find',
  '/find?q=passwords',
  `/find?q=${'x'.repeat(200)}`,
  `/find?q=${'x'.repeat(201)}`,
  '/guidance',
  '/help',
  '/something-wrong',
  '/feedback?tool=trello&purpose=collaborate',
  '/statements',
  '/statements?document=wrong',
  '/api',
  '/accessibility',
  '/privacy',
];

describe('the pages to read, in a browser', { skip: skipWithoutBrowser }, () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.close());
  const all = () => [
    ...pages,
    ...[...app.needs.policy().pack.guidancePages.keys()].map((id) => `/guidance/${id}`),
  ];

  for (const width of [1280, 375, 320]) {
    it(`have no violation that axe finds at ${width} pixels, and nothing beyond the edge`, async () => {
      const page = await openPage(app.baseUrl, { width });
      for (const path of all()) {
        await page.goto(path);
        await assertAsWideAsScreen(page);
        if (width !== 320) assert.deepEqual(await axeViolations(page), [], path);
      }
      await page.context().close();
    });
  }

  it('narrow the tools down without scripts', async () => {
    const page = await openPage(app.baseUrl, { width: 375, javaScript: false });
    await page.goto('/tools');
    await page.getByLabel('Status in the 2018 list').selectOption('assured');
    await page.getByRole('button', { name: 'Show these tools' }).click();
    assert.equal(new URL(page.url()).search, '?kind=&status=assured');
    assert.ok(await page.getByText('3 of 100 tools').isVisible());
    await page.context().close();
  });

  it('lead from a search to the check by keyboard alone', async () => {
    const page = await openPage(app.baseUrl);
    await page.goto('/find');
    await page.getByLabel('Name of a tool, its web address, or a topic').focus();
    await page.keyboard.type('trelo');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=trelo/);
    await page.getByRole('link', { name: 'Trello', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/tools\/trello/);
    await page.getByRole('button', { name: 'Check if you can use it' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/check/);
    await page.context().close();
  });

  it('show the contact first, above the fold of a phone, where something has gone wrong', async () => {
    const page = await openPage(app.baseUrl, { width: 375, height: 667 });
    await page.goto('/something-wrong');
    const box = await page.getByRole('link', { name: /security@justice\.gov\.uk/ }).boundingBox();
    assert.ok(box !== null && box.y + box.height < 667);
    await page.context().close();
  });

  it('leave out on paper what only works on a screen', async () => {
    const page = await openPage(app.baseUrl, { width: 800 });
    await page.emulateMedia({ media: 'print' });
    await page.goto('/guidance/video-calls');
    assert.ok(!(await page.getByRole('navigation', { name: 'On this page' }).isVisible()));
    assert.ok(await page.getByText('Try the service out before you first make or join a call.').isVisible());
    await page.context().close();
  });
});
