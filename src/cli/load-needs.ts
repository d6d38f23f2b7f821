import type { Needs } from '#usecases/needs.ts';
import type { CliParts } from './parts.ts';
import { complain } from './terminal.ts';

/** What asking needs, or null where the guidance pack cannot be used; then stderr has said why. */
export async function loadNeeds({ needs, io }: CliParts): Promise<Needs | null> {
  const loaded = await needs();
  if ('policy' in loaded) return loaded;
  complain(io.stderr, [
    ...loaded,
    'The guidance pack cannot be used. `clear-to-use policy check` says more.',
  ]);
  return null;
}
