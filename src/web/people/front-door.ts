import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, nobody } from '#domain/people/actor.ts';
import { type Action, may } from '#domain/people/permissions.ts';
import { cookieName } from '#platform/cookies.ts';
import { ServiceError } from '#platform/errors.ts';
import { auditEvent } from '#usecases/audit/audit-event.ts';
import type { Origin } from '#usecases/people/people-needs.ts';
import { whoIsThere } from '#usecases/people/who-is-there.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { deviceInWords } from './device.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route is for: who may do that stands in `domain/people/permissions.ts`. */
    readonly action?: Action;
  }
  interface FastifyRequest {
    /** Who asks; nobody on pages that are the same for everyone. */
    actor: Actor;
  }
}

/**
 * Guards the pages of a scope. Whoever asks is known before anything is done; what somebody may not do is refused, and told to the
 * audit trail; whoever is not signed in is sent to sign in and comes back, and a form of theirs is read, refused, and given back. What
 * changes something needs the token of its form.
 */
function guard(scope: FastifyInstance, web: Web): void {
  const { people, config } = web;
  // Pages send forms and nothing else.
  scope.removeContentTypeParser(['application/json', 'text/plain']);

  scope.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    request.actor = await whoIsThere(people, request.cookies[cookieName(config, 'session')]);
    if (request.actor.kind === 'person') await scope.countPerson(request, reply, request.actor.id);
    const action = actionOf(request);
    if (may(request.actor, action)) return undefined;
    if (request.actor.kind === 'person') {
      const what = { actor: request.actor.id, action: 'access-refused', entry: `action:${action}` } as const;
      await people.store.audit.record(auditEvent(people, what, originOf(request)));
      throw new ServiceError('not-allowed', 'Your account does not have the role for this.');
    }
    // A form is read first, so that what was typed into it can be given back.
    if (!isReading(request)) return undefined;
    return reply.redirect(`/sign-in?${new URLSearchParams({ return: request.url })}`, 302);
  });

  // On every route of the scope, so that none can be without it.
  scope.addHook('preValidation', (request, reply, done) => {
    if (!may(request.actor, actionOf(request)))
      throw new ServiceError(
        'not-signed-in',
        'You are not signed in, or not any more. Nothing has been changed.',
      );
    if (holdsNul(request.body))
      throw new ServiceError('bad-request', 'The form holds a character that nobody can type (U+0000).');
    if (isReading(request)) done();
    else scope.csrfProtection(request, reply, done);
  });
}

function isReading({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

// A text with it cannot be stored in PostgreSQL, and no form of a browser sends it.
function holdsNul(body: unknown): boolean {
  const values = typeof body === 'object' && body !== null ? Object.values(body) : [];
  return values.flat().some((value) => typeof value === 'string' && value.includes('\u0000'));
}

export type OwnHandler = (web: Web, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
export type OwnRoute = readonly ['GET' | 'POST', path: string, Action, OwnHandler];

/** Adds guarded pages: each with what it is for. */
export function registerOwn(server: FastifyInstance, web: Web, routes: readonly OwnRoute[]): void {
  server.register(async (scope) => {
    guard(scope, web);
    for (const [method, url, action, handler] of routes) {
      scope.route({
        method,
        url,
        config: { action },
        handler: (request, reply) => handler(web, request, reply),
      });
    }
  });
}

/** What a route is for. Every route says so; one that does not would be open to nobody. */
export function actionOf({ routeOptions }: FastifyRequest): Action {
  const { action } = routeOptions.config;
  if (action === undefined) throw new Error(`the route ${routeOptions.url} does not say what it is for`);
  return action;
}

/** Where a request comes from. */
export function originOf({ ip, headers }: FastifyRequest): Origin {
  return { address: ip, device: deviceInWords(headers['user-agent']) };
}

/** Sends a page that is for one person: with the name and the way out in its frame, and kept nowhere. */
export function sendOwn(
  web: Web,
  request: FastifyRequest,
  reply: FastifyReply,
  template: string,
  model: PageModel & Readonly<Record<string, unknown>>,
): FastifyReply {
  const { actor } = request;
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(
      web.render(template, {
        ...model,
        policyLabel: web.needs.policy().pack.label,
        token: reply.generateCsrf({ userInfo: userInfoOf(request) }),
        signedIn: actor.kind === 'person' ? { name: actor.name } : null,
      }),
    );
}

/** What ties the token of a form to who it was made for. */
export function userInfoOf({ actor }: Pick<FastifyRequest, 'actor'>): string {
  return actor?.kind === 'person' ? actor.by.id : nobody.kind;
}
