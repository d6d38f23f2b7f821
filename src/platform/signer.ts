import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';

/** Signs texts with the key of the service (Ed25519, RFC 8032). */
export type Signer = {
  /** The signature of a text, base64url. */
  readonly sign: (text: string) => string;
  /** Whether a signature of a text was made with this key. */
  readonly isMine: (text: string, signature: string) => boolean;
  /** The public key, as PEM: enough to check a signature anywhere. */
  readonly publicKey: string;
  /** `fingerprintOf` the public key. */
  readonly fingerprint: string;
};

/** A new private key, as PEM. */
export function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Signs with a private key. Throws where the text is none. */
export function createSigner(privateKey: string): Signer {
  const key = createPrivateKey(privateKey);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return {
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'),
    isMine: (text, signature) => isSignedWith(publicKey, text, signature),
    publicKey,
    fingerprint: fingerprintOf(publicKey),
  };
}

/**
 * What people compare of a public key: the SHA-256 of its DER form in hexadecimal digits, as `openssl pkey -pubin -outform DER | sha256sum`
 * prints it. Throws where the text is no key.
 */
export function fingerprintOf(publicKey: string): string {
  const der = createPublicKey(publicKey).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex');
}

/** Whether a signature of a text was made with the private half of a key. False also where the key or the signature is none. */
export function isSignedWith(publicKey: string, text: string, signature: string): boolean {
  try {
    return verify(null, Buffer.from(text), createPublicKey(publicKey), Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}
