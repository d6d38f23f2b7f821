import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { typedText } from '#domain/shared/typed-text.ts';
import { ServiceError } from '#platform/errors.ts';
import { decideRequest } from '#usecases/guidance-requests/answer-request.ts';
import { listAsManager } from '#usecases/guidance-requests/as-manager.ts';
import { askAdvice } from '#usecases/guidance-requests/ask-advice.ts';
import { askManager, prepareAsking } from '#usecases/guidance-requests/ask-manager.ts';
import { type ForManager, findForManager, mayAnswer } from '#usecases/guidance-requests/find-for-manager.ts';
import { getAsked, listAsked, withdrawRequest } from '#usecases/guidance-requests/own-requests.ts';
import { passOn } from '#usecases/guidance-requests/pass-on.ts';
import type { AskedAbout } from '#usecases/guidance-requests/question-to-ask.ts';
import { takeBackGoAhead } from '#usecases/guidance-requests/take-back.ts';
import { prepareTelling, tellManager } from '#usecases/guidance-requests/tell-manager.ts';
import { factsIn, type Query } from '../ask/address.ts';
import { attemptIn } from '../attempt.ts';
import { givenBackOf } from '../given-back.ts';
import { originOf, registerOwn, sendOwn } from '../people/front-door.ts';
import { dayOf } from '../typed-day.ts';
import type { Web } from '../web.ts';
import { askedOtherwiseView, askView, moreQuestionsView, nothingToAskView, tellView } from './ask-view.ts';
import { askedListView, askedView, managerListView } from './asked-view.ts';
import {
  type Choice,
  canChoose,
  choiceView,
  isChoice,
  managerView,
  type TypedAnswer,
} from './manager-view.ts';

/** Asking one's line manager, answering as one, and what became of it. */
export function registerGuidanceRequests(server: FastifyInstance, web: Web): void {
  registerOwn(server, web, [
    ['GET', '/line-manager/ask', 'ask-line-manager', newQuestion],
    ['POST', '/line-manager/ask', 'ask-line-manager', ask],
    ['GET', '/line-manager/tell', 'ask-line-manager', newTelling],
    ['POST', '/line-manager/tell', 'ask-line-manager', tell],
    ['GET', '/asked', 'ask-line-manager', asked],
    ['GET', '/asked/:id', 'ask-line-manager', askedOne],
    ['POST', '/asked/:id/withdraw', 'ask-line-manager', withdraw],
    ['GET', '/line-manager', 'answer-as-line-manager', asManager],
    ['GET', '/line-manager/:key', 'answer-as-line-manager', question],
    ['GET', '/line-manager/:key/answer', 'answer-as-line-manager', choose],
    ['POST', '/line-manager/:key/answer', 'answer-as-line-manager', answer],
  ]);
}

async function newQuestion(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const about = aboutIn(request.query as Query);
  const prepared = await prepareAsking(web.people, web.needs, request.actor, about);
  switch (prepared.outcome) {
    case 'ok': {
      const { found, attempt, manager } = prepared;
      const { pack } = web.needs.policy();
      if (found.effect.kind === 'may-change')
        return sendOwn(
          web,
          request,
          reply,
          'pages/guidance-requests/more.njk',
          moreQuestionsView(pack, found),
        );
      const typed = { manager, note: '', words: '', attempt };
      return sendOwn(web, request, reply, 'pages/guidance-requests/ask.njk', askView(pack, found, typed, []));
    }
    case 'asked-already':
      return reply.redirect(`/asked/${prepared.id}`, 302);
    case 'not-offered':
      return sendOwn(
        web,
        request,
        reply,
        'pages/guidance-requests/nothing.njk',
        nothingToAskView('ask', about),
      );
    default:
      throw cannot(prepared);
  }
}

async function ask(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const form = formIn(request);
  const about = aboutInForm(form);
  const toAsk = {
    attempt: attemptIn(form.attempt),
    about,
    manager: { name: form.managerName ?? '', address: form.managerAddress ?? '' },
    note: form.note ?? '',
    words: form.words ?? '',
  };
  const done = await askManager(web.people, web.needs, request.actor, toAsk, originOf(request));
  switch (done.outcome) {
    case 'ok':
    case 'asked-already':
      return reply.redirect(`/asked/${done.id}`, 303);
    case 'cannot-ask': {
      const prepared = await prepareAsking(web.people, web.needs, request.actor, about);
      if (prepared.outcome !== 'ok') throw conflict();
      const view = askView(web.needs.policy().pack, prepared.found, toAsk, done.problems);
      return sendOwn(web, request, reply.code(400), 'pages/guidance-requests/ask.njk', view);
    }
    case 'sent-otherwise': {
      const view = askedOtherwiseView(done, givenBackOf(form));
      return sendOwn(web, request, reply.code(409), 'pages/guidance-requests/asked-otherwise.njk', view);
    }
    case 'not-settled':
    case 'not-offered':
      throw conflict();
    default:
      throw cannot(done);
  }
}

