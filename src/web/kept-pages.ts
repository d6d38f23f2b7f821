import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Needs } from '#usecases/needs.ts';
import type { Asked } from '#usecases/usage/count-asked.ts';
import { accepts } from './accept-encoding.ts';

type Kept = {
  /** What is counted each time that the page is sent. */
  readonly asked: Asked | null;
  readonly bytes: Buffer;
  /** Soon after it was made a page is compressed: a fifth of its size, so that five times as many can be kept. */
  readonly isGzip: boolean;
  readonly headers: Readonly<Record<string, string>> & { readonly etag: string };
};

const mostBytes = 32 * 1024 * 1024;
const longestKeptAddress = 1_000;
// Pages that are not compressed yet stay in memory meanwhile; beyond these they are sent and not kept.
const mostCompressing = 64;

const compress = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gzip);

/**
 * Keeps the pages that a scope of the server sends, for as long as there is room, under everything that they depend on: the
 * address, the day and the content of the pack. They carry an ETag, so that a browser that has the page gets it confirmed and
 * not sent again. Only for pages that are the same for everybody who asks: compressed, their length tells nobody anything.
 */
export function keepPages(scope: FastifyInstance, needs: Needs): void {
  const pages = new LRUCache<string, Kept>({
    maxSize: mostBytes,
    // The address and what surrounds an entry count too.
    sizeCalculation: ({ bytes }, key) => bytes.length + 2 * key.length + 700,
  });
  // Taken when the request comes: a page that is made while the guidance changes must not stand under the new one.
  const keys = new WeakMap<FastifyRequest, string>();
  let compressing = 0;

  const gzipOf = async (bytes: Buffer): Promise<Buffer> => {
    compressing += 1;
    try {
      return exactly(await compress(bytes, { level: 5 }));
    } finally {
      compressing -= 1;
    }
  };

  scope.addHook('onRequest', (request, reply, next) => {
    if (request.method !== 'GET' || request.url.length > longestKeptAddress) return next();
    const key = `${needs.policy().hash} ${needs.today()} ${request.url}`;
    keys.set(request, key);
    const kept = pages.get(key);
    if (kept === undefined) return next();
    reply.headers(kept.headers);
    // Whoever has the page already has been counted.
    if (isHeld(request, kept.headers.etag)) return confirm(reply).send('');
    const { bytes, isGzip, asked } = kept;
    needs.count?.(asked);
    if (!isGzip) return reply.send(bytes);
    if (!accepts(request, 'gzip')) return reply.send(zlib.gunzipSync(bytes));
    reply.header('content-encoding', 'gzip').send(bytes);
  });

  scope.addHook('onSend', async (request, reply, payload) => {
    if (!isPage(request, reply) || !(typeof payload === 'string' || Buffer.isBuffer(payload))) return payload;
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    // Weak: the same page goes out compressed and as it is (RFC 9110, 8.8.1).
    const etag = `W/"${hash('sha256', bytes, 'base64url').slice(0, 22)}"`;
    const headers = {
      etag,
      vary: 'accept-encoding',
      'content-type': String(reply.getHeader('content-type')),
      'cache-control': String(reply.getHeader('cache-control')),
    };
    reply.headers(headers);
    if (isHeld(request, etag)) {
      confirm(reply);
      return null;
    }
    const asked = noted.get(request) ?? null;
    needs.count?.(asked);
    const key = keys.get(request);
    if (key === undefined || compressing >= mostCompressing) return bytes;
    pages.set(key, { bytes, isGzip: false, headers, asked });
    const gzip = gzipOf(bytes).then((smaller) => {
      pages.set(key, { bytes: smaller, isGzip: true, headers, asked });
      return smaller;
    });
    if (accepts(request, 'gzip')) {
      reply.header('content-encoding', 'gzip');
      return gzip;
    }
    gzip.catch((error: unknown) => request.log.error({ err: error }, 'cannot compress a page'));
    return bytes;
  });
}

// What zlib gives is a part of a buffer of 64 kilobytes that Node shares out, and all of that would be kept for a page of three.
function exactly(bytes: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
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

// RFC 9110, 13.1.2: a list, or `*`, compared weakly.
function isHeld({ headers }: FastifyRequest, etag: string): boolean {
  const weak = (one: string): string => one.trim().replace(/^W\//, '');
  return (
    headers['if-none-match']?.split(',').some((one) => one.trim() === '*' || weak(one) === weak(etag)) ??
    false
  );
}
