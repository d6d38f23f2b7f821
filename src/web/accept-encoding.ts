import type { FastifyRequest } from 'fastify';

/** Whether whoever asks takes an encoding: it is named in `Accept-Encoding`, and not with `q=0` (RFC 9110, 12.5.3). */
export function accepts({ headers }: Pick<FastifyRequest, 'headers'>, encoding: string): boolean {
  const accepted = headers['accept-encoding'];
  if (typeof accepted !== 'string') return false;
  return accepted.split(',').some((part) => {
    const [coding, quality] = part.split(';').map((piece) => piece.trim());
    return coding?.toLowerCase() === encoding && !/^q=0(\.0*)?$/.test(quality ?? '');
  });
}
