import assert from 'node:assert/strict';
import Schema from 'typebox/schema';

/** A JSON object as it comes over the wire. */
// biome-ignore lint/suspicious/noExplicitAny: tests read fields of answers whose shape the schema check has proved
export type Json = Record<string, any>;

/** An answer of the API, read. */
export type ApiAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
  readonly text: string;
};

/** Calls the API at `baseUrl` with fetch. A body is sent as JSON unless it is text already. */
export async function call(
  baseUrl: string,
  method: string,
  path: string,
  {
    body,
    headers = {},
  }: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<ApiAnswer> {
  const response = await fetch(baseUrl + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : {}, text };
}

/** Holds an answer against the schema that the OpenAPI document gives for this operation and status. */
export function assertAsDescribed(document: Json, operation: string, answer: ApiAnswer): void {
  const [method = '', path = ''] = operation.split(' ');
  const described = document.paths[path]?.[method.toLowerCase()]?.responses[answer.status];
  assert.ok(described, `${operation} does not describe the status ${answer.status}: ${answer.text}`);
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const schema = described.content[type]?.schema;
  assert.ok(schema, `${operation} does not describe ${type} for ${answer.status}`);
  if (!type.endsWith('json')) return;
  const whole = withoutReferences(document, schema) as object;
  if (Schema.Check(whole, answer.body)) return;
  const [, errors] = Schema.Errors(whole, answer.body);
  assert.fail(`${operation} ${answer.status} is not as described: ${JSON.stringify(errors.slice(0, 3))}`);
}

function withoutReferences(document: Json, schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((part) => withoutReferences(document, part));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref } = schema as Json;
  if (typeof $ref === 'string') {
    return withoutReferences(
      document,
      document.components.schemas[$ref.replace('#/components/schemas/', '')],
    );
  }
  return Object.fromEntries(
    Object.entries(schema).map(([key, part]) => [key, withoutReferences(document, part)]),
  );
}
