import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';

import { readConfig } from '#platform/config.ts';
import { closeGracefully, createServer } from '#platform/server.ts';
import { openPage, skipWithoutBrowser } from '#test/support/browser.ts';
import { assertAsWideAsScreen, axeViolations } from '#test/support/page-checks.ts';
import { loadAssets, serveAssets } from '#web/assets.ts';
import { answerWithProblemPage } from '#web/problem-page.ts';
import { createRenderer } from '#web/render.ts';

describe('the frame of every page', { skip: skipWithoutBrowser }, () => {
  let server: FastifyInstance;
  let baseUrl: string;
  before(async () => {
    const result = readConfig({ LOG_LEVEL: 'silent' });
    assert.ok(result.ok);
    const assets = await loadAssets(result.config);
    const render = createRenderer({ ...result.config, isTrial: true, assetUrls: assets.urls });
    server = await createServer({ config: result.config, onProblem: answerWithProblemPage(render) });
    serveAssets(server, assets);
    server.get('/broken', async () => {
      throw new Error('broken on purpose');
    });
    server.get('/form', async (_request, reply) =>
      reply.type('text/html').send(
        render('pages/problem.njk', {
          title: 'What will you use it for?',
          errors: [{ text: 'Choose what you will use it for', href: '#problem-search' }],
          breadcrumbs: [{ text: 'All tools', href: '/tools' }, { text: 'Slack' }],
          section: '/tools',
          policyLabel: 'November 2026',
        }),
      ),
    );
    baseUrl = await server.listen({ port: 0, host: '127.0.0.1' });
  });
  after(() => closeGracefully(server));

  for (const width of [1280, 375, 320]) {
    for (const path of ['/form', '/nothing', '/broken']) {
      it(`has no violation that axe finds at ${width} pixels, nor anything beyond the edge: ${path}`, async () => {
        const page = await openPage(baseUrl, { width });
        await page.goto(path);
        assert.deepEqual(await axeViolations(page), []);
        await assertAsWideAsScreen(page);
        await page.context().close();
      });
    }
  }

  it('runs its scripts within the Content-Security-Policy', async () => {
    const page = await openPage(baseUrl, { width: 375 });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto('/form');
    await page.getByRole('button', { name: 'Menu' }).click();
    assert.ok(await page.getByRole('link', { name: 'Get help', exact: true }).isVisible());
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('shows the whole menu where scripts do not run', async () => {
    const page = await openPage(baseUrl, { width: 375, javaScript: false });
    await page.goto('/form');
    assert.ok(await page.getByRole('link', { name: 'Something has gone wrong' }).isVisible());
    assert.ok(!(await page.getByRole('button', { name: 'Menu' }).isVisible()));
    await page.context().close();
  });

  it('searches for a tool by keyboard alone', async () => {
    const page = await openPage(baseUrl);
    await page.goto('/nothing');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('slack & co');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/find/);
    assert.equal(new URL(page.url()).search, '?q=slack+%26+co');
    await page.context().close();
  });
});
