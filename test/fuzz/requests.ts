import { broken, hostileJson, hostileText, ownNames } from './hostile-values.ts';
import type { Random } from './random.ts';
import type { CallTarget, FormTarget, Targets } from './targets.ts';

/** A request that HTTP can carry, whatever stands in it. */
export type HttpRequest = {
  readonly kind: 'http';
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
};
/** Bytes that may not even be HTTP. */
export type RawRequest = { readonly kind: 'raw'; readonly bytes: Buffer };
export type FuzzRequest = HttpRequest | RawRequest;

/** Whom a request may come from: the cookies of a session, the token of its forms, and an access token. */
export type Identity = { readonly cookie: string; readonly formToken: string; readonly accessToken: string };

/** One malformed request: a call, a form or bytes, with as much wrong in it as chance wants. */
export function makeRequest(random: Random, targets: Targets, identity: Identity): FuzzRequest {
  if (random.oneIn(40)) return rawRequest(random, targets, identity);
  return random.oneIn(2)
    ? callRequest(random, random.pick(targets.calls), targets, identity)
    : formRequest(random, random.pick(targets.forms), identity);
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];
const mediaTypes = [
  'application/json',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=iso-8859-1',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'text/plain',
  'text/xml',
  'application/octet-stream',
  'application/problem+json',
  '',
  ';',
  'a/b/c',
  '*/*',
];

function callRequest(
  random: Random,
  { method, path, query, body }: CallTarget,
  { schemas }: Targets,
  identity: Identity,
): HttpRequest {
  const address = path.replace(/\{\w+\}/g, () =>
    random.oneIn(3) ? 'trello' : pathPart(random, hostileText(random)),
  );
  const parameters: [string, string][] = [];
  for (const { name, schema } of query)
    if (random.oneIn(2)) parameters.push([name, textOf(valueFor(random, schema, schemas))]);
  const headers: Record<string, string> = { ...someHeaders(random) };
  if (!random.oneIn(3)) headers.authorization = `Bearer ${identity.accessToken}`;
  else if (random.oneIn(3)) headers.authorization = headerText(hostileText(random));
  const whole = {
    method: random.oneIn(15) ? random.pick(methods) : method,
    path: random.oneIn(20) ? brokenAddress(random, address) : address + queryOf(random, parameters),
    headers,
  };
  const hasBody = whole.method !== 'GET' && whole.method !== 'HEAD' && (body !== null || random.oneIn(3));
  if (!hasBody) return { kind: 'http', ...whole, body: null };
  headers['content-type'] = random.oneIn(12) ? random.pick(mediaTypes) : 'application/json';
  const value = body === null || random.oneIn(8) ? hostileJson(random) : valueFor(random, body, schemas);
  return { kind: 'http', ...whole, body: jsonBytes(random, value) };
}

function formRequest(random: Random, { method, path, fields }: FormTarget, identity: Identity): HttpRequest {
  const parameters: [string, string][] = [];
  for (const [name, value] of fields) {
    if (name === '_csrf') {
      parameters.push([name, random.oneIn(10) ? hostileText(random) : identity.formToken]);
      continue;
    }
    if (random.oneIn(8)) continue;
    parameters.push([hostileName(random, name), random.oneIn(2) ? value : hostileText(random)]);
    if (random.oneIn(10)) parameters.push([name, random.oneIn(2) ? value : hostileText(random)]);
  }
  while (random.oneIn(3)) parameters.push([hostileName(random, random.pick(factNames)), hostileText(random)]);
  const address = random.oneIn(10)
    ? path.replace(/[^/]+$/, () => pathPart(random, hostileText(random)))
    : path;
  const headers: Record<string, string> = { ...someHeaders(random) };
  headers.cookie = random.oneIn(10) ? hostileCookie(random, identity) : identity.cookie;
  const sent = random.oneIn(20) ? random.pick(methods) : method;
  if (sent === 'GET' || sent === 'HEAD') {
    const whole = random.oneIn(20) ? brokenAddress(random, address) : address + queryOf(random, parameters);
    return { kind: 'http', method: sent, path: whole, headers, body: null };
  }
  headers['content-type'] = random.oneIn(12) ? random.pick(mediaTypes) : 'application/x-www-form-urlencoded';
  const text = random.oneIn(30)
    ? JSON.stringify(Object.fromEntries(parameters))
    : parametersText(random, parameters);
  return { kind: 'http', method: sent, path: address, headers, body: someBytes(random, Buffer.from(text)) };
}

