import type { TObject, TSchema } from 'typebox';
import { isDay } from '#domain/shared/day.ts';
import { nearestName } from '#domain/shared/nearest-name.ts';
import { shown } from '#usecases/shown.ts';
import type { RequestError } from './problem.ts';

/** The parameters of an address, checked. Whole numbers are numbers; a parameter with a default is always there. */
export type Query = Readonly<Record<string, string | number | undefined>>;

export type ReadQuery =
  | { readonly ok: true; readonly query: Query }
  | { readonly ok: false; readonly errors: readonly RequestError[] };

/** The parts of JSON Schema that parameters use. */
type ParameterSchema = TSchema & {
  readonly type: 'string' | 'integer';
  readonly default?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly format?: 'date';
};

/** Checks the query of an address against the schema that also describes it. Reports every mistake, not only the first. */
export function readQuery(schema: TObject, given: Readonly<Record<string, unknown>>): ReadQuery {
  const known = schema.properties as Readonly<Record<string, ParameterSchema>>;
  const errors: RequestError[] = [];
  const query: Record<string, string | number> = Object.create(null);
  for (const [name, { default: usual }] of Object.entries(known))
    if (usual !== undefined) query[name] = usual;
  for (const [name, value] of Object.entries(given)) {
    const parameter = Object.hasOwn(known, name) ? known[name] : undefined;
    if (parameter === undefined) errors.push(unknownParameter(name, Object.keys(known)));
    else if (Array.isArray(value)) {
      errors.push({ pointer: `?${name}`, detail: `\`${name}\` is given more than once` });
    } else {
      const read = readParameter(name, String(value), parameter);
      if (typeof read === 'object') errors.push(read);
      else query[name] = read;
    }
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, query };
}

function readParameter(name: string, text: string, schema: ParameterSchema): string | number | RequestError {
  const { type, minimum = 0, maximum = Number.MAX_SAFE_INTEGER, maxLength, format } = schema;
  const pointer = `?${name}`;
  if (type === 'integer') {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= minimum && number <= maximum) return number;
    const detail = `\`${name}\` must be a whole number from ${minimum} to ${maximum}, not \`${shown(text)}\``;
    return { pointer, detail, suggestion: String(number > maximum ? maximum : schema.default) };
  }
  if (maxLength !== undefined && text.length > maxLength) {
    return { pointer, detail: `\`${name}\` may have at most ${maxLength} characters` };
  }
  if (format === 'date' && !isDay(text)) {
    return {
      pointer,
      detail: `\`${name}\` must be a day that exists, written YYYY-MM-DD, not \`${shown(text)}\``,
    };
  }
  return text;
}

function unknownParameter(name: string, known: readonly string[]): RequestError {
  const takes = known.length === 0 ? 'this address takes none' : `this address takes ${known.join(', ')}`;
  const nearest = nearestName(name, known);
  return {
    pointer: `?${shown(name)}`,
    detail: `unknown parameter \`${shown(name)}\`: ${takes}`,
    ...(nearest === undefined ? {} : { suggestion: nearest }),
  };
}
