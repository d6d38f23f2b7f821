import { EncryptJWT, jwtDecrypt } from 'jose';
import type { Config } from './config.ts';

type Place = Pick<Config, 'baseUrl'>;

/** Whether people reach the service over TLS. */
export function isSecure({ baseUrl }: Place): boolean {
  return baseUrl.startsWith('https:');
}

/**
 * The name of a cookie. Over TLS it has the prefix with which browsers take it from this host alone, for the whole of it and
 * over TLS only (RFC 6265bis, 4.1.3.2). Without TLS, which is for trying out, browsers would refuse that.
 */
export function cookieName(config: Place, name: 'session' | 'signing-in' | 'form'): string {
  return isSecure(config) ? `__Host-${name}` : name;
}

/** How a cookie is set: no script can read it, and no other site can send it along with what changes something. */
export function cookieOptions(config: Place) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(config) } as const;
}

/** Seals values, so that whoever keeps them for us can neither read nor change them. */
export type Sealer = {
  readonly seal: (value: Readonly<Record<string, string>>, minutes: number) => Promise<string>;
  /** What was sealed; null where it was changed, was sealed by somebody else, or has had its time. */
  readonly open: (sealed: string) => Promise<Readonly<Record<string, unknown>> | null>;
};

/** Seals with a key of 32 bytes, base64url (JWE, A256GCM). */
export function createSealer(key: string): Sealer {
  const bytes = Buffer.from(key, 'base64url');
  return {
    seal: (value, minutes) =>
      new EncryptJWT({ ...value })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setExpirationTime(`${minutes} minutes`)
        .encrypt(bytes),
    async open(sealed) {
      try {
        return (await jwtDecrypt(sealed, bytes)).payload;
      } catch {
        return null;
      }
    },
  };
}