const factNames = [
  'tool',
  'account',
  'organisation',
  'sent',
  'policy',
  'on',
  'return',
  'q',
  'limit',
  'cursor',
  'x',
];

function hostileName(random: Random, name: string): string {
  if (!random.oneIn(12)) return name;
  return random.pick([
    random.pick(ownNames),
    `${name}[]`,
    `${name}[0]`,
    `${name}[__proto__]`,
    `${name}.x`,
    `answer.${name}`,
    name.toUpperCase(),
    hostileText(random),
  ]);
}

// A value that fits the schema in about half the cases, and otherwise anything.
function valueFor(random: Random, schema: Schema, schemas: Targets['schemas'], depth = 4): unknown {
  if (random.oneIn(4)) return hostileJson(random, 2);
  const { $ref, type, properties, items, default: usual } = schema;
  const choices = schema.enum as readonly unknown[] | undefined;
  const variants = schema.anyOf as readonly Schema[] | undefined;
  if (typeof $ref === 'string')
    return valueFor(random, schemas[$ref.replace('#/components/schemas/', '')] ?? {}, schemas, depth);
  if (choices !== undefined) return random.pick(choices);
  if (variants !== undefined) return valueFor(random, random.pick(variants), schemas, depth);
  if (type === 'object' && depth > 0) {
    const value: Record<string, unknown> = {};
    for (const [name, part] of Object.entries((properties ?? {}) as Record<string, Schema>))
      if (random.oneIn(2)) value[hostileName(random, name)] = valueFor(random, part, schemas, depth - 1);
    return value;
  }
  if (type === 'array')
    return Array.from({ length: random.below(4) }, () =>
      valueFor(random, (items ?? {}) as Schema, schemas, depth - 1),
    );
  if (type === 'integer') return usual ?? random.below(1_000);
  if (type === 'boolean') return random.oneIn(2);
  return random.oneIn(3) ? hostileText(random) : random.pick(['trello', '2026-11-22', 'work', 'unknown']);
}

