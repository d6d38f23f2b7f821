import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { nearestName } from '../../shared/nearest-name.ts';
import type { PolicyFile } from '../problem.ts';

/** What in a file is not as its schema says, as its author needs to hear it: at most one mistake a line. */
export type ShapeProblem = { readonly line: number; readonly message: string; readonly help?: string };

/** Every place where a file does not have the shape of its kind. Empty where it has. */
export function findShapeProblems(file: PolicyFile, schema: TSchema): ShapeProblem[] {
  const checker = checkerOf(schema);
  if (checker.Check(file.data)) return [];
  const problems = new Map<number, ShapeProblem>();
  for (const error of checker.Errors(file.data)) {
    const path = error.instancePath
      .split('/')
      .slice(1)
      .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));
    const described = describeShapeError(error, path, schema);
    if (described === undefined) continue;
    const { path: where, ...problem } = described;
    const line = file.lineOf(where);
    if (!problems.has(line)) problems.set(line, { line, ...problem });
  }
  // A file that is not of its shape is never taken for one that is.
  if (problems.size === 0) return [{ line: 1, message: 'the file does not have the right form' }];
  return [...problems.values()];
}

const checkers = new Map<TSchema, ReturnType<typeof Compile>>();
function checkerOf(schema: TSchema): ReturnType<typeof Compile> {
  const known = checkers.get(schema);
  if (known !== undefined) return known;
  const made = Compile(schema);
  checkers.set(schema, made);
  return made;
}

type ShapeError = {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
};
type Described = {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly help?: string;
};

// The checker speaks of schemas; an author needs the field and what would be right.
function describeShapeError(
  error: ShapeError,
  path: readonly (string | number)[],
  schema: TSchema,
): Described | undefined {
  const field = path.at(-1);
  const name = typeof field === 'number' ? `${String(path.at(-2))}, entry ${field + 1}` : field;
  const params = error.params as {
    additionalProperties?: string[];
    requiredProperties?: string[];
    allowedValues?: unknown[];
    type?: string;
    pattern?: string;
    limit?: number;
  };
  switch (error.keyword) {
    case 'additionalProperties': {
      const unknown = params.additionalProperties?.[0] ?? '';
      const nearest = nearestName(unknown, knownFields(schema, path));
      return {
        path: [...path, unknown],
        message: `unknown field \`${unknown}\``,
        ...(nearest === undefined ? {} : { help: `Did you mean \`${nearest}\`?` }),
      };
    }
    case 'required':
      return { path, message: `missing field \`${params.requiredProperties?.[0]}\`` };
    case 'enum':
      return {
        path,
        message: `\`${name}\` has a value that is not on its list`,
        ...(params.allowedValues === undefined
          ? {}
          : { help: `It can be ${params.allowedValues.map((value) => `\`${value}\``).join(', ')}.` }),
      };
    case 'boolean':
    case 'anyOf':
    case 'const':
      return error.keyword === 'boolean'
        ? undefined
        : { path, message: `\`${name}\` does not have the right form` };
    case 'type':
      if (name === undefined)
        return {
          path,
          message: 'the file does not hold fields',
          help: 'It begins with `owner`, `lastConfirmed` and `reviewBy`.',
        };
      return { path, message: `\`${name}\` must be ${typesInWords[params.type ?? ''] ?? params.type}` };
    case 'pattern':
      return { path, message: `\`${name}\` must be ${patternInWords(String(params.pattern))}` };
    case 'minLength':
    case 'minItems':
      return { path, message: `\`${name}\` is empty` };
    case 'maxLength':
      return { path, message: `\`${name}\` has more than ${params.limit} characters` };
    default:
      return { path, message: `\`${name ?? 'the file'}\` ${error.message}` };
  }
}

const typesInWords: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a set of fields',
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
  null: 'empty',
};

// By what the pattern lets through, so that a new one cannot be forgotten here without still being told in words.
function patternInWords(pattern: string): string {
  const fits = (text: string): boolean => new RegExp(pattern).test(text);
  if (fits('name')) return 'a name in lower-case letters, digits and hyphens';
  if (fits('2026-11')) return 'a day or a month, written YYYY-MM-DD or YYYY-MM';
  if (fits('2026-11-22')) return 'a day, written YYYY-MM-DD';
  if (fits('ABC-1')) return 'the id of a clause, such as `ABC-1`';
  if (fits('example.org')) return 'a domain, such as `example.org`';
  if (fits('https://example.org')) return 'an address that begins with `https://`';
  return fits('en') ? 'a language of two letters, such as `en`' : `written as ${pattern}`;
}

function knownFields(schema: TSchema, path: readonly (string | number)[]): string[] {
  let here = schema as { properties?: Record<string, TSchema>; items?: TSchema };
  for (const part of path)
    here = ((typeof part === 'number' ? here.items : here.properties?.[part]) ?? {}) as typeof here;
  return Object.keys(here.properties ?? {});
}
