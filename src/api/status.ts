import { Type } from 'typebox';
import { build } from '#platform/version.ts';
import type { Needs } from '#usecases/needs.ts';
import type { ApiRoute } from './route.ts';
import { closed, orNull, Policy } from './schemas.ts';

const State = Type.Enum(['UP', 'DOWN']);

/** Whether the service can answer, for whatever watches it. */
export const health: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'health',
  summary: 'Whether the service can answer.',
  answer: closed(
    {
      status: State,
      components: closed({ policy: closed({ status: State, details: Type.Optional(Policy) }) }),
    },
    { $id: 'Health' },
  ),
  alsoAnswers: [503],
  problems: [],
  keeps: 'never',
  handle(needs) {
    try {
      const policy = { status: 'UP', details: policyOf(needs) };
      return { ok: true, body: { status: 'UP', components: { policy } } };
    } catch {
      // Whatever asks wants to hear that the policy is not there, not that the question failed.
      return { ok: true, status: 503, body: { status: 'DOWN', components: { policy: { status: 'DOWN' } } } };
    }
  },
};

/** That the process runs, and nothing else. */
export const ping: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'ping',
  summary: 'Whether the process runs: always `pong`.',
  answer: 'text',
  problems: [],
  keeps: 'never',
  handle: () => ({ ok: true, body: 'pong' }),
};

/** What runs here: the version of the service and the policy in force. */
export const info: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'info',
  summary: 'What runs here, and under which policy.',
  answer: closed(
    {
      build: closed({
        name: Type.String(),
        version: Type.String(),
        node: Type.String(),
        commit: Type.Optional(Type.String()),
      }),
      policy: Policy,
      version: Type.Optional(
        closed({
          number: Type.Integer({ description: 'Which publication this is, counted from the first.' }),
          since: Type.String({ format: 'date-time' }),
          unreadable: Type.Optional(
            closed(
              { number: Type.Integer(), hash: Type.String(), problems: Type.Array(Type.String()) },
              {
                description:
                  'A later version that this server cannot read, so that the one before stays in force here.',
              },
            ),
          ),
        }),
      ),
      notices: closed({
        givenUp: orNull(
          Type.Integer({
            description:
              'How many notices could not be sent, so that somebody was not told. An administrator has to look. Null: not counted yet.',
          }),
        ),
      }),
    },
    { $id: 'Info' },
  ),
  problems: [],
  keeps: 'never',
  handle: (needs) => ({
    ok: true,
    body: {
      build: { ...build },
      policy: policyOf(needs),
      ...versionOf(needs),
      notices: { givenUp: needs.noticesGivenUp?.() ?? null },
    },
  }),
};

function versionOf(needs: Needs) {
  const state = needs.inForce?.();
  if (state === undefined) return {};
  const { publication, unreadable } = state;
  const { number, effectiveAt: since } = publication;
  const missed =
    unreadable === null
      ? {}
      : {
          unreadable: {
            number: unreadable.publication.number,
            hash: unreadable.publication.hash,
            problems: unreadable.problems,
          },
        };
  return { version: { number, since, ...missed } };
}

function policyOf(needs: Needs) {
  const { pack, hash } = needs.policy();
  return { id: pack.id, label: pack.label, hash };
}
