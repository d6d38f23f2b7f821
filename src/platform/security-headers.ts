import type { FastifyHelmetOptions } from '@fastify/helmet';
import type { Config } from './config.ts';

/** The one inline script of a page: GOV.UK Frontend's template uses it to say that scripts run. */
export const inlineScriptHash = 'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw=';

/** Browser features that no page needs. */
export const permissionsPolicy =
  'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()';

/** Helmet's options. Over plain http a browser must not be told to change to https: nobody answers there. */
export function securityHeaders({
  baseUrl,
  oidcIssuer,
}: Pick<Config, 'baseUrl' | 'oidcIssuer'>): FastifyHelmetOptions {
  const isHttps = baseUrl.startsWith('https:');
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", `'${inlineScriptHash}'`],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        // The button to sign out leads on to the provider, and some browsers check where a form ends up.
        formAction: ["'self'", ...(oidcIssuer === null ? [] : [new URL(oidcIssuer).origin])],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        // `default-src` says the same; not everything that checks policies knows that.
        objectSrc: ["'none'"],
        ...(isHttps ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  };
}
