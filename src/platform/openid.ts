import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import * as openid from 'openid-client';

/** How this service is known to an OpenID provider. */
export type OpenIdSettings = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
  /** The claim with the names of roles or groups. */
  readonly roleClaim: string;
  /** What the access tokens of machines must be made out to; null: machines cannot use them. */
  readonly audience: string | null;
  /** Where the provider sends people back to. */
  readonly redirectUri: string;
  readonly signedOutUri: string;
};

/** What a provider says of somebody. */
export type Identity = {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string | null;
  /** What stands in the claim for roles, as it is. */
  readonly claimed: readonly string[];
};

/** What an access token of the provider says beside that. */
export type TokenIdentity = Identity & {
  /** What the token was given for; empty where it does not say so. */
  readonly scopes: readonly string[];
  /** Whether it was given to a program in its own name, and not for a person. */
  readonly isProgram: boolean;
};

/** What has to be remembered, by the browser alone, until it comes back. */
export type PendingSignIn = { readonly state: string; readonly nonce: string; readonly verifier: string };

export type SignInResult =
  | { readonly outcome: 'ok'; readonly identity: Identity; readonly idToken: string }
  /** The person, or the provider for the person, said no. */
  | { readonly outcome: 'denied' }
  /** It cannot be trusted or read; `reason` is for the log. */
  | { readonly outcome: 'failed'; readonly reason: string }
  | { readonly outcome: 'unavailable'; readonly reason: string };

export type Begun =
  | { readonly outcome: 'ok'; readonly address: string; readonly pending: PendingSignIn }
  /** The provider cannot be used; `reason` is for the log. */
  | { readonly outcome: 'unavailable'; readonly reason: string };

export type OpenIdClient = {
  /** Where to send the browser, with what it has to bring back. */
  readonly begin: () => Promise<Begun>;
  /** Takes the browser's way back: `address` is the whole one that it came to. */
  readonly finish: (address: URL, pending: PendingSignIn) => Promise<SignInResult>;
  /** Where to send the browser so that the provider's session ends too; null where it has no place for that. */
  readonly endSession: (idToken: string | null) => Promise<string | null>;
  /** Who a machine is that brings an access token of the provider. */
  readonly readAccessToken: (token: string) => Promise<TokenResult>;
};

export type TokenResult =
  | { readonly outcome: 'ok'; readonly identity: TokenIdentity }
  | Exclude<SignInResult, { readonly outcome: 'ok' }>;

const clockToleranceSeconds = 30;
const timeoutSeconds = 10;
// Public keys only: with a shared one whoever can check a token could make one.
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/**
 * OpenID Connect, the authorisation code flow with PKCE, state and nonce. The provider's description is read when it is first
 * needed and again after a failure, so that the service starts without the provider.
 */
