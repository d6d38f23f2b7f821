import type { TSchema } from 'typebox';
import type { Pack } from '#domain/policy/pack.ts';
import { serviceErrors } from '#platform/errors.ts';
import { build } from '#platform/version.ts';
import type { ApiRoute } from './route.ts';
import { Problem } from './schemas.ts';

type Json = { [key: string]: unknown };

/** The OpenAPI 3.1 document of these routes. The facts of the pack are in it, so it changes with the policy. */
export function openApiDocument(routes: readonly ApiRoute[], pack: Pack): Json {
  const components: Json = {};
  const paths: { [path: string]: Json } = {};
  for (const route of routes) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(route, pack, components),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Clear to Use',
      version: build.version,
      description: `May I use this tool, with this account, for this purpose, with this information? Guidance: ${pack.department}, ${pack.label}.`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An access token that somebody made on their account page, or one of the OpenID provider.',
        },
      },
    },
  };
}

// Every call can meet these: an address that cannot be read or is too long, another method or form, and a failure of ours.
const always = [400, 405, 406, 414, 500];

function operationOf(route: ApiRoute, pack: Pack, components: Json): Json {
  const {
    id,
    summary,
    params = {},
    packQuery,
    query = packQuery?.(pack),
    body,
    answer,
    alsoAnswers = [],
    problems,
  } = route;
  const refer = (schema: TSchema) => withReferences(schema, components);
  const parameters = [
    ...Object.entries(params).map(([name, description]) => ({
      name,
      in: 'path',
      required: true,
      description,
      schema: { type: 'string' },
    })),
    ...Object.entries(query?.properties ?? {}).map(([name, schema]) => {
      const { description, ...rest } = refer(schema) as Json;
      return { name, in: 'query', required: false, description, schema: rest };
    }),
  ];
  const content =
    answer === 'text' ? { 'text/plain': { schema: { type: 'string' } } } : jsonContent(refer(answer));
  const isKept = route.keeps !== 'never';
  return {
    operationId: id,
    summary,
    ...(route.action === undefined ? {} : { security: [{ token: [] }] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: jsonContent(refer(body(pack))) } }),
    responses: {
      200: { description: 'The answer.', content },
      ...(isKept ? { 304: { description: 'The same as what `If-None-Match` names.' } } : {}),
      ...Object.fromEntries(alsoAnswers.map((status) => [status, { description: 'The answer.', content }])),
      ...Object.fromEntries(
        [...always, ...(route.path.startsWith('/api/') ? [429] : []), ...problems].sort().map((status) => [
          status,
          {
            description: titleOf(status),
            content: { 'application/problem+json': { schema: refer(Problem) } },
          },
        ]),
      ),
    },
  };
}

function jsonContent(schema: unknown): Json {
  return { 'application/json': { schema } };
}

function titleOf(status: number): string {
  return `${Object.values(serviceErrors).find((error) => error.status === status)?.title ?? 'A problem'}.`;
}

/** The schema with everything that has a `$id` moved to the components and referred to. */
function withReferences(schema: unknown, components: Json): unknown {
  if (Array.isArray(schema)) return schema.map((part) => withReferences(part, components));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $id, ...rest } = schema as Json;
  const parts = () =>
    Object.fromEntries(Object.entries(rest).map(([key, part]) => [key, withReferences(part, components)]));
  if (typeof $id !== 'string') return parts();
  components[$id] ??= parts();
  return { $ref: `#/components/schemas/${$id}` };
}