async function newTelling(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const about = aboutIn(request.query as Query);
  const prepared = await prepareTelling(web.people, web.needs, request.actor, about);
  if (prepared.outcome === 'not-offered')
    return sendOwn(
      web,
      request,
      reply,
      'pages/guidance-requests/nothing.njk',
      nothingToAskView('tell', about),
    );
  if (prepared.outcome !== 'ok') throw cannot(prepared);
  const { found, attempt, manager } = prepared;
  const view = tellView(web.needs.policy().pack, found, { manager, words: '', attempt }, []);
  return sendOwn(web, request, reply, 'pages/guidance-requests/tell.njk', view);
}

async function tell(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const form = formIn(request);
  const about = aboutInForm(form);
  const { managerName: name, managerAddress: address, words = '' } = form;
  const attempt = attemptIn(form.attempt);
  const manager =
    name === undefined && address === undefined ? null : { name: name ?? '', address: address ?? '' };
  const toTell = { attempt, about, manager, words, supersedes: form.supersedes ?? '' };
  const done = await tellManager(web.people, web.needs, request.actor, toTell, originOf(request));
  if (done.outcome === 'ok') return reply.redirect(`/receipts/${done.receipt.reference}`, 303);
  if (done.outcome === 'not-offered' || done.outcome === 'overtaken') throw conflict();
  if (done.outcome !== 'cannot-tell') throw cannot(done);
  const prepared = await prepareTelling(web.people, web.needs, request.actor, about);
  if (prepared.outcome !== 'ok') throw conflict();
  const typed = { manager: manager ?? prepared.manager, words, attempt };
  const view = tellView(web.needs.policy().pack, prepared.found, typed, done.problems);
  return sendOwn(web, request, reply.code(400), 'pages/guidance-requests/tell.njk', view);
}

async function asked(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { before } = request.query as Query;
  const listed = await listAsked(web.people, request.actor, typeof before === 'string' ? before : undefined);
  if (listed.outcome !== 'ok') throw notAllowed();
  return sendOwn(web, request, reply, 'pages/guidance-requests/asked-list.njk', askedListView(listed));
}

async function askedOne(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const found = await getAsked(web.people, request.actor, idIn(request));
  if (found.outcome === 'not-allowed') throw notAllowed();
  if (found.outcome === 'not-found') throw notFound();
  return sendOwn(web, request, reply, 'pages/guidance-requests/asked.njk', askedView(found));
}

async function withdraw(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const id = idIn(request);
  const done = await withdrawRequest(web.people, request.actor, id, originOf(request));
  if (done.outcome === 'not-allowed') throw notAllowed();
  if (done.outcome === 'not-found') throw notFound();
  if (done.outcome === 'overtaken')
    throw new ServiceError(
      'conflict',
      'It was answered or taken back already. Open it again to see what happened.',
    );
  return reply.redirect(`/asked/${id}`, 303);
}

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

type Form = Readonly<Record<string, string | undefined>>;

// A field that was sent twice is a list, which no form of ours sends: it counts as not sent.
function formIn(request: FastifyRequest): Form {
  const entries = Object.entries((request.body ?? {}) as Query);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function aboutIn({ receipt, ...query }: Query): AskedAbout {
  return typeof receipt === 'string'
    ? { kind: 'receipt', reference: receipt }
    : { kind: 'facts', facts: factsIn(query) };
}

const fieldsOfForms = new Set([
  '_csrf',
  'attempt',
  'receipt',
  'managerName',
  'managerAddress',
  'note',
  'words',
  'supersedes',
]);

function aboutInForm(form: Form): AskedAbout {
  if (form.receipt !== undefined) return { kind: 'receipt', reference: form.receipt };
  const facts = Object.fromEntries(Object.entries(form).filter(([name]) => !fieldsOfForms.has(name)));
  return { kind: 'facts', facts };
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

function idIn(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

function cannot(
  found:
    | { readonly outcome: 'problems'; readonly detail: string }
    | { readonly outcome: 'not-found' }
    | { readonly outcome: 'not-allowed' },
): ServiceError {
  switch (found.outcome) {
    case 'problems':
      return new ServiceError(
        'invalid-facts',
        `${found.detail.charAt(0).toUpperCase()}${found.detail.slice(1)}.`,
      );
    case 'not-found':
      return new ServiceError('not-found', 'There is no such saved answer of yours that still holds.');
    case 'not-allowed':
      return notAllowed();
    default:
      return found satisfies never;
  }
}

function conflict(): ServiceError {
  return new ServiceError(
    'conflict',
    'The answer has changed since you opened this page, so nothing was sent. Check the tool again.',
  );
}

function notFound(): ServiceError {
  return new ServiceError('not-found', 'There is no such question of yours, or its time is up.');
}

function noQuestion(): ServiceError {
  return new ServiceError(
    'not-found',
    'There is no question for you here. It may have been passed on to somebody else, or you signed in with another account.',
  );
}

function notAllowed(): ServiceError {
  return new ServiceError('not-allowed', 'Sign in to ask your line manager, and to answer as one.');
}
