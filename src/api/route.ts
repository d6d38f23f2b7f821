import type { TObject, TSchema } from 'typebox';
import type { Actor } from '#domain/people/actor.ts';
import type { Action } from '#domain/people/permissions.ts';
import type { Pack } from '#domain/policy/pack.ts';
import type { Needs } from '#usecases/needs.ts';
import type { ListProblem } from '#usecases/page-of.ts';
import type { Origin, PeopleNeeds } from '#usecases/people/people-needs.ts';
import { type ApiError, errorOf } from './problem.ts';
import type { Query } from './read-query.ts';

/** A request after its address has been checked. `body` is the text of one, for routes that take it. */
export type ApiRequest = {
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

/** A `body` of text or bytes is sent as it is. */
export type ApiResult =
  | { readonly ok: true; readonly body: unknown; readonly status?: number }
  | { readonly ok: false; readonly error: ApiError };

/** One call of the API: what it is, and what OpenAPI says of it. The table of them is in routes.ts. */
export type ApiRoute = {
  readonly method: 'GET' | 'POST';
  /** As OpenAPI writes it: `/api/v1/tools/{id}`. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  /** Parts of the path, with what they are. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: TObject;
  /** The same where the parameters depend on the facts of the pack. */
  readonly packQuery?: (pack: Pack) => TObject;
  /** The body depends on the facts of the pack. */
  readonly body?: (pack: Pack) => TSchema;
  /** What a 200 holds; `text` for plain text. */
  readonly answer: TSchema | 'text';
  /** Other statuses with the same schema as a 200. */
  readonly alsoAnswers?: readonly number[];
  /** Statuses of problems, beside those that every call can give. */
  readonly problems: readonly number[];
  /** What the answer hangs on beside the address: nothing that lasts, the policy, or the policy and the day. */
  readonly keeps: 'never' | 'with-policy' | 'with-policy-and-day';
  readonly handle: (needs: Needs, request: ApiRequest) => ApiResult;
  /** What it is for, where not everyone may call it. Then `handleOwn` answers, and `handle` does not. */
  readonly action?: Action;
  readonly handleOwn?: (own: OwnRequest, request: ApiRequest) => Promise<ApiResult>;
};

/** Who calls, and what storing needs. */
export type OwnRequest = { readonly people: PeopleNeeds; readonly actor: Actor; readonly origin: Origin };

/** A result with the mistakes in how a list was asked for. */
export function listProblems(problems: readonly ListProblem[]): ApiResult {
  const errors = problems.map(({ parameter, ...problem }) => ({ pointer: `?${parameter}`, ...problem }));
  return { ok: false, error: errorOf('bad-request', errors) };
}

/** A parameter that is text, or undefined where it is not given. */
export function textOf(query: Query, name: string): string | undefined {
  const value = query[name];
  return value === undefined ? undefined : String(value);
}

/** Which part of a list the query asks for. The schema has the default of `limit`. */
export function pagingOf(query: Query): { readonly limit: number; readonly cursor?: string } {
  const cursor = textOf(query, 'cursor');
  return { limit: Number(query.limit), ...(cursor === undefined ? {} : { cursor }) };
}
