import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';

import type { Config } from './config.ts';
import { type ErrorCode, type Problem, problemOf, ServiceError } from './errors.ts';
import { newReference } from './ids.ts';
import { type LogStream, logAnswers, logOptions } from './log.ts';
import { permissionsPolicy, securityHeaders } from './security-headers.ts';
import { utf8Bytes } from './utf8-bytes.ts';

/** Answers with a problem in the surface's own form. `request.originalUrl` is the address as it came. */
export type OnProblem = (request: FastifyRequest, reply: FastifyReply, problem: Problem) => unknown;

type ServerParts = {
  readonly config: Config;
  readonly onProblem: OnProblem;
  /** Where the log goes; stdout when it is absent. */
  readonly log?: LogStream;
  readonly timeouts?: Timeouts;
};

/** How long the server waits for somebody, in milliseconds. */
export type Timeouts = {
  /** For the line and the headers of a request. */
  readonly headersMs: number;
  /** For all of a request. The longest body takes this long at three kilobytes a second. */
  readonly requestMs: number;
  /** How often Node looks for requests that are late; by itself it would only every 30 seconds. */
  readonly checkMs: number;
  /** For the rest of a body that nobody wants, so that its sender gets to read why. */
  readonly unwantedBodyMs: number;
};

/** What the service waits for. */
export const defaultTimeouts: Timeouts = {
  headersMs: 10_000,
  requestMs: 20_000,
  checkMs: 2_000,
  unwantedBodyMs: 3_000,
};

const largestBody = 64 * 1024;

const longestAddress = 8_000;
const longText = 1_000;

/**
 * The HTTP server without routes: limits, security headers, log, and one way for every error to become an
 * answer. Surfaces add their routes; main.ts listens.
 */
export async function createServer({
  config,
  onProblem,
  log,
  timeouts = defaultTimeouts,
}: ServerParts): Promise<FastifyInstance> {
  const unreadable = new WeakMap<IncomingMessage, ServiceError>();
  // Connections whose request was answered before all of it had arrived.
  const answeredEarly = new WeakSet<Socket>();
  const server = fastify({
    logger: logOptions(config, log),
    logController: new LogController({ disableRequestLogging: true }),
    // `true` believes whoever is connected, and nobody further: what stands before its own entry anybody could have written.
    trustProxy:
      config.trustsProxy === true ? (_address: string, hop: number) => hop === 0 : config.trustsProxy,
    bodyLimit: largestBody,
    connectionTimeout: 30_000,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: 10_000,
    forceCloseConnections: 'idle',
    // Room for a whole document that somebody pasted where a name belongs, so that it gets an answer in words, as a page.
    http: {
      maxHeaderSize: 128 * 1024,
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkMs,
    },
    routerOptions: { ignoreDuplicateSlashes: false, maxParamLength: longestAddress },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true } },
    clientErrorHandler: (error, socket) => answerWhatIsNotHttp(error, socket, answeredEarly.has(socket)),
    // The router answers a bad address by itself, without our headers. So it gets a harmless one, and the
    // first hook below refuses the request.
    rewriteUrl(raw) {
      const problem = findAddressProblem(raw.url ?? '/');
      if (problem === undefined) return raw.url ?? '/';
      unreadable.set(raw, problem);
      return '/unreadable-address';
    },
  });

  logAnswers(server);
  const headers = await headersOfHelmet(securityHeaders(config));
  server.addHook('onRequest', (request, reply, next) => {
    reply.headers(headers);
    answeredEarly.delete(request.raw.socket);
    next(unreadable.get(request.raw));
  });
  // Node turns a text into bytes twice, once to count them, and slowly.
  server.addHook('onSend', (request, reply, payload, done) => {
    if (isStillArriving(request)) answeredEarly.add(request.raw.socket);
    if (typeof payload === 'string' && hasUnwantedBody(request))
      done(null, answerAndClose(request, reply, payload, timeouts.unwantedBodyMs));
    else done(null, typeof payload === 'string' && payload.length > longText ? utf8Bytes(payload) : payload);
  });
  const answerProblem = async (request: FastifyRequest, reply: FastifyReply, problem: Problem) => {
    reply.code(problem.status);
    await onProblem(request, reply, problem);
    return reply;
  };
  server.setNotFoundHandler((request, reply) =>
    answerProblem(request, reply, problemOf('not-found', 'There is nothing at this address.')),
  );
  server.setErrorHandler((error: FastifyError, request, reply) =>
    answerProblem(request, reply, describeProblem(error, request)),
  );
  return server;
}

// Helmet works its headers out anew for each request, although they are always the same. So it is asked once.
async function headersOfHelmet(options: FastifyHelmetOptions): Promise<Readonly<Record<string, string>>> {
  const server = fastify();
  await server.register(helmet, options);
  server.get('/', () => '');
  const own = ['content-type', 'content-length', 'date', 'connection'];
  const { headers } = await server.inject('/');
  const ofHelmet = Object.entries(headers).filter(([name]) => !own.includes(name));
  await server.close();
  return {
    ...Object.fromEntries(ofHelmet.map(([name, value]) => [name, String(value)])),
    'permissions-policy': permissionsPolicy,
  };
}

