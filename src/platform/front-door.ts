import cookie from '@fastify/cookie';
import csrfProtection from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from './config.ts';
import { cookieName, cookieOptions } from './cookies.ts';
import { ServiceError } from './errors.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts a request of a person, wherever it comes from. Throws `too-many-requests` beyond what one person may make. */
    readonly countPerson: (request: FastifyRequest, reply: FastifyReply, person: string) => Promise<void>;
  }
}

type FrontDoor = {
  readonly config: Config;
  /** What ties the tokens of forms to this service; the same on every server. */
  readonly formKey: string;
  /** Who a form was made for, in a word that is no secret. */
  readonly userInfoOf: (request: FastifyRequest) => string;
  /** Whether a request only asks, whatever its method. */
  readonly isReading: (request: FastifyRequest) => boolean;
};

/** Cookies, forms, the tokens of forms, and how often one address may ask. To be registered before any route. */
export async function registerFrontDoor(
  server: FastifyInstance,
  { config, formKey, userInfoOf, isReading }: FrontDoor,
): Promise<void> {
  await server.register(cookie);
  await server.register(formbody, { bodyLimit: 64 * 1024 });
  await server.register(csrfProtection, {
    cookieKey: cookieName(config, 'form'),
    cookieOpts: cookieOptions(config),
    csrfOpts: { hmacKey: formKey, userInfo: true },
    getUserInfo: userInfoOf,
    // Only from the form itself: a header could come from a script.
    getToken: ({ body }) => (body as { readonly _csrf?: string } | null | undefined)?._csrf ?? '',
    logLevel: 'info',
  });
  await registerLimits(server, config.requestsPerMinute, isReading);
}

const mostCounted = 50_000;
// Whoever has one address of a network like this has all of them (RFC 6177).
const ipv6SubnetBits = 64;

/**
 * How often one address and one person may ask. INVARIANT: every request counts, also one that is answered from a cache, refused
 * or to nowhere, and before anything is looked up or stored for it (test/journeys/limits.test.ts).
 */
async function registerLimits(
  server: FastifyInstance,
  most: number,
  isReading: FrontDoor['isReading'],
): Promise<void> {
  const keys = new WeakMap<FastifyRequest, string>();
  await server.register(rateLimit, {
    global: false,
    max: (request) => (isReading(request) ? most : Math.ceil(most / 10)),
    timeWindow: '1 minute',
    keyGenerator: (request) => keys.get(request) ?? '',
    cache: mostCounted,
  });
  const countKey = server.createRateLimit();
  const count = async (request: FastifyRequest, reply: FastifyReply, who: string, whose: string) => {
    keys.set(request, `${isReading(request) ? 'reading' : 'changing'} ${who}`);
    const counted = await countKey(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    reply.header('retry-after', counted.ttlInSeconds);
    throw new ServiceError('too-many-requests', `${whose} may make no more requests this minute.`);
  };
  if (most > 0)
    server.addHook('onRequest', async (request, reply) => {
      if (request.routeOptions.config?.rateLimit === false) return;
      await count(request, reply, normalizeIP(request.ip, ipv6SubnetBits), 'Your network address');
    });
  server.decorate('countPerson', async (request: FastifyRequest, reply: FastifyReply, person: string) => {
    if (most > 0) await count(request, reply, person, 'Your account');
  });
}
