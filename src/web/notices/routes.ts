import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '#platform/errors.ts';
import { getNotice, listNotices, tryNoticeAgain } from '#usecases/notices/all-notices.ts';
import { tooManyWords } from '#usecases/notices/given-address.ts';
import { askForTestNotice, chooseNotices, listOwnNotices } from '#usecases/notices/own-notices.ts';
import { outgoing } from '#usecases/notices/sending-needs.ts';
import { originOf, registerOwn, sendOwn } from '../people/front-door.ts';
import type { Web } from '../web.ts';
import { noticesView, noticeView, ownNoticesView } from './views.ts';

/** Notices: one’s own and how one wants them, and for administrators everybody’s and where they stand. */
export function registerNotices(server: FastifyInstance, web: Web): void {
  registerOwn(server, web, [
    ['GET', '/me/notices', 'keep-notices', own],
    ['POST', '/me/notices', 'keep-notices', choose],
    ['POST', '/me/notices/test', 'keep-notices', test],
    ['GET', '/notices', 'see-notices', list],
    ['GET', '/notices/:id', 'see-notices', show],
    ['GET', '/notices/:id/file', 'see-notices', file],
    ['POST', '/notices/:id/again', 'see-notices', again],
  ]);
}

type Form = Readonly<Record<string, unknown>>;

function textIn(form: unknown, name: string): string | undefined {
  const value = ((form ?? {}) as Form)[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

async function own(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const done = textIn(request.query, 'done') ?? null;
  return sendOwnNotices(web, request, reply, { done, error: null });
}

async function sendOwnNotices(
  web: Web,
  request: FastifyRequest,
  reply: FastifyReply,
  state: { readonly done: string | null; readonly error: string | null },
) {
  const listed = await listOwnNotices(web.people, request.actor, textIn(request.query, 'before'));
  if (listed.outcome !== 'ok') throw signInFirst();
  const view = ownNoticesView(listed, state, web.sending.way.name);
  return sendOwn(web, request, reply, 'pages/notices/own.njk', view);
}

async function choose(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const wish = textIn(request.body, 'choice') ?? '';
  const chosen = await chooseNotices(web.people, request.actor, wish, originOf(request));
  if (chosen.outcome === 'not-allowed') throw signInFirst();
  if (chosen.outcome === 'problem')
    return sendOwnNotices(web, request, reply.code(400), { done: null, error: chosen.detail });
  return reply.redirect('/me/notices?done=chosen', 303);
}

async function test(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const asked = await askForTestNotice(web.people, request.actor, originOf(request));
  switch (asked.outcome) {
    case 'ok':
      return reply.redirect('/me/notices?done=test', 303);
    case 'no-address':
      throw new ServiceError(
        'conflict',
        'Your account has no email address that a test could be sent to. Ask whoever runs the sign-in to add it.',
      );
    case 'too-many':
      throw new ServiceError('too-many-requests', `${tooManyWords(web.people)}.`, {
        whatToDo: 'Try again tomorrow.',
      });
    case 'not-allowed':
      throw signInFirst();
    default:
      return asked satisfies never;
  }
}

async function list(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const [state, kind, before] = ['state', 'kind', 'before'].map((name) => textIn(request.query, name));
  const question = {
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
    ...(before === undefined ? {} : { before }),
  };
  const listed = await listNotices(web.people, request.actor, question);
  if (listed.outcome !== 'ok') throw notAllowed();
  return sendOwn(web, request, reply, 'pages/notices/list.njk', noticesView(listed, web.sending.way.name));
}

async function show(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const shown = await found(web, request);
  const view = noticeView(shown, outgoing(web.sending, shown.notice), web.sending.frame);
  return sendOwn(web, request, reply, 'pages/notices/notice.njk', view);
}

async function file(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { notice, isLinkHidden } = await found(web, request);
  if (isLinkHidden) throw new ServiceError('not-found', 'This letter holds a link that is for one person.');
  const bytes = await web.sending.asFile(outgoing(web.sending, notice));
  return reply
    .type('message/rfc822')
    .header('content-disposition', `attachment; filename="${notice.id}.eml"`)
    .send(bytes);
}

async function again(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { id } = (await found(web, request)).notice;
  const tried = await tryNoticeAgain(web.people, request.actor, id, originOf(request));
  if (tried.outcome === 'not-allowed') throw notAllowed();
  if (tried.outcome === 'not-given-up')
    throw new ServiceError(
      'conflict',
      'This notice is not given up, so there is nothing to try again. Open it again to see how it stands.',
    );
  return reply.redirect(`/notices/${id}`, 303);
}

async function found(web: Web, request: FastifyRequest) {
  const { id } = request.params as { id: string };
  const got = await getNotice(web.sending, request.actor, id);
  if (got.outcome === 'not-allowed') throw notAllowed();
  if (got.outcome === 'not-found')
    throw new ServiceError('not-found', 'There is no such notice, or its time is up.');
  return got;
}

function signInFirst(): ServiceError {
  return new ServiceError('not-allowed', 'Sign in to see your notices.');
}

function notAllowed(): ServiceError {
  return new ServiceError('not-allowed', 'The notices of everybody are for administrators.');
}
