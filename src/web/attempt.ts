import { ServiceError } from '#platform/errors.ts';

/**
 * The id of what a form makes, which the form brings along: sent twice, it makes one thing. Throws `bad-request` where it is none, as
 * no form of ours sends.
 */
export function attemptIn(typed: unknown): string {
  if (typeof typed === 'string' && attempt.test(typed)) return typed;
  throw new ServiceError('bad-request', 'The form is not whole. Open its page again and send it from there.');
}

const attempt = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
