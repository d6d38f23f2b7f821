import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/** A strong ETag of a content (RFC 9110, 8.8.3): it changes with any byte. */
export function etagOf(content: string | Uint8Array): string {
  return `"${hash('sha256', content, 'base64url').slice(0, 22)}"`;
}

/**
 * Whether whoever asks has this content already (RFC 9110, 13.1.2): `If-None-Match` is a list, or `*`, and is compared weakly, because a
 * proxy that compresses marks an ETag as weak.
 */
export function isHeld({ headers }: Pick<FastifyRequest, 'headers'>, etag: string): boolean {
  const weak = (one: string): string => one.trim().replace(/^W\//, '');
  return (
    headers['if-none-match']?.split(',').some((one) => one.trim() === '*' || weak(one) === weak(etag)) ??
    false
  );
}
