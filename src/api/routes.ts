import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { type TObject, Type } from 'typebox';
import type { Policy } from '#domain/decision/policy.ts';
import type { PersonActing } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { isHeld } from '#platform/etag.ts';
import { build } from '#platform/version.ts';
import { auditEvent } from '#usecases/audit/audit-event.ts';
import { jsonBytes } from '#usecases/kept-json.ts';
import type { Needs } from '#usecases/needs.ts';
import type { PeopleNeeds } from '#usecases/people/people-needs.ts';
import { readToken } from '#usecases/people/who-is-there.ts';
import { accepts } from './accepts.ts';
import * as decisions from './decisions.ts';
import * as facts from './facts.ts';
import * as matrix from './matrix.ts';
import { openApiDocument } from './openapi.ts';
import * as own from './own.ts';
import { type ApiError, errorOf, sendProblem } from './problem.ts';
import { decode, largestBody, readBytes } from './read-json.ts';
import { type Query, readQuery } from './read-query.ts';
import type { ApiRequest, ApiRoute } from './route.ts';
import * as rules from './rules.ts';
import { closed } from './schemas.ts';
import * as statements from './statements.ts';
import * as status from './status.ts';
import * as tools from './tools.ts';

const describe: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'describe',
  summary: 'This description.',
  answer: Type.Unsafe<object>({ type: 'object' }),
  problems: [],
  keeps: 'with-policy',
  handle: (needs) => ({ ok: true, body: documentOf(needs.policy()) }),
};

/** Every call of the API. docs/reference/api.md lists the same (test/house/reference.test.ts). */
export const routes: readonly ApiRoute[] = [
  { method: 'POST', path: '/api/v1/decisions', ...decisions.decide },
  { method: 'GET', path: '/api/v1/tools', ...tools.search },
  { method: 'GET', path: '/api/v1/tools/{id}', ...tools.one },
  { method: 'GET', path: '/api/v1/facts', ...facts.list },
  { method: 'GET', path: '/api/v1/rules', ...rules.list },
  { method: 'GET', path: '/api/v1/statements', ...statements.list },
  { method: 'GET', path: '/api/v1/me', ...own.me },
  { method: 'GET', path: '/api/v1/me/changes', ...own.changes },
  { method: 'GET', path: '/api/v1/usage', ...own.usage },
  { method: 'GET', path: '/api/v1/audit', ...own.audit },
  { method: 'GET', path: '/api/v1/matrix', ...matrix.one },
  { method: 'GET', path: '/api/v1/openapi.json', ...describe },
  { method: 'GET', path: '/health', ...status.health },
  { method: 'GET', path: '/ping', ...status.ping },
  { method: 'GET', path: '/info', ...status.info },
];

/** Adds every call of the API to the server. Problems that the server itself finds go through `apiProblem`. */
export function registerApi(server: FastifyInstance, needs: Needs, people: PeopleNeeds): void {
  server.register(async (api) => {
    api.removeAllContentTypeParsers();
    api.addContentTypeParser('application/json', readBody);
    api.addHook('onRequest', refuseLargeBody);
    for (const route of routes) {
      api.route({
        method: route.method,
        url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
        config: {
          action: route.action ?? 'ask',
          // Whatever watches the service must be heard when everybody else asks too much.
          ...(route.path.startsWith('/api/') ? {} : { rateLimit: false }),
        },
        handler: (request, reply) =>
          route.handleOwn === undefined
            ? answer(needs, route, request, reply)
            : answerOwn(people, route, route.handleOwn, request, reply),
      });
      refuseOtherMethods(api, route);
    }
  });
}

const noQuery = closed({});

function querySchemaOf({ query, packQuery }: ApiRoute, pack: Pack): TObject {
  return packQuery?.(pack) ?? query ?? noQuery;
}

const tooLarge = Symbol('a body over the limit');

// No promise: it would take longer than reading does.
function readBody(
  _request: FastifyRequest,
  payload: Readable,
  done: (error: Error | null, body?: unknown) => void,
): void {
  readBytes(payload, (error, bytes) => {
    if (error !== null) return done(error);
    if (bytes === null) return done(null, tooLarge);
    let text: string;
    try {
      text = decode(bytes);
    } catch (problem) {
      return done(problem as Error);
    }
    return done(null, text);
  });
}

// Answered before the body is read, and without cutting the connection: a caller that is still sending would lose the answer.
function refuseLargeBody(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
  if (Number(request.headers['content-length'] ?? 0) <= largestBody) next();
  else refuseBody(reply);
}

function refuseBody(reply: FastifyReply): FastifyReply {
  return sendProblem(reply, { code: 'body-too-large', detail: 'A request may hold at most 64 kilobytes.' });
}

