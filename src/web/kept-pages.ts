import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Needs } from '#usecases/needs.ts';

type Kept = {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
};

const mostBytes = 16 * 1024 * 1024;
const longestKeptAddress = 1_000;

/**
 * Keeps the pages that a scope of the server sends, for as long as there is room, under everything that they depend on: the
 * address, the day and the content of the pack. They carry an ETag, so that a browser that has the page gets it confirmed and
 * not sent again. Only for pages that are the same for everybody who asks.
 */
export function keepPages(scope: FastifyInstance, needs: Needs): void {
  const pages = new LRUCache<string, Kept>({
    maxSize: mostBytes,
    // The address and what surrounds an entry count too.
    sizeCalculation: ({ bytes }, key) => bytes.length + 2 * key.length + 500,
  });
  const keyOf = ({ url }: FastifyRequest): string => `${needs.policy().hash} ${needs.today()} ${url}`;

  scope.addHook('onRequest', (request, reply, next) => {
    const kept = request.method === 'GET' ? pages.get(keyOf(request)) : undefined;
    if (kept === undefined) return next();
    reply.headers(kept.headers);
    reply.send(kept.bytes);
  });

  scope.addHook('onSend', (request, reply, payload, next) => {
    if (!isPage(request, reply) || !(typeof payload === 'string' || Buffer.isBuffer(payload)))
      return next(null, payload);
    const { etag } = reply.getHeaders();
    const kept = typeof etag === 'string' ? etag : keep(pages, keyOf(request), request, reply, payload);
    if (!isHeld(request.headers['if-none-match'], kept)) return next(null, payload);
    reply.code(304).removeHeader('content-type');
    return next(null, null);
  });
}

function isPage({ method }: FastifyRequest, reply: FastifyReply): boolean {
  return (
    method === 'GET' &&
    reply.statusCode === 200 &&
    String(reply.getHeader('content-type')).startsWith('text/html')
  );
}

function keep(
  pages: LRUCache<string, Kept>,
  key: string,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: string | Buffer,
): string {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const etag = `"${hash('sha256', bytes, 'base64url').slice(0, 22)}"`;
  reply.header('etag', etag);
  const headers = {
    etag,
    'content-type': String(reply.getHeader('content-type')),
    'cache-control': String(reply.getHeader('cache-control')),
  };
  if (request.url.length <= longestKeptAddress) pages.set(key, { bytes, etag, headers });
  return etag;
}

// RFC 9110, 13.1.2: a list, or `*`. A proxy that compresses marks an ETag as weak.
function isHeld(held: string | undefined, etag: string): boolean {
  return (
    held?.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag) ?? false
  );
}
