import type { ErrorCode, Problem } from '#platform/errors.ts';
import type { OnProblem } from '#platform/server.ts';

import type { PageModel, Render } from './render.ts';

/** Answers a problem with a page: what is wrong, what to do, and the reference where there is one. */
export function answerWithProblemPage(render: Render): OnProblem {
  return (_request, reply, problem) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(render('pages/problem.njk', problemView(problem)));
}

type ProblemModel = PageModel & { readonly sentences: readonly string[]; readonly reference?: string };

function problemView({ code, title, detail, reference }: Problem): ProblemModel {
  const whatToDo = whatToDoAbout[code] ?? 'Check what you entered and try again.';
  return { title, sentences: [detail, whatToDo], ...(reference === undefined ? {} : { reference }) };
}

const whatToDoAbout: Partial<Record<ErrorCode, string>> = {
  'bad-address': 'If you pasted the address, copy all of it and try again.',
  'not-found': 'If you typed or pasted the address, check that it is correct and complete.',
  'form-out-of-date': 'Go back, load the page again, and send it once more.',
  'not-signed-in': 'Sign in and try again.',
  'not-allowed':
    'If you think that you should have it, ask whoever gives out the roles in your organisation.',
  'body-too-large': 'Send less at once.',
  'address-too-long': 'Use a shorter address, or start again from the first page.',
  'unsupported-media-type': 'Use the form on the page.',
  'too-many-requests': 'Wait a minute and try again.',
  internal: 'If it happens again, tell us.',
  unavailable: 'Try again in a few minutes.',
};