function answer(needs: Needs, route: ApiRoute, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.body === tooLarge) return refuseBody(reply);
  const mediaType = route.answer === 'text' ? 'text/plain' : 'application/json';
  if (!accepts(request.headers.accept, mediaType)) {
    return sendProblem(reply, {
      code: 'not-acceptable',
      detail: `The answer is available as \`${mediaType}\` only.`,
    });
  }
  const read = readQuery(querySchemaOf(route, needs.policy().pack), request.query as Record<string, unknown>);
  if (!read.ok) return sendProblem(reply, errorOf('bad-request', read.errors));
  const result = route.handle(needs, requestOf(route, request, read.query));
  if (!result.ok) return sendProblem(reply, result.error);
  reply.header('content-language', 'en').header('content-type', `${mediaType}; charset=utf-8`);
  if (route.keeps === 'never') reply.header('cache-control', 'no-store');
  else if (isKnown(needs, route, request, reply)) return reply.code(304).send();
  const { body, status: code = 200 } = result;
  const isWritten = typeof body === 'string' || Buffer.isBuffer(body);
  return reply.code(code).send(isWritten ? body : jsonBytes(body as object));
}

function requestOf(route: ApiRoute, request: FastifyRequest, query: Query): ApiRequest {
  const body = route.body === undefined ? undefined : (request.body as string | undefined);
  return { query, params: request.params as Record<string, string>, body };
}

// A call that is not for everyone. It takes a token and never a cookie, so that no page can make a browser call it.
async function answerOwn(
  people: PeopleNeeds,
  route: ApiRoute,
  handle: NonNullable<ApiRoute['handleOwn']>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!accepts(request.headers.accept, 'application/json'))
    return sendProblem(reply, {
      code: 'not-acceptable',
      detail: 'The answer is available as `application/json` only.',
    });
  const known = await whoCalls(people, request);
  if (!('actor' in known)) {
    if (known.code === 'not-signed-in') reply.header('www-authenticate', 'Bearer');
    return sendProblem(reply, known);
  }
  const { actor } = known;
  await request.server.countPerson(request, reply, actor.id);
  const action = route.action ?? 'ask';
  const origin = { address: request.ip, device: 'API' };
  if (!may(actor, action)) {
    const what = { actor: actor.id, action: 'access-refused', entry: `action:${action}` } as const;
    await people.store.audit.record(auditEvent(people, what, origin));
    return sendProblem(reply, { code: 'not-allowed', detail: 'The token does not have the role for this.' });
  }
  const read = readQuery(route.query ?? noQuery, request.query as Record<string, unknown>);
  if (!read.ok) return sendProblem(reply, errorOf('bad-request', read.errors));
  const result = await handle({ people, actor, origin }, requestOf(route, request, read.query));
  if (!result.ok) return sendProblem(reply, result.error);
  return reply
    .header('content-language', 'en')
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(result.body));
}

async function whoCalls(
  people: PeopleNeeds,
  { headers }: FastifyRequest,
): Promise<{ readonly actor: PersonActing } | ApiError> {
  const [, token] = /^Bearer +([\w\-.~+/]{1,8000}=*)$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined)
    return { code: 'not-signed-in', detail: 'Send an access token: `Authorization: Bearer …`.' };
  const read = await readToken(people, token);
  if (read.outcome === 'ok') return { actor: read.actor };
  return read.outcome === 'refused'
    ? { code: 'not-signed-in', detail: 'The access token is unknown, has ended, or is not for this service.' }
    : {
        code: 'unavailable',
        detail: 'The token cannot be checked at the moment: the provider does not answer.',
      };
}

// Lists change only with the policy (or the day), so its hash is their mark. The version is in it because the form is ours.
function isKnown(needs: Needs, { keeps }: ApiRoute, request: FastifyRequest, reply: FastifyReply): boolean {
  const day = keeps === 'with-policy-and-day' ? `-${needs.today()}` : '';
  const tag = `"${build.version}-${needs.policy().hash.slice(0, 16)}${day}"`;
  reply.header('cache-control', 'public, max-age=60').header('etag', tag);
  return isHeld(request, tag);
}

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

function refuseOtherMethods(api: FastifyInstance, { method, path }: ApiRoute): void {
  const allowed: readonly HTTPMethods[] = method === 'GET' ? ['GET', 'HEAD'] : [method];
  const allow = [...allowed, 'OPTIONS'].join(', ');
  api.route({
    method: methods.filter((other) => !allowed.includes(other)),
    url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
    config: { action: 'ask' },
    // Before a body is read: it does not matter what somebody sends to where nothing is taken.
    onRequest: async (request, reply) => {
      reply.header('allow', allow);
      if (request.method === 'OPTIONS') return reply.code(204).header('cache-control', 'no-store').send();
      const detail = `\`${request.method}\` is not supported here. Use ${allowed.join(' or ')}.`;
      return sendProblem(reply, { code: 'method-not-allowed', detail });
    },
    handler: async () => undefined,
  });
}

const documents = new WeakMap<Policy, object>();

function documentOf(policy: Policy): object {
  const known = documents.get(policy);
  if (known !== undefined) return known;
  const made = openApiDocument(routes, policy.pack);
  documents.set(policy, made);
  return made;
}
