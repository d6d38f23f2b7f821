import { type TSchema, Type } from 'typebox';
import { verdicts } from '#domain/shared/verdict.ts';

/*
 * The shapes of what the API takes and gives, as JSON Schema. A schema with a `$id` is a component of the OpenAPI document.
 * Tests hold every real answer against them, and they are closed: a field that is not described is a mistake.
 */

/** An object with these fields and no others. */
export function closed<Fields extends Record<string, TSchema>>(fields: Fields, options: object = {}) {
  return Type.Object(fields, { ...options, additionalProperties: false });
}

/** This, or null. */
export function orNull<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

export const FactValue = Type.Union([Type.String(), Type.Boolean()], {
  $id: 'FactValue',
  description: 'The value of a fact. Yes and no are booleans; `unknown` and `n/a` are text.',
});

export const Verdict = Type.Enum([...verdicts], {
  $id: 'Verdict',
  description: 'From mildest to strictest.',
});

export const Strength = Type.Enum(['must', 'should', 'good idea'], { $id: 'Strength' });

export const MatchedBy = Type.Enum(['id', 'name', 'alias', 'old-name', 'domain'], {
  $id: 'MatchedBy',
  description: 'What of the tool it was that matched.',
});

export const Citation = closed(
  {
    clause: Type.String(),
    document: Type.String(),
    section: Type.String(),
    dated: Type.String({ description: 'When the document was written, in words.' }),
  },
  { $id: 'Citation' },
);

export const Citations = Type.Array(Citation);

export const When = Type.Record(Type.String(), Type.Array(FactValue), {
  $id: 'When',
  description: 'For each fact the values of which it must have one. All facts must hold.',
});

export const Contact = closed(
  {
    id: Type.String(),
    name: Type.String(),
    for: Type.String(),
    email: orNull(Type.String()),
    telephone: orNull(Type.String()),
    link: orNull(Type.String()),
    reaches: Type.String({
      description: 'Whose address it is: another name where the contact has none of its own.',
    }),
  },
  { $id: 'Contact' },
);

export const Policy = closed(
  {
    id: Type.String(),
    label: Type.String(),
    hash: Type.String({ description: 'SHA-256 of the content of the policy. Same hash, same answers.' }),
  },
  { $id: 'Policy' },
);

export const Problem = closed(
  {
    type: Type.String({ format: 'uri-reference' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({
      description: 'One of the codes in docs/reference/errors.md and docs/reference/api.md.',
    }),
    instance: Type.Optional(Type.String({ format: 'uri-reference' })),
    reference: Type.Optional(Type.String({ description: 'What to quote when you report a failure.' })),
    errors: Type.Optional(
      Type.Array(
        closed({
          pointer: Type.String({
            description:
              'A JSON Pointer into the body, `?name` for a parameter, or `{name}` for a part of the path.',
          }),
          detail: Type.String(),
          suggestion: Type.Optional(Type.String()),
        }),
      ),
    ),
  },
  { $id: 'Problem', description: 'An error (RFC 9457).' },
);

/** Parameters that every list takes. */
export const paging = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'How many entries at most.' }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 400, description: 'The `nextCursor` of the answer before. Opaque.' }),
  ),
};

/** Where the next part of a list begins; null at its end. */
export const NextCursor = orNull(Type.String());