const longestCloseMs = 1_000;

/**
 * Stops taking requests, lets the running ones finish for at most `limitMs` milliseconds, then runs the
 * close hooks and returns, whether or not they have come to an end within another second. By default that is less than the ten
 * seconds after which container platforms kill what they have told to stop.
 */
export async function closeGracefully(server: FastifyInstance, limitMs = 7_000): Promise<void> {
  const timer = setTimeout(() => server.server.closeAllConnections(), limitMs);
  // A kept-alive connection falls idle after its last answer; nobody else would close it for seconds.
  const poll = setInterval(() => server.server.closeIdleConnections(), 50);
  const abandoned = new AbortController();
  await Promise.race([
    server.close(),
    sleep(limitMs + longestCloseMs, undefined, { signal: abandoned.signal }).catch(() => {}),
  ]);
  abandoned.abort();
  clearInterval(poll);
  clearTimeout(timer);
}

// A body that is longer than any that is taken, or of a length that nobody has said, and that has not arrived.
function hasUnwantedBody(request: FastifyRequest): boolean {
  const { headers } = request.raw;
  return (
    isStillArriving(request) &&
    (headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > largestBody)
  );
}

// A request without a body is answered as soon as its headers are read, before Node calls it complete.
function isStillArriving({ raw }: FastifyRequest): boolean {
  if (raw.complete !== false) return false;
  return raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) > 0;
}

// Closing a connection while the other side still sends throws away what it has not read yet: the answer. So the whole answer goes
// out, and for a moment what still arrives is let through, before the connection is closed.
function answerAndClose(
  { raw }: FastifyRequest,
  reply: FastifyReply,
  payload: string,
  limitMs: number,
): Readable {
  const bytes = Buffer.from(payload);
  reply.headers({ connection: 'close', 'content-length': bytes.length });
  async function* answerThenWait() {
    yield bytes;
    raw.resume();
    await finished(raw, { signal: AbortSignal.timeout(limitMs) }).catch(() => {});
  }
  return Readable.from(answerThenWait());
}

// Nothing that people type holds a control character. Answering early keeps them out of every surface.
function findAddressProblem(url: string): ServiceError | undefined {
  if (url.length > longestAddress) {
    return new ServiceError('address-too-long', `An address may have at most ${longestAddress} characters.`);
  }
  if (!url.includes('%')) return undefined;
  try {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (!/[\u0000-\u001f\u007f-\u009f]/.test(decodeURIComponent(url))) return undefined;
    return new ServiceError('bad-address', 'The address holds a control character.');
  } catch {
    return new ServiceError(
      'bad-address',
      'A `%` in the address is not followed by the code of a character.',
    );
  }
}

function describeProblem(error: FastifyError | ServiceError, request: FastifyRequest): Problem {
  if (error instanceof ServiceError) {
    const { whatToDo } = error;
    const problem = {
      ...problemOf(error.code, error.message),
      ...(whatToDo === undefined ? {} : { whatToDo }),
    };
    return problem.status < 500 ? problem : withReference(problem, error, request);
  }
  const known = errorsOfFastify[error.code];
  if (known !== undefined) return problemOf(...known);
  // Whoever hangs up while sending is no failure of ours, and nothing to look into.
  if (error.code === 'ECONNRESET' && !request.raw.complete) {
    return problemOf('bad-request', 'The request was cut off before its end.');
  }
  if (error.validation !== undefined) {
    return problemOf('bad-request', `The request is not as described: ${error.message}.`);
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return problemOf('bad-request', 'The request cannot be read.');
  }
  const detail = 'Try again later. What you entered has not been stored.';
  return withReference(problemOf('internal', detail), error, request);
}

const errorsOfFastify: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_CSRF_MISSING_SECRET: [
    'form-out-of-date',
    'Nothing has been changed. Your browser did not send back the cookie of the form.',
  ],
  FST_CSRF_INVALID_TOKEN: [
    'form-out-of-date',
    'Nothing has been changed. The form is from before you signed in or out, or from another page.',
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: ['body-too-large', 'A request may hold at most 64 kilobytes.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported-media-type', 'The body is of a kind that is not taken here.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['bad-request', 'The body is empty. It must be JSON.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['bad-request', 'The body is not JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad-request', 'The body is not as long as `Content-Length` says.'],
};

function withReference(problem: Problem, error: Error, request: FastifyRequest): Problem {
  const reference = newReference();
  request.log.error({ err: error, reference }, 'failed');
  return { ...problem, reference };
}

// What reaches this is not HTTP, or was cut off before there was a request, so it gets plain text.
function answerWhatIsNotHttp(error: Error & { code?: string }, socket: Socket, isAnswered: boolean): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [line, text] = answersToWhatIsNotHttp[error.code ?? ''] ?? [
    '400 Bad Request',
    'This is not a request that can be read.',
  ];
  if (socket.writable && !isAnswered) {
    socket.write(
      `HTTP/1.1 ${line}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    );
  }
  socket.destroySoon();
}

const answersToWhatIsNotHttp: Readonly<Record<string, readonly [string, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The address or the headers are too long.'],
};
