import type { FastifyReply, FastifyRequest } from 'fastify';
import { typedText } from '#domain/shared/typed-text.ts';
import { ServiceError } from '#platform/errors.ts';
import { decideRequest } from '#usecases/guidance-requests/answer-request.ts';
import { listAsManager } from '#usecases/guidance-requests/as-manager.ts';
import { askAdvice } from '#usecases/guidance-requests/ask-advice.ts';
import { type ForManager, findForManager, mayAnswer } from '#usecases/guidance-requests/find-for-manager.ts';
import { passOn } from '#usecases/guidance-requests/pass-on.ts';
import { takeBackGoAhead } from '#usecases/guidance-requests/take-back.ts';
import type { Query } from '../ask/address.ts';
import { givenBackOf } from '../given-back.ts';
import { type OwnRoute, originOf, sendOwn } from '../people/front-door.ts';
import { dayOf } from '../typed-day.ts';
import type { Web } from '../web.ts';
import { managerListView } from './asked-view.ts';
import { type Choice, canChoose, choiceView, isChoice, type TypedAnswer } from './choice-view.ts';
import { conflict, type Form, formIn, notAllowed } from './form.ts';
import { managerView } from './manager-view.ts';

/** The pages of whoever is asked. */
export const managerRoutes: readonly OwnRoute[] = [
  ['GET', '/line-manager', 'answer-as-line-manager', asManager],
  ['GET', '/line-manager/:key', 'answer-as-line-manager', question],
  ['GET', '/line-manager/:key/answer', 'answer-as-line-manager', choose],
  ['POST', '/line-manager/:key/answer', 'answer-as-line-manager', answer],
];

async function asManager(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { before } = request.query as Query;
  const listed = await listAsManager(
    web.people,
    request.actor,
    typeof before === 'string' ? before : undefined,
  );
  if (listed.outcome !== 'ok') throw notAllowed();
  return sendOwn(
    web,
    request,
    reply,
    'pages/guidance-requests/manager-list.njk',
    managerListView(listed, before !== undefined),
  );
}

async function question(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const found = await foundForManager(web, request);
  if (found === null) return reply.redirect(`/asked/${await ownIdOf(web, request)}`, 302);
  return sendQuestion(web, request, reply, found, null);
}

async function choose(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const found = await foundForManager(web, request);
  if (found === null) return reply.redirect(`/asked/${await ownIdOf(web, request)}`, 302);
  const { key } = request.params as { key: string };
  const { choice } = request.query as Query;
  if (isChoice(choice) ? !canChoose(found, choice) : !mayAnswer(found))
    return reply.redirect(`/line-manager/${key}`, 302);
  if (!isChoice(choice))
    return sendQuestion(web, request, reply.code(400), found, 'Choose what you want to do');
  const view = choiceView(web, found, key, choice, typedFirst, []);
  return sendOwn(web, request, reply, 'pages/guidance-requests/choice.njk', view);
}

async function answer(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { key } = request.params as { key: string };
  const form = formIn(request);
  if (!isChoice(form.choice))
    throw new ServiceError('bad-request', 'The form does not say what you want to do.');
  const typed = typedIn(form);
  const done = await carryOut(web, request, key, form.choice, typed);
  switch (done.outcome) {
    case 'ok':
      return reply.redirect(`/line-manager/${done.request.id}`, 303);
    case 'problems': {
      const found = await foundForManager(web, request);
      if (found === null || !canChoose(found, form.choice)) throw conflict();
      const view = choiceView(web, found, key, form.choice, typed, done.problems);
      return sendOwn(web, request, reply.code(400), 'pages/guidance-requests/choice.njk', view);
    }
    case 'overtaken': {
      const found = await foundForManager(web, request);
      if (found === null) throw conflict();
      // A reminder, or a saved answer that was replaced at the same moment: they can still do it.
      if (canChoose(found, form.choice)) {
        const detail =
          'Something else happened to the question while you sent this. Look at it and send it again';
        const again = choiceView(web, found, key, form.choice, typed, [{ field: 'words', detail }]);
        return sendOwn(web, request, reply.code(409), 'pages/guidance-requests/choice.njk', again);
      }
      const last = found.steps.at(-1);
      const isOwn = request.actor.kind === 'person' && last?.actor === request.actor.id;
      // The same form once more, as a second click sends it.
      const kind = form.choice === 'pass-on' ? 'passed-on' : form.choice;
      if (isOwn && last?.kind === kind && last.words === typedText(typed.words))
        return reply.redirect(`/line-manager/${found.request.id}`, 303);
      const said = `Nothing was changed: ${isOwn ? 'you have answered already' : 'somebody was quicker'}. This is how it stands now.`;
      return sendQuestion(web, request, reply.code(409), found, said);
    }
    case 'not-as-shown': {
      const found = await foundForManager(web, request);
      if (found === null || !mayAnswer(found)) throw conflict();
      if (found.canGoAhead) {
        const detail = 'What your go-ahead does has changed since you opened this page. Look at it again';
        const again = choiceView(web, found, key, form.choice, typed, [{ field: 'until', detail }]);
        return sendOwn(web, request, reply.code(409), 'pages/guidance-requests/choice.njk', again);
      }
      const said =
        'A go-ahead changes nothing any more, so none was put on record. This is how it stands now.';
      return sendQuestion(web, request, reply.code(409), found, said);
    }
    case 'cannot-decide':
      throw new ServiceError(
        'conflict',
        'Today’s guidance cannot answer this question as it was asked. Ask them to check the tool again and to put the new answer to you.',
      );
    case 'own':
      throw new ServiceError('not-allowed', 'This is your own question. Nobody answers themselves.');
    case 'not-found':
      throw noQuestion();
    case 'not-allowed':
      throw notAllowed();
    default:
      return done satisfies never;
  }
}

