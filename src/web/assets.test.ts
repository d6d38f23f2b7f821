import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import zlib from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';

import { type AssetUrls, loadAssets, serveAssets } from './assets.ts';

describe('the assets', () => {
  let server: FastifyInstance;
  let urls: AssetUrls;
  before(async () => {
    const assets = await loadAssets({ hasGovUkBrand: false });
    urls = assets.urls;
    server = fastify();
    serveAssets(server, assets);
  });
  const get = (url: string | undefined, encoding = '') =>
    server.inject({ url: url ?? 'absent', headers: { 'accept-encoding': encoding } });

  it('may be kept for ever under an address with a fingerprint', async () => {
    for (const [name, url] of Object.entries(urls)) {
      assert.match(url, /^\/assets\/[\w/-]+\.[0-9a-f]{10}\.\w+$/, name);
      const response = await get(url);
      assert.equal(response.statusCode, 200, name);
      assert.equal(response.headers['cache-control'], 'public, max-age=31536000, immutable');
    }
  });

  it('are still there under the fingerprint of another version, but not to keep', async () => {
    const response = await get(urls['styles.css']?.replace(/[0-9a-f]{10}/, '0123456789'));
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers['cache-control'], 'no-cache');
  });

  for (const address of ['/assets/fonts/bold-affa96571d-v2.woff', '/assets/', '/assets/../package.json']) {
    it(`are not at ${address}`, async () => assert.equal((await get(address)).statusCode, 404));
  }

  const encodings: readonly (readonly [accepted: string, used: string | undefined])[] = [
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1.0, br;q=0', 'gzip'],
    ['deflate', undefined],
    ['', undefined],
  ];
  for (const [accepted, used] of encodings) {
    it(`are sent as ${used ?? 'they are'} to a browser that accepts \`${accepted}\``, async () => {
      const response = await get(urls['styles.css'], accepted);
      assert.equal(response.headers['content-encoding'], used);
      assert.equal(response.headers.vary, 'accept-encoding');
      const css = decode(response.rawPayload, used);
      assert.ok(css.toString().includes('.govuk-button'));
    });
  }

  it('name one another by addresses that exist', async () => {
    for (const name of ['styles.css', 'autocomplete.css', 'app.js']) {
      const text = (await get(urls[name])).body;
      const named = [...text.matchAll(/\/assets\/[\w./-]+/g)].map(([url]) => url);
      // GOV.UK Frontend has a rule for the crest. No page of ours uses it.
      const missing = named.filter((url) => !Object.values(urls).includes(url) && !url.includes('crest'));
      assert.deepEqual(missing, [], name);
    }
  });

  it('hold no trace of the typeface of GOV.UK, unless the brand may be used', async () => {
    const without = (await get(urls['styles.css'])).body + (await get(urls['autocomplete.css'])).body;
    assert.ok(!/GDS Transport|@font-face|\/fonts\//i.test(without));
    const branded = await loadAssets({ hasGovUkBrand: true });
    const css = branded.files.get(branded.urls['styles.css'] ?? '')?.bodies.identity.toString() ?? '';
    assert.ok(css.includes('GDS Transport') && css.includes('@font-face'));
    const fonts = [...css.matchAll(/\/assets\/fonts\/[\w./-]+/g)].map(([url]) => url);
    assert.ok(fonts.length > 0 && fonts.every((url) => branded.files.has(url)), fonts.join());
  });
});

function decode(bytes: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'br') return zlib.brotliDecompressSync(bytes);
  return encoding === 'gzip' ? zlib.gunzipSync(bytes) : bytes;
}
