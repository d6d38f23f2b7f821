import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '#domain/people/actor.ts';
import type { ErrorCode, Problem } from '#platform/errors.ts';
import type { OnProblem } from '#platform/server.ts';
import { type GivenBack, givenBackOf } from './given-back.ts';
import { userInfoOf } from './people/front-door.ts';
import type { PageModel, Render } from './render.ts';

/** Answers a problem with a page: what is wrong, what to do, the reference where there is one, and the way out for whoever is signed in. */
export function answerWithProblemPage(render: Render): OnProblem {
  return (request, reply, problem) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(
        render('pages/problem.njk', {
          ...problemView(problem, givenBackTo(request)),
          ...frameOf(request, reply),
        }),
      );
}

type ProblemModel = PageModel & {
  readonly sentences: readonly string[];
  readonly hasSignIn: boolean;
  readonly hasSearch: boolean;
  readonly givenBack: readonly GivenBack[];
  readonly reference?: string;
};

// Only to pages of ours: what another site sends must not stand on one.
function givenBackTo({ method, headers, body }: FastifyRequest): readonly GivenBack[] {
  return method === 'POST' && headers['sec-fetch-site'] === 'same-origin' ? givenBackOf(body) : [];
}

function problemView(
  { code, title, detail, reference, whatToDo = whatToDoAbout[code] ?? checkAndTryAgain }: Problem,
  givenBack: readonly GivenBack[],
): ProblemModel {
  return {
    title,
    sentences: [detail, whatToDo].filter((sentence) => sentence !== ''),
    hasSignIn: code === 'not-signed-in',
    hasSearch: helpedBySearch.includes(code),
    givenBack,
    ...(reference === undefined ? {} : { reference }),
  };
}

// On pages that are for everyone nobody is known.
function frameOf(request: FastifyRequest, reply: FastifyReply): Pick<PageModel, 'signedIn' | 'token'> {
  const actor: Actor | undefined = request.actor;
  if (actor?.kind !== 'person') return {};
  return { signedIn: { name: actor.name }, token: reply.generateCsrf({ userInfo: userInfoOf({ actor }) }) };
}

// Whoever did not find something may find it so; for everybody else it would be one thing more to read.
const helpedBySearch: readonly ErrorCode[] = [
  'bad-request',
  'bad-address',
  'address-too-long',
  'not-found',
  'invalid-facts',
];

const checkAndTryAgain = 'Check what you entered and try again.';

// Empty: the problem says it already, or the page has a link for it.
const whatToDoAbout: Partial<Record<ErrorCode, string>> = {
  conflict: '',
  'not-signed-in': '',
  'bad-address': 'If you pasted the address, copy all of it and try again.',
  'not-found': 'If you typed or pasted the address, check that it is correct and complete.',
  'form-out-of-date': 'Go back, load the page again, and send it once more.',
  'not-allowed':
    'If you think that you should have it, ask whoever gives out the roles in your organisation.',
  'body-too-large': 'Send less at once.',
  'address-too-long': 'Use a shorter address, or start again from the first page.',
  'unsupported-media-type': 'Use the form on the page.',
  'too-many-requests': 'Wait a minute and try again.',
  internal: 'If it happens again, tell us.',
  unavailable: 'Try again in a few minutes.',
};
