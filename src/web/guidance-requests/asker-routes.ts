import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '#platform/errors.ts';
import { askManager, prepareAsking } from '#usecases/guidance-requests/ask-manager.ts';
import { getAsked, listAsked, withdrawRequest } from '#usecases/guidance-requests/own-requests.ts';
import type { AskedAbout } from '#usecases/guidance-requests/question-to-ask.ts';
import { prepareTelling, tellManager } from '#usecases/guidance-requests/tell-manager.ts';
import { factsIn, type Query } from '../ask/address.ts';
import { attemptIn } from '../attempt.ts';
import { givenBackOf } from '../given-back.ts';
import { type OwnRoute, originOf, sendOwn } from '../people/front-door.ts';
import type { Web } from '../web.ts';
import { askedOtherwiseView, askView, moreQuestionsView, nothingToAskView, tellView } from './ask-view.ts';
import { askedListView, askedView } from './asked-view.ts';
import { conflict, type Form, formIn, notAllowed } from './form.ts';

/** The pages of whoever asks or tells their line manager. */
export const askerRoutes: readonly OwnRoute[] = [
  ['GET', '/line-manager/ask', 'ask-line-manager', newQuestion],
  ['POST', '/line-manager/ask', 'ask-line-manager', ask],
  ['GET', '/line-manager/tell', 'ask-line-manager', newTelling],
  ['POST', '/line-manager/tell', 'ask-line-manager', tell],
  ['GET', '/asked', 'ask-line-manager', asked],
  ['GET', '/asked/:id', 'ask-line-manager', askedOne],
  ['POST', '/asked/:id/withdraw', 'ask-line-manager', withdraw],
];

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
  const listed = await listAsked(web.people, request.actor, typeof before === 'string' ? { before } : {});
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

function notFound(): ServiceError {
  return new ServiceError('not-found', 'There is no such question of yours, or its time is up.');
}
