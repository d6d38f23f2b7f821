import zlib from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { etagOf, isHeld } from '#platform/etag.ts';
import type { Needs } from '#usecases/needs.ts';
import type { Asked } from '#usecases/usage/count-asked.ts';
import { accepts } from './accept-encoding.ts';
import { createCompressor, type FramedGzip, gzipOf } from './framed-gzip.ts';

type Kept = {
  /** What is counted each time that the page is sent. */
  readonly asked: Asked | null;
  /** The page as gzip: an eighth of its size, so that eight times as many can be kept, and as most browsers take it. */
  readonly page: FramedGzip;
  readonly headers: Readonly<Record<string, string>> & { readonly etag: string };
};

// About 11,000 pages.
const mostBytes = 32 * 1024 * 1024;
const longestKeptAddress = 1_000;

/**
 * Keeps the pages that a scope of the server sends, for as long as there is room, under everything that they depend on: the
 * address, the day and the content of the pack. They carry an ETag, so that a browser that has the page gets it confirmed and
 * not sent again. Only for pages that are the same for everybody who asks: compressed, their length tells nobody anything.
 */
export function keepPages(scope: FastifyInstance, needs: Needs): void {
  const pages = new LRUCache<string, Kept>({
    maxSize: mostBytes,
    // The address and what surrounds an entry count too.
    sizeCalculation: ({ page }, key) => page.own.length + key.length + 500,
  });
  const compress = createCompressor();
  // Taken when the request comes: a page that is made while the guidance changes must not stand under the new one.
  const keys = new WeakMap<FastifyRequest, string>();
  scope.addHook('onRequest', (request, reply, next) => {
    if (request.method !== 'GET' || request.url.length > longestKeptAddress) return next();
    const key = `${needs.policy().hash} ${needs.today()} ${request.url}`;
    keys.set(request, key);
    const kept = pages.get(key);
    if (kept === undefined) return next();
    reply.headers(kept.headers);
    // Whoever has the page already has been counted.
    if (isHeld(request, kept.headers.etag)) return confirm(reply).send('');
    const { page, asked } = kept;
    needs.count?.(asked);
    const gzip = gzipOf(page);
    if (!accepts(request, 'gzip')) return reply.send(zlib.gunzipSync(gzip));
    reply.header('content-encoding', 'gzip').send(gzip);
  });

  scope.addHook('onSend', (request, reply, payload, done) => {
    if (!isPage(request, reply) || !(typeof payload === 'string' || Buffer.isBuffer(payload)))
      return done(null, payload);
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    // Weak: the same page goes out compressed and as it is (RFC 9110, 8.8.1).
    const etag = `W/${etagOf(bytes)}`;
    const headers = {
      etag,
      vary: 'accept-encoding',
      'content-type': String(reply.getHeader('content-type')),
      'cache-control': String(reply.getHeader('cache-control')),
    };
    reply.headers(headers);
    if (isHeld(request, etag)) {
      confirm(reply);
      return done(null, null);
    }
    const asked = noted.get(request) ?? null;
    needs.count?.(asked);
    const page = compress(bytes);
    const key = keys.get(request);
    if (key !== undefined) pages.set(key, { page, headers, asked });
    if (!accepts(request, 'gzip')) return done(null, bytes);
    reply.header('content-encoding', 'gzip');
    return done(null, gzipOf(page));
  });
}

const noted = new WeakMap<FastifyRequest, Asked>();

/** Says what is counted of the page that answers a request, now and each time that it is sent again. */
export function noteAsked(request: FastifyRequest, asked: Asked | null): void {
  if (asked !== null) noted.set(request, asked);
}

function isPage({ method }: FastifyRequest, reply: FastifyReply): boolean {
  return (
    method === 'GET' &&
    reply.statusCode === 200 &&
    // A page that was kept has one already.
    !reply.hasHeader('etag') &&
    String(reply.getHeader('content-type')).startsWith('text/html')
  );
}

function confirm(reply: FastifyReply): FastifyReply {
  return reply.code(304).removeHeader('content-type');
}
