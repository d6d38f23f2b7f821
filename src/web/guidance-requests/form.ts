import type { FastifyRequest } from 'fastify';
import { ServiceError } from '#platform/errors.ts';
import type { Query } from '../ask/address.ts';

/** The fields of a form that was sent, each once. */
export type Form = Readonly<Record<string, string | undefined>>;

/** What was sent. A field that was sent twice is a list, which no form of ours sends: it counts as not sent. */
export function formIn(request: FastifyRequest): Form {
  const entries = Object.entries((request.body ?? {}) as Query);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Whoever asks has not signed in. */
export function notAllowed(): ServiceError {
  return new ServiceError('not-allowed', 'Sign in to ask your line manager, and to answer as one.');
}

/** What was looked at has become something else. */
export function conflict(): ServiceError {
  return new ServiceError(
    'conflict',
    'The answer has changed since you opened this page, so nothing was sent. Check the tool again.',
  );
}