export function createOpenIdClient(settings: OpenIdSettings): OpenIdClient {
  const isInsecure = settings.issuer.startsWith('http:');
  let discovered: Promise<openid.Configuration> | undefined;
  const configuration = (): Promise<openid.Configuration> => {
    discovered ??= openid
      .discovery(
        new URL(settings.issuer),
        settings.clientId,
        { client_secret: settings.clientSecret, [openid.clockTolerance]: clockToleranceSeconds },
        undefined,
        {
          timeout: timeoutSeconds,
          execute: [
            // The signature of an id token too, although it came from the provider itself.
            openid.enableNonRepudiationChecks,
            ...(isInsecure ? [openid.allowInsecureRequests] : []),
          ],
        },
      )
      .catch((error: unknown) => {
        discovered = undefined;
        throw error;
      });
    return discovered;
  };
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

  return {
    async begin() {
      const config = await configuration().catch((error: unknown) => reasonOf(error));
      if (typeof config === 'string') return { outcome: 'unavailable', reason: config };
      const pending = {
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        verifier: openid.randomPKCECodeVerifier(),
      };
      const address = openid.buildAuthorizationUrl(config, {
        redirect_uri: settings.redirectUri,
        scope: settings.scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
      });
      return { outcome: 'ok', address: address.href, pending };
    },

    async finish(address, pending) {
      try {
        const config = await configuration();
        const tokens = await openid.authorizationCodeGrant(config, address, {
          expectedState: pending.state,
          expectedNonce: pending.nonce,
          pkceCodeVerifier: pending.verifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined || tokens.id_token === undefined)
          return { outcome: 'failed', reason: 'no id token' };
        return { outcome: 'ok', identity: identityIn(claims, settings, 'No name'), idToken: tokens.id_token };
      } catch (error) {
        return failureOf(error);
      }
    },

    async endSession(idToken) {
      const config = await configuration().catch(() => null);
      if (config?.serverMetadata().end_session_endpoint === undefined) return null;
      return openid.buildEndSessionUrl(config, {
        post_logout_redirect_uri: settings.signedOutUri,
        ...(idToken === null ? {} : { id_token_hint: idToken }),
      }).href;
    },

    async readAccessToken(token) {
      if (settings.audience === null) return { outcome: 'failed', reason: 'no audience is set' };
      try {
        const { jwks_uri: place, issuer } = (await configuration()).serverMetadata();
        if (place === undefined) return { outcome: 'failed', reason: 'the provider publishes no keys' };
        keys ??= createRemoteJWKSet(new URL(place), { timeoutDuration: timeoutSeconds * 1000 });
        const { payload } = await jwtVerify(token, keys, {
          issuer,
          audience: settings.audience,
          algorithms,
          clockTolerance: clockToleranceSeconds,
          requiredClaims: ['exp', 'sub'],
        });
        // Only what says who signed in has it: the answer to ours, which is no key to anything.
        if (payload.nonce !== undefined) return { outcome: 'failed', reason: 'it is an id token' };
        return { outcome: 'ok', identity: tokenIdentityIn(payload, settings) };
      } catch (error) {
        return failureOf(error);
      }
    },
  };
}

function identityIn(claims: JWTPayload, { issuer, roleClaim }: OpenIdSettings, nameless: string): Identity {
  const claimed = claims[roleClaim];
  return {
    issuer: claims.iss ?? issuer,
    subject: claims.sub ?? '',
    name: textOf(claims.name) ?? textOf(claims.preferred_username) ?? textOf(claims.email) ?? nameless,
    email: textOf(claims.email),
    claimed: (Array.isArray(claimed) ? claimed : [claimed]).filter((one) => typeof one === 'string'),
  };
}

// A machine has no name. The client id tells which one it is: RFC 9068 calls it `client_id`, Entra `azp` or `appid`. A token that a
// program got for itself has the client id as its subject (RFC 9068, 2.2); Entra, which has not, says `app`.
function tokenIdentityIn(payload: JWTPayload, settings: OpenIdSettings): TokenIdentity {
  const { client_id: own, azp, appid, sub, scope, scp, idtyp } = payload;
  const program = textOf(own) ?? textOf(azp) ?? textOf(appid);
  const scopes = [scope ?? scp].flat().filter((one) => typeof one === 'string');
  return {
    ...identityIn(payload, settings, program ?? 'No name'),
    scopes: scopes.flatMap((one) => one.split(' ')).filter((one) => one !== ''),
    isProgram: idtyp === 'app' || (program !== null && program === sub),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : null;
}

// The messages of the libraries name what is wrong and quote nothing that is secret.
function failureOf(error: unknown): Exclude<SignInResult, { outcome: 'ok' }> {
  if (error instanceof openid.AuthorizationResponseError && error.error === 'access_denied')
    return { outcome: 'denied' };
  const reason = reasonOf(error);
  return { outcome: isOutage(error, reason) ? 'unavailable' : 'failed', reason };
}

function reasonOf(error: unknown): string {
  const { code, message, cause } = error as Error & { readonly code?: string };
  if (error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError)
    // The code stands in the address, where anybody can write it.
    return /^\w{1,60}$/.test(error.error) ? error.error : 'an error that is no code';
  // `fetch` itself only says that it failed.
  return code ?? (cause as { readonly code?: string } | undefined)?.code ?? message;
}

// What tells that the provider does not work, or that it does not know us: nobody did anything wrong on the way. Everything that
// is not named here is something that came back and cannot be trusted.
const outages: readonly string[] = [
  'server_error',
  'temporarily_unavailable',
  'invalid_client',
  'unauthorized_client',
  'OAUTH_TIMEOUT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
  // Its keys come too late, with another status than 200, or not as keys.
  'ERR_JWKS_TIMEOUT',
  'ERR_JOSE_GENERIC',
  'ERR_JWKS_INVALID',
];

function isOutage(error: unknown, reason: string): boolean {
  // What `fetch` throws where it gets no answer.
  const isUnreachable = error instanceof TypeError && error.cause instanceof Error;
  return (
    isUnreachable ||
    outages.includes(reason) ||
    (error instanceof openid.ResponseBodyError && error.status >= 500)
  );
}
