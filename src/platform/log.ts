import type { FastifyInstance } from 'fastify';

import type { Config } from './config.ts';

/** Where log lines go: stdout in the service (platform/log-destination.ts), a list in a test that reads them. */
export type LogStream = { readonly write: (line: string) => void };

/**
 * How the service logs (pino's options). INVARIANT: a line holds the route, never the address that was asked
 * for, no header and no body, because those hold answers (src/platform/server.test.ts).
 */
export function logOptions(config: Pick<Config, 'logLevel'>, stream?: LogStream) {
  return {
    level: config.logLevel,
    base: null,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { req: () => ({}), res: () => ({}), err: describeError },
    ...(stream === undefined ? {} : { stream }),
  };
}

/** Logs one line for each answer: method, route pattern, status and milliseconds. */
export function logAnswers(server: FastifyInstance): void {
  server.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'answered',
    );
    done();
  });
}

// The message of a library's error can quote what somebody typed. Where it happened cannot, and nor can what
// the language itself says about a mistake in our code.
function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' };
  const code = 'code' in error ? String(error.code) : undefined;
  const isMistakeInCode =
    code === undefined && (error instanceof TypeError || error instanceof ReferenceError);
  return {
    type: error.name,
    message: isMistakeInCode ? error.message : '',
    stack: (error.stack ?? '').match(/^\s+at .*$/gm)?.join('\n') ?? '',
    ...(code === undefined ? {} : { code }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

type LoggedError = {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: string;
  readonly cause?: LoggedError;
};