function carryOut(web: Web, request: FastifyRequest, key: string, choice: Choice, typed: TypedAnswer) {
  const { people, needs } = web;
  const { actor } = request;
  const origin = originOf(request);
  const { words } = typed;
  switch (choice) {
    case 'go-ahead': {
      const until = dayOf(typed.year, typed.month, typed.day);
      const { shown } = typed;
      return decideRequest(people, needs, actor, key, { kind: 'go-ahead', until, words, shown }, origin);
    }
    case 'refused':
      return decideRequest(people, needs, actor, key, { kind: 'refused', words }, origin);
    case 'advice':
      return askAdvice(people, needs, actor, key, { team: typed.team, words }, origin);
    case 'taken-back':
      return takeBackGoAhead(people, needs, actor, key, words, origin);
    case 'pass-on':
      return passOn(people, needs, actor, key, { to: typed.to, words }, origin);
    default:
      return choice satisfies never;
  }
}

function sendQuestion(
  web: Web,
  request: FastifyRequest,
  reply: FastifyReply,
  found: ForManager,
  error: string | null,
) {
  const { key } = request.params as { key: string };
  return sendOwn(
    web,
    request,
    reply,
    'pages/guidance-requests/question.njk',
    managerView(web, found, key, { error, givenBack: givenBackOf(request.body) }),
  );
}

// Null: it is the own question of whoever asks for it.
async function foundForManager(web: Web, request: FastifyRequest): Promise<ForManager | null> {
  const { key } = request.params as { key: string };
  const found = await findForManager(web.people, web.needs, request.actor, key, originOf(request));
  switch (found.outcome) {
    case 'ok':
      return found;
    case 'own':
      return null;
    case 'not-found':
      throw noQuestion();
    case 'not-allowed':
      throw notAllowed();
    default:
      return found satisfies never;
  }
}

async function ownIdOf(web: Web, request: FastifyRequest): Promise<string> {
  const { key } = request.params as { key: string };
  const found = await findForManager(web.people, web.needs, request.actor, key, originOf(request));
  return found.outcome === 'own' ? found.id : '';
}

// No day stands in the form of a go-ahead: how long it holds is the manager's to choose.
const typedFirst: TypedAnswer = {
  words: '',
  team: '',
  to: { name: '', address: '' },
  day: '',
  month: '',
  year: '',
  shown: '',
};

function typedIn(form: Form): TypedAnswer {
  return {
    words: form.words ?? '',
    team: form.team ?? '',
    to: { name: form.managerName ?? '', address: form.managerAddress ?? '' },
    day: form['until-day']?.trim() ?? '',
    month: form['until-month']?.trim() ?? '',
    year: form['until-year']?.trim() ?? '',
    shown: form.shown ?? '',
  };
}

function noQuestion(): ServiceError {
  return new ServiceError(
    'not-found',
    'There is no question for you here. It may have been passed on to somebody else, or you signed in with another account.',
  );
}
