import { ServiceError } from '#platform/errors.ts';
import { isPastId } from '#platform/ids.ts';

/**
 * The id of what a form makes, which the form brings along: sent twice, it makes one thing. Throws `bad-request` where it is none, or
 * one of a time to come, as no form of ours sends: lists go by ids.
 */
export function attemptIn(typed: unknown): string {
  if (typeof typed === 'string' && isPastId(typed)) return typed;
  throw new ServiceError('bad-request', 'The form is not whole. Open its page again and send it from there.');
}
