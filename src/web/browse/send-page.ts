import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { etagOf, isHeld } from '#platform/etag.ts';
import type { Query } from '../ask/address.ts';
import type { Web } from '../web.ts';
import type { View } from './page.ts';

type Kept = { readonly html: string; readonly etag: string };

const longestKeptAddress = 300;

/**
 * Sends pages that browsers and proxies may keep for a minute and then ask about with their ETag. Pages are kept here too,
 * under everything that they depend on: the address, the day and the content of the pack.
 */
export function createSender(
  web: Web,
): (view: View, request: FastifyRequest, reply: FastifyReply) => unknown {
  const pages = new LRUCache<string, Kept>({
    max: 500,
    maxSize: 32 * 1024 * 1024,
    sizeCalculation: ({ html }) => Buffer.byteLength(html) + 200,
  });
  return (view, request, reply) => {
    const key = `${web.needs.policy().hash} ${web.needs.today()} ${request.url}`;
    const known = pages.get(key);
    if (known !== undefined) return send(known, request, reply);
    const params = request.params as Readonly<Record<string, string>>;
    const found = view(web, { params, query: request.query as Query });
    if (found.kind === 'nothing') return reply.callNotFound();
    if (found.kind === 'elsewhere') return reply.header('cache-control', keep).redirect(found.href, 302);
    const html = web.render(found.template, found.model);
    if (found.status !== 200) {
      return reply.code(found.status).type(htmlType).header('cache-control', 'no-store').send(html);
    }
    // Of the page itself: it changes with the pack and the brand, and also with a new version of the templates.
    const made = { html, etag: etagOf(html) };
    if (request.url.length <= longestKeptAddress) pages.set(key, made);
    return send(made, request, reply);
  };
}

const htmlType = 'text/html; charset=utf-8';
const keep = 'public, max-age=60';

function send({ html, etag }: Kept, request: FastifyRequest, reply: FastifyReply): unknown {
  reply.header('cache-control', keep).header('etag', etag);
  if (isHeld(request, etag)) return reply.code(304).send();
  return reply.type(htmlType).send(html);
}
