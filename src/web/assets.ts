import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { accepts } from './accept-encoding.ts';

/** Where each style sheet, script and picture is: its name (`styles.css`) to its address with a fingerprint. */
export type AssetUrls = Readonly<Record<string, string>>;

export type Assets = { readonly urls: AssetUrls; readonly files: ReadonlyMap<string, Asset> };

type Asset = { readonly url: string; readonly type: string; readonly bodies: Bodies };
/** The content as it is, and compressed where that makes it smaller. */
type Bodies = { readonly identity: Buffer; readonly br?: Buffer; readonly gzip?: Buffer };

/**
 * Reads and compresses everything under /assets. Without the GOV.UK brand the typeface is left out: only
 * services on GOV.UK may use it.
 */
export async function loadAssets({ hasGovUkBrand }: { readonly hasGovUkBrand: boolean }): Promise<Assets> {
  const urls: Record<string, string> = {};
  const files = new Map<string, Asset>();
  const add = async (name: string, content: Buffer | string) => {
    const asset = await makeAsset(name, Buffer.from(content));
    urls[name] = asset.url;
    files.set(asset.url, asset);
  };
  const addAll = (found: readonly (readonly [name: string, file: string])[]) =>
    Promise.all(found.map(async ([name, file]) => add(name, await fs.readFile(file))));

  await addAll([
    ['favicon.svg', own('favicon.svg')],
    ['govuk.js', path.join(govuk, 'govuk-frontend.min.js')],
    ['moj.js', path.join(moj, 'moj-frontend.min.js')],
    ['autocomplete.js', path.join(autocomplete, 'accessible-autocomplete.min.js')],
    ...(await listFiles(path.join(moj, 'assets', 'images'), /^icon-.*\.svg$/, 'images')),
    ...(hasGovUkBrand ? await listFiles(path.join(govuk, 'assets', 'fonts'), /\.woff2?$/, 'fonts') : []),
  ]);
  // These name the ones above, by an address that is only known now.
  await Promise.all([
    add('styles.css', withUrls(await readStyles(hasGovUkBrand), urls)),
    add(
      'autocomplete.css',
      withoutTypeface(
        await readText(path.join(autocomplete, 'accessible-autocomplete.min.css')),
        hasGovUkBrand,
      ),
    ),
  ]);
  // It names a style sheet too.
  await add('app.js', withUrls(await readText(own('app.js')), urls));
  return { urls, files };
}

/** Serves the assets. An address with a fingerprint may be kept for ever: other content has another one. */
export function serveAssets(server: FastifyInstance, { urls, files }: Assets): void {
  server.get<{ Params: { '*': string } }>(
    '/assets/*',
    { config: { action: 'ask', rateLimit: false } },
    async (request, reply) => {
      const url = `/assets/${request.params['*']}`;
      const asset = files.get(url) ?? files.get(urls[nameWithoutFingerprint(url)] ?? '');
      if (asset === undefined) return reply.callNotFound();
      const encoding = chooseEncoding(request, asset.bodies);
      if (encoding !== 'identity') reply.header('content-encoding', encoding);
      return (
        reply
          .type(asset.type)
          .header('vary', 'accept-encoding')
          // A page that was kept from before an update still asks for the old address.
          .header('cache-control', asset.url === url ? 'public, max-age=31536000, immutable' : 'no-cache')
          .send(asset.bodies[encoding])
      );
    },
  );
}

const packages = path.resolve(import.meta.dirname, '..', '..', 'node_modules');
const govuk = path.join(packages, 'govuk-frontend', 'dist', 'govuk');
const moj = path.join(packages, '@ministryofjustice', 'frontend', 'moj');
const autocomplete = path.join(packages, 'accessible-autocomplete', 'dist');

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

async function makeAsset(name: string, identity: Buffer): Promise<Asset> {
  const fingerprint = createHash('sha256').update(identity).digest('hex').slice(0, 10);
  const { dir, name: base, ext } = path.posix.parse(name);
  const type = types[ext];
  if (type === undefined) throw new Error(`no content type for the asset ${name}`);
  return {
    url: path.posix.join('/assets', dir, `${base}.${fingerprint}${ext}`),
    type,
    bodies: ext.startsWith('.woff') ? { identity } : await compress(identity),
  };
}

async function compress(identity: Buffer): Promise<Bodies> {
  // Above 9 the last 5 percent cost ten times as long, at every start.
  const [br, gzip] = await Promise.all([
    brotli(identity, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 9 } }),
    gzipped(identity, { level: 9 }),
  ]);
  return br.length < identity.length && gzip.length < identity.length ? { identity, br, gzip } : { identity };
}

const brotli = promisify<zlib.InputType, zlib.BrotliOptions, Buffer>(zlib.brotliCompress);
const gzipped = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gzip);

// One style sheet: the packages' two, then ours.
async function readStyles(hasGovUkBrand: boolean): Promise<string> {
  const [ofGovuk, ofMoj, ofOurs] = await Promise.all([
    readText(path.join(govuk, 'govuk-frontend.min.css')),
    readText(path.join(moj, 'moj-frontend.min.css')),
    readText(own('app.css')),
  ]);
  // MoJ Frontend repeats the colours of the older GOV.UK Frontend that it was built with.
  const ofMojAlone = ofMoj.replace(/:root\{--govuk-[^}]*\}/g, '');
  const styles = [ofGovuk, ofMojAlone, ofOurs].map((css) =>
    css.replace(/\/\*# sourceMappingURL=.*?\*\//, ''),
  );
  return withoutTypeface(styles.join('\n'), hasGovUkBrand);
}

function withoutTypeface(css: string, hasGovUkBrand: boolean): string {
  if (hasGovUkBrand) return css;
  return css.replace(/@font-face\{[^}]*\}/g, '').replaceAll(/"?GDS Transport"?,\s*arial/gi, 'arial');
}

function withUrls(text: string, urls: AssetUrls): string {
  return text.replace(/\/assets\/([\w./-]+)/g, (whole, name: string) => urls[name] ?? whole);
}

function nameWithoutFingerprint(url: string): string {
  return url.replace(/^\/assets\//, '').replace(/\.[0-9a-f]{10}(\.\w+)$/, '$1');
}

function chooseEncoding(request: FastifyRequest, bodies: Bodies): keyof Bodies {
  if (bodies.br !== undefined && accepts(request, 'br')) return 'br';
  if (bodies.gzip !== undefined && accepts(request, 'gzip')) return 'gzip';
  return 'identity';
}

async function listFiles(folder: string, pattern: RegExp, under: string) {
  const names = (await fs.readdir(folder)).filter((name) => pattern.test(name));
  return names.map((name) => [`${under}/${name}`, path.join(folder, name)] as const);
}

function own(name: string): string {
  return path.join(import.meta.dirname, 'assets', name);
}

function readText(file: string): Promise<string> {
  return fs.readFile(file, 'utf8');
}