type Schema = CallTarget['query'][number]['schema'];

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function jsonBytes(random: Random, value: unknown): Buffer {
  let text = JSON.stringify(value) ?? '';
  // Keys that stand twice, which no object can hold.
  if (random.oneIn(15)) text = text.replace(/\{/, '{"facts":{"tool":"x"},"__proto__":{"a":1},"facts":1,');
  if (random.oneIn(40)) text = `${'['.repeat(20_000)}${text}`;
  return someBytes(random, Buffer.from(text));
}

function someBytes(random: Random, bytes: Buffer): Buffer {
  if (random.oneIn(12)) return broken(random, bytes);
  if (random.oneIn(60)) return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
  if (random.oneIn(60)) return Buffer.from(bytes.toString(), 'utf16le');
  if (random.oneIn(150))
    return Buffer.alloc(random.pick([65_536, 65_537, 70_000, 200_000]), bytes.length > 0 ? bytes : 'x');
  return bytes;
}

function queryOf(random: Random, parameters: readonly (readonly [string, string])[]): string {
  return parameters.length === 0 ? '' : `?${parametersText(random, parameters)}`;
}

function parametersText(random: Random, parameters: readonly (readonly [string, string])[]): string {
  return parameters
    .map(([name, value]) => `${encoded(random, name)}=${encoded(random, value)}`)
    .join(random.oneIn(30) ? random.pick([';', '&&', '&=&', '#']) : '&');
}

function encoded(random: Random, text: string): string {
  // As it is, for what a path can hold: `%zz` and `+` are not the same once they are encoded.
  if (random.oneIn(10)) return text.replace(/[^\u0021-\u007e]|[&#]/g, '');
  return encodeURIComponent(text.toWellFormed());
}

function pathPart(random: Random, text: string): string {
  return encoded(random, text.slice(0, 300)).replaceAll(' ', '');
}

function brokenAddress(random: Random, address: string): string {
  const text = broken(random, Buffer.from(address)).toString('latin1');
  return `/${text.replace(/[^\u0021-\u007e]/g, '')}`;
}

function someHeaders(random: Random): Record<string, string> {
  if (!random.oneIn(3)) return {};
  const name = random.pick([
    'accept',
    'accept-encoding',
    'accept-language',
    'if-none-match',
    'if-modified-since',
    'range',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-http-method-override',
    'origin',
    'referer',
    'user-agent',
    'content-encoding',
    'csrf-token',
    'x-request-id',
    '__proto__',
    'constructor',
  ]);
  const usual = [
    '*',
    '*/*;q=0',
    'gzip;q=NaN, br',
    'W/"x"',
    '"',
    'bytes=0-',
    'text/html',
    ',,,;q',
    'gzip',
    'cy',
  ];
  const value = random.oneIn(2) ? random.pick(usual) : headerText(hostileText(random));
  // An own property, also where the name is `__proto__`.
  return Object.fromEntries([[name, value]]);
}

function headerText(text: string): string {
  return text.replace(/[^\t\u0020-\u007e\u00a0-\u00ff]/g, '').slice(0, 1_000);
}

function hostileCookie(random: Random, { cookie }: Identity): string {
  const text = headerText(hostileText(random));
  return random.pick([
    `session=${text}`,
    `form=${text}; ${cookie}`,
    `${cookie}; session=${text}`,
    `__proto__=${text}; ${cookie}`,
    `signing-in=${text}; ${cookie}`,
    `${cookie};;;=;${text}`,
    text,
    'session="',
    'session=%',
  ]);
}

function rawRequest(random: Random, targets: Targets, identity: Identity): RawRequest {
  const form = random.pick(targets.forms);
  const head = (line: string, ...fields: string[]): string =>
    `${line}\r\n${[`Host: localhost`, `Cookie: ${identity.cookie}`, ...fields].join('\r\n')}\r\n\r\n`;
  const text = random.pick([
    () => head(`GET ${form.path} HTTP/1.1`),
    () => head(`GET ${form.path} HTTP/${random.pick(['0.9', '1.0', '1.2', '2.0', '9.9', ''])}`),
    () => head(`GET ${hostileText(random)} HTTP/1.1`),
    () => head(`GET http://elsewhere.example${form.path} HTTP/1.1`),
    () => head(`${hostileText(random)} / HTTP/1.1`),
    () => head('GET * HTTP/1.1'),
    () => head('CONNECT elsewhere.example:443 HTTP/1.1'),
    () => head('GET / HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x'),
    () => head('GET / HTTP/1.1', 'Expect: 100-continue'),
    () => head('GET / HTTP/1.1', 'Expect: everything'),
    () => head('GET / HTTP/1.1', `X-${random.below(9)}: ${hostileText(random)}`),
    () => head('GET / HTTP/1.1', `Content-Length: ${hostileText(random)}`),
    () =>
      head('POST /api/v1/decisions HTTP/1.1', 'Content-Length: 10', 'Content-Type: application/json').concat(
        '{}',
      ),
    () =>
      head(
        'POST /api/v1/decisions HTTP/1.1',
        'Transfer-Encoding: chunked',
        'Content-Type: application/json',
      ).concat(
        random.pick([
          '2\r\n{}\r\n0\r\n\r\n',
          'zz\r\n',
          'ffffffffffffffff\r\n',
          '2;x=y\r\n{}\r\n0\r\nX: y\r\n\r\n',
          '-1\r\n',
          '1\r\n',
        ]),
      ),
    () =>
      head('POST /sign-in/trial HTTP/1.1', 'Content-Length: 5', 'Transfer-Encoding: chunked').concat(
        '0\r\n\r\n',
      ),
    () => `GET / HTTP/1.1\r\n\r\n`,
    () => `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`,
    () => `GET / HTTP/1.1\nHost: a\n\n`,
    () => `GET / HTTP/1.1\r\nHost: ${hostileText(random)}\r\n\r\n`,
    () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001',
    () => hostileText(random),
    () => head('GET / HTTP/1.1').repeat(3),
    () => head(`GET /${'x'.repeat(random.below(70_000))} HTTP/1.1`),
  ])();
  const bytes = Buffer.from(text, random.oneIn(2) ? 'latin1' : 'utf8');
  return { kind: 'raw', bytes: random.oneIn(2) ? broken(random, bytes) : bytes };
}
