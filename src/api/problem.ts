import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, type Problem, serviceErrors } from '#platform/errors.ts';

/**
 * One mistake in a request. `pointer` says where: a JSON Pointer into the body (`/facts/account`), `?name` for a parameter
 * of the query, `{name}` for a part of the path.
 */
export type RequestError = {
  readonly pointer: string;
  readonly detail: string;
  readonly suggestion?: string;
};

/** An error before it is sent: its code, what is wrong this time, and each mistake where there are several places. */
export type ApiError = {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors?: readonly RequestError[];
  readonly reference?: string;
};

/** Answers with `application/problem+json` (RFC 9457). The status and title follow from the code. */
export function sendProblem(
  reply: FastifyReply,
  { code, detail, errors, reference }: ApiError,
): FastifyReply {
  const { status, title } = serviceErrors[code];
  const problem = {
    type: `/api#${code}`,
    title,
    status,
    detail,
    code,
    ...(reference === undefined ? {} : { instance: `urn:clear-to-use:failure:${reference}`, reference }),
    ...(errors === undefined || errors.length === 0 ? {} : { errors }),
  };
  return reply
    .code(status)
    .header('content-type', 'application/problem+json')
    .header('content-language', 'en')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem));
}

/** `sendProblem` for what the server itself finds: the `onProblem` of platform/server.ts, for requests to the API. */
export function apiProblem(_request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.code !== 'unsupported-media-type') return sendProblem(reply, problem);
  return sendProblem(reply, { ...problem, detail: 'Send JSON, with `Content-Type: application/json`.' });
}

/** Whether a request is one to the API, so that what goes wrong with it is answered in the API's form. */
export function isForApi(request: Pick<FastifyRequest, 'originalUrl'>): boolean {
  const path = request.originalUrl.replace(/[?#].*$/s, '');
  return path.startsWith('/api/') || ['/health', '/info', '/ping'].includes(path);
}

// More than anybody reads, and few enough that a hostile request does not get a large answer.
const mostErrors = 100;

/** The mistakes of one request as an error: a single one speaks for itself. */
export function errorOf(code: ErrorCode, errors: readonly RequestError[]): ApiError {
  const [first, ...others] = errors;
  const detail =
    others.length === 0 && first !== undefined
      ? first.detail
      : `${errors.length} things in the request cannot be used: see \`errors\``;
  return { code, detail, errors: errors.slice(0, mostErrors) };
}
