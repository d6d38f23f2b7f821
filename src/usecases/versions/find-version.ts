import type { KeptVersion } from '#store/policy-versions.ts';

/** As many characters of a hash as somebody has to type. */
export const shortestHash = 8;

export type FoundVersion =
  | { readonly outcome: 'ok'; readonly version: KeptVersion }
  /** It is no beginning of a hash, or too short for one. */
  | { readonly outcome: 'no-hash' }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'several'; readonly versions: readonly KeptVersion[] };

/** The version whose hash begins like that. */
export function findVersion(versions: readonly KeptVersion[], typed: string): FoundVersion {
  const start = typed.trim().toLowerCase();
  if (start.length < shortestHash || !/^[0-9a-f]{1,64}$/.test(start)) return { outcome: 'no-hash' };
  const found = versions.filter(({ hash }) => hash.startsWith(start));
  const [first] = found;
  if (first === undefined) return { outcome: 'not-found' };
  return found.length === 1 ? { outcome: 'ok', version: first } : { outcome: 'several', versions: found };
}
