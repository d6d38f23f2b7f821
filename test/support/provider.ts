import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { type Configuration, errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';

/** Somebody whom the provider knows. `groups` is the claim that our settings map to roles. */
export type Account = { readonly name: string; readonly email: string; readonly groups: readonly string[] };

/** How this service is registered with the providers of the tests. */
export const client = { id: 'clear-to-use', secret: 'a-secret-of-the-tests-that-is-long-enough' } as const;
/** A machine that is registered with the provider, for client credentials. */
export const machine = { id: 'nightly-report', secret: 'a-secret-of-a-machine-that-is-long-enough' } as const;

/** A machine without roles of its own: what it may do is what its tokens are for. */
export const scoped = { id: 'weekly-report', secret: 'a-secret-of-another-machine-that-is-long' } as const;

/** A real OpenID provider on loopback, which can be taken down and put up again at the same address. */
export type TestProvider = {
  readonly issuer: string;
  /** An access token for a machine, made out to `audience`. */
  readonly machineToken: (audience: string) => Promise<string>;
  /** One for a machine that has what its scopes say, such as `ToolPolicy ToolAdmins`. */
  readonly scopedToken: (audience: string, scope: string) => Promise<string>;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
};

type Options = { readonly accounts: Readonly<Record<string, Account>>; readonly appUrl: string };

/** Starts the provider. Its pages are its own, plain and without anything from elsewhere. */
export async function startProvider({ accounts, appUrl }: Options): Promise<TestProvider> {
  const listening = await listen(0);
  let server: http.Server | undefined = listening.server;
  const issuer = `http://127.0.0.1:${listening.port}`;
  const provider = new Provider(issuer, await configurationOf({ accounts, appUrl }));
  const answer = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    if (request.url?.startsWith('/interaction/')) void interact(provider, request, response);
    else void provider.callback()(request, response);
  };
  listening.server.on('request', answer);
  return {
    issuer,
    machineToken: (audience) => tokenOf(issuer, machine, { resource: audience }),
    scopedToken: (audience, scope) => tokenOf(issuer, scoped, { resource: audience, scope }),
    async stop() {
      const stopped = server;
      server = undefined;
      if (stopped === undefined) return;
      stopped.closeAllConnections();
      stopped.close();
      await once(stopped, 'close');
    },
    async start() {
      server = (await listen(listening.port)).server.on('request', answer);
    },
  };
}

/** A port on which nobody listens at the moment, for a service that must know its own address before it starts. */
export async function freePort(): Promise<number> {
  const { server, port } = await listen(0);
  server.close();
  await once(server, 'close');
  return port;
}

async function listen(port: number): Promise<{ readonly server: http.Server; readonly port: number }> {
  const server = http.createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

async function configurationOf({ accounts, appUrl }: Options): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: 'one', use: 'sig', alg: 'RS256' };
  return {
    jwks: { keys: [key] },
    cookies: { keys: ['a-key-of-the-tests'] },
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [`${appUrl}/sign-in/back`],
        post_logout_redirect_uris: [`${appUrl}/signed-out`],
      },
      {
        client_id: machine.id,
        client_secret: machine.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
      {
        client_id: scoped.id,
        client_secret: scoped.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        scope: 'ToolPolicy ToolAdmins',
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email'] },
    // As Entra does it: what is known of a person stands in the id token.
    conformIdTokenClaims: false,
    findAccount: (_ctx, id) => {
      const account = accounts[id];
      return account && { accountId: id, claims: async () => ({ sub: id, ...account }) };
    },
    loadExistingGrant: agreeToEverything,
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    scopes: ['openid', 'offline_access', 'ToolPolicy', 'ToolAdmins'],
    extraTokenClaims: ({ oidc }) =>
      oidc.client?.clientId === scoped.id ? undefined : { name: 'Nightly report', groups: ['ToolPolicy'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = page(
            'Sign out of the provider',
            `${form}<button form="op.logoutForm" name="logout" value="yes">Yes, sign out</button>`,
          );
        },
      },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, audience) => ({
          scope: 'ToolPolicy ToolAdmins',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
        }),
      },
    },
    ttl: {
      ClientCredentials: 600,
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 3_600,
      IdToken: 3_600,
      Interaction: 600,
      Session: 3_600,
    },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = page('The provider refuses', JSON.stringify(out).replaceAll('<', '&lt;'));
    },
  };
}

// Nobody is asked whether our service may know their name: the department has said so.
async function agreeToEverything(ctx: KoaContextWithOIDC) {
  const { client: known, session, provider } = ctx.oidc;
  const clientId = known?.clientId ?? '';
  const grantId = session?.grantIdFor(clientId);
  if (grantId !== undefined) return provider.Grant.find(grantId);
  const grant = new provider.Grant({ clientId, accountId: session?.accountId ?? '' });
  grant.addOIDCScope('openid profile email');
  await grant.save();
  return grant;
}

async function interact(
  provider: Provider,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  try {
    const { uid } = await provider.interactionDetails(request, response);
    if (request.method === 'GET') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(page('Sign in at the provider', signInForm(uid)));
      return;
    }
    const form = new URLSearchParams(await textOf(request));
    const result =
      form.get('what') === 'cancel'
        ? { error: 'access_denied', error_description: 'They did not want to.' }
        : { login: { accountId: form.get('account') ?? '' } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  } catch (error) {
    response.statusCode = error instanceof errors.OIDCProviderError ? error.statusCode : 500;
    response.end(page('The provider refuses', String(error)));
  }
}

function signInForm(uid: string): string {
  return `<form method="post" action="/interaction/${uid}">
    <label for="account">Account</label> <input id="account" name="account">
    <button name="what" value="sign-in">Sign in</button> <button name="what" value="cancel">Cancel</button>
  </form>`;
}

function page(title: string, html: string): string {
  return `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${html}</html>`;
}

async function textOf(request: http.IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

async function tokenOf(
  issuer: string,
  { id, secret }: { readonly id: string; readonly secret: string },
  fields: Readonly<Record<string, string>>,
): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...fields }),
  });
  const { access_token: token } = (await answer.json()) as { readonly access_token?: string };
  if (token === undefined) throw new Error(`the provider gives no token: ${answer.status}`);
  return token;
}
