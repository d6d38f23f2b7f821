import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { client } from './provider.ts';

/** What a provider that works would not do. Where nothing is said it does what is right. */
export type Oddity = {
  /** Claims of the next tokens that differ; one that is undefined is left out. */
  readonly claims?: (usual: JWTPayload) => JWTPayload;
  /** Signs with a key that it does not publish, under the name of the one it does. */
  readonly hasAnotherKey?: boolean;
  /** What each of its addresses answers instead: a status, and a body that is not JSON; 0 hangs up. */
  readonly broken?: Partial<Record<'discovery' | 'keys' | 'token', number>>;
  /** Parameters with which the browser comes back that differ. */
  readonly back?: Readonly<Record<string, string | null>>;
};

/** A provider that misbehaves as it is told to: what a real one cannot be made to do. */
export type OddProvider = {
  readonly issuer: string;
  /** What it does from now on. */
  readonly behave: (oddity: Oddity) => void;
  /** A token for a machine, signed as it does at the moment. */
  readonly accessToken: (claims: JWTPayload) => Promise<string>;
  readonly close: () => Promise<void>;
};

const algorithm = 'RS256';

/** Starts it on a free port of loopback. Whoever comes to it is signed in as Robin Odd at once. */
export async function startOddProvider(): Promise<OddProvider> {
  const [own, another] = await Promise.all([generateKeyPair(algorithm), generateKeyPair(algorithm)]);
  const keys = { keys: [{ ...(await exportJWK(own.publicKey)), kid: 'one', use: 'sig', alg: algorithm }] };
  let oddity: Oddity = {};
  const nonces = new Map<string, string>();
  const server = http.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const sign = (usual: JWTPayload): Promise<string> =>
    new SignJWT(JSON.parse(JSON.stringify(oddity.claims?.(usual) ?? usual)))
      .setProtectedHeader({ alg: algorithm, kid: 'one' })
      .sign((oddity.hasAnotherKey === true ? another : own).privateKey);
  const now = (): number => Math.floor(Date.now() / 1000);

  const places: Readonly<Record<string, (address: URL, body: string, to: http.ServerResponse) => unknown>> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [algorithm],
    }),
    '/keys': () => keys,
    '/authorize': ({ searchParams }, _body, to) => {
      const code = `code-${nonces.size}`;
      nonces.set(code, searchParams.get('nonce') ?? '');
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      const usual = { code, state: searchParams.get('state'), ...oddity.back };
      for (const [name, value] of Object.entries(usual))
        if (value !== null) back.searchParams.set(name, value);
      to.writeHead(303, { location: back.href });
      return undefined;
    },
    '/token': async (_address, body) => {
      const nonce = nonces.get(new URLSearchParams(body).get('code') ?? '') ?? '';
      const idToken = await sign({
        iss: issuer,
        aud: client.id,
        sub: 'robin',
        name: 'Robin Odd',
        nonce,
        iat: now(),
        exp: now() + 300,
      });
      return { access_token: 'opaque', token_type: 'Bearer', expires_in: 300, id_token: idToken };
    },
  };
  const brokenAt: Readonly<Record<string, 'discovery' | 'keys' | 'token'>> = {
    '/.well-known/openid-configuration': 'discovery',
    '/keys': 'keys',
    '/token': 'token',
  };

  server.on('request', async (request, response) => {
    const address = new URL(request.url ?? '/', issuer);
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const status = oddity.broken?.[brokenAt[address.pathname] ?? 'token'];
    if (status === 0 && brokenAt[address.pathname] !== undefined) return void request.socket.destroy();
    if (status !== undefined && brokenAt[address.pathname] !== undefined)
      return void response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Out of order</h1>');
    const answer = await places[address.pathname]?.(address, body, response);
    if (answer === undefined) return void response.end();
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });

  return {
    issuer,
    behave(next) {
      oddity = next;
    },
    accessToken: sign,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
