import cookie from '@fastify/cookie';
import csrfProtection from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from './config.ts';
import { cookieName, cookieOptions } from './cookies.ts';

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
  const most = config.requestsPerMinute;
  await server.register(rateLimit, {
    global: most > 0,
    max: (request) => (isReading(request) ? most : Math.ceil(most / 10)),
    timeWindow: '1 minute',
    keyGenerator: (request) => `${isReading(request) ? 'r' : 'w'} ${request.ip}`,
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
    addHeaders: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
      'retry-after': true,
    },
  });
}
