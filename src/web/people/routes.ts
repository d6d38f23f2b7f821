import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLoopbackHost } from '#platform/config.ts';
import { cookieName, cookieOptions } from '#platform/cookies.ts';
import { ServiceError } from '#platform/errors.ts';
import { newReference } from '#platform/ids.ts';
import { listAsked } from '#usecases/guidance-requests/own-requests.ts';
import { endAccess, showAccess } from '#usecases/people/end-access.ts';
import { findOwnPage } from '#usecases/people/own-page.ts';
import { endSession, listSessions, signOut } from '#usecases/people/sessions.ts';
import { finishSignIn, type SignedIn, signInOnTrial } from '#usecases/people/sign-in.ts';
import { endToken, listTokens, makeToken } from '#usecases/people/tokens.ts';
import { dayOf } from '../typed-day.ts';
import type { Web } from '../web.ts';
import { actionOf, originOf, registerOwn, sendOwn } from './front-door.ts';
import { returnAddress } from './return-address.ts';
import {
  accessView,
  meView,
  questionsShown,
  type SignInFailure,
  sessionsView,
  signedOutView,
  signInFailedView,
  tokensView,
  trialView,
} from './views.ts';
import { waitingFinders } from './waiting.ts';

type Form = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Signing in and out, and what belongs to one's own account. */
export function registerPeople(server: FastifyInstance, web: Web): void {
  registerOwn(server, web, [
    ['GET', '/sign-in', 'sign-in', signIn],
    ['POST', '/sign-in/trial', 'sign-in', trial],
    ['GET', '/sign-in/back', 'sign-in', signInBack],
    ['POST', '/sign-out', 'sign-in', leave],
    ['GET', '/signed-out', 'sign-in', signedOut],
    ['GET', '/me', 'manage-own-account', me],
    ['GET', '/me/sessions', 'manage-own-account', sessions],
    ['POST', '/me/sessions/:id/end', 'manage-own-account', endOneSession],
    ['GET', '/me/tokens', 'manage-own-account', tokens],
    ['POST', '/me/tokens', 'manage-own-account', addToken],
    ['POST', '/me/tokens/:id/end', 'manage-own-account', endOneToken],
    ['GET', '/people/:id', 'end-access', access],
    ['POST', '/people/:id/end', 'end-access', endAllAccess],
  ]);
}

/** How long somebody may take at the provider. */
const signingInMinutes = 15;

async function signIn(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const back = returnAddress((request.query as Form).return);
  if (request.actor.kind === 'person') return reply.redirect(back, 302);
  const { openId } = web.people;
  if (openId === null) {
    onlyOnThisMachine(request);
    return sendOwn(web, request, reply, 'pages/people/trial.njk', trialView(back, null));
  }
  const begun = await openId.begin();
  if (begun.outcome === 'unavailable') return signInUnavailable(web, request, reply, begun.reason);
  const sealed = await web.sealer.seal({ ...begun.pending, back }, signingInMinutes);
  return reply
    .setCookie(cookieName(web.config, 'signing-in'), sealed, {
      ...cookieOptions(web.config),
      maxAge: signingInMinutes * 60,
    })
    .redirect(begun.address, 302);
}

async function trial(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { person, return: wanted } = (request.body ?? {}) as Form;
  if (web.people.openId !== null) return reply.callNotFound();
  onlyOnThisMachine(request);
  const back = returnAddress(wanted);
  const signedIn = await signInOnTrial(
    web.people,
    typeof person === 'string' ? person : '',
    originOf(request),
  );
  if (signedIn !== null) return welcome(web, request, reply, signedIn, back);
  const view = trialView(back, 'Select who to sign in as');
  return sendOwn(web, request, reply.code(400), 'pages/people/trial.njk', view);
}

// The service listens on loopback then, and still a proxy, or a name that somebody else gave to this machine (DNS rebinding), could
// bring in others, for whom everybody's account would be open. A proxy may say `localhost`, but then it says whom it speaks for.
function onlyOnThisMachine({ headers }: FastifyRequest): void {
  const isFromProxy = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some(
    (name) => headers[name] !== undefined,
  );
  if (isFromProxy || !isLoopbackHost(headers.host))
    throw new ServiceError('not-allowed', 'Signing in to try it out works at http://localhost only.');
}

async function signInBack(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const name = cookieName(web.config, 'signing-in');
  const sealed = await web.sealer.open(request.cookies[name] ?? '');
  // Used once, whatever comes of it.
  reply.clearCookie(name, cookieOptions(web.config));
  // Whoever goes back to this page in the browser after signing in is signed in still.
  if (sealed === null && request.actor.kind === 'person') return reply.redirect('/me', 302);
  if (sealed === null) return signInFailed(web, request, reply, 'expired');
  const { state, nonce, verifier, back } = sealed as Readonly<Record<string, string>>;
  const result = await finishSignIn(web.people, {
    address: new URL(request.url, web.config.baseUrl),
    pending: { state: state ?? '', nonce: nonce ?? '', verifier: verifier ?? '' },
    origin: originOf(request),
  });
  switch (result.outcome) {
    case 'ok':
      return welcome(web, request, reply, result, returnAddress(back));
    case 'denied':
      return signInFailed(web, request, reply, 'denied');
    case 'failed':
      request.log.warn({ reason: result.reason }, 'sign-in refused');
      return signInFailed(web, request, reply, 'failed');
    case 'unavailable':
      return signInUnavailable(web, request, reply, result.reason);
    default:
      return result satisfies never;
  }
}

// Whoever runs the service finds out why by the reference: an address of the provider that is wrong looks the same as one that is down.
function signInUnavailable(web: Web, request: FastifyRequest, reply: FastifyReply, reason: string) {
  const reference = newReference();
  request.log.error({ reason, reference }, 'the provider cannot be used');
  const view = signInFailedView('unavailable', reference);
  return sendOwn(web, request, reply.code(503), 'pages/people/sign-in-failed.njk', view);
}

function signInFailed(
  web: Web,
  request: FastifyRequest,
  reply: FastifyReply,
  why: Exclude<SignInFailure, 'unavailable'>,
) {
  const view = signInFailedView(why, null);
  return sendOwn(web, request, reply.code(403), 'pages/people/sign-in-failed.njk', view);
}

// A new session under a new key: what a browser held before signing in is worth nothing afterwards.
async function welcome(
  web: Web,
  request: FastifyRequest,
  reply: FastifyReply,
  { key, seconds }: SignedIn,
  back: string,
) {
  const name = cookieName(web.config, 'session');
  const old = request.cookies[name];
  if (old !== undefined && request.actor.kind === 'person')
    await signOut(web.people, request.actor, old, originOf(request));
  reply.clearCookie(cookieName(web.config, 'form'), cookieOptions(web.config));
  // How long, and not until when: the clock of the browser may be wrong, and then it would sign in again and again.
  return reply.setCookie(name, key, { ...cookieOptions(web.config), maxAge: seconds }).redirect(back, 303);
}

async function leave(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const name = cookieName(web.config, 'session');
  const key = request.cookies[name];
  const elsewhere =
    request.actor.kind === 'person' && key !== undefined
      ? await signOut(web.people, request.actor, key, originOf(request))
      : null;
  return reply
    .clearCookie(name, cookieOptions(web.config))
    .clearCookie(cookieName(web.config, 'form'), cookieOptions(web.config))
    .redirect(elsewhere ?? '/signed-out', 303);
}

async function signedOut(web: Web, request: FastifyRequest, reply: FastifyReply) {
  return sendOwn(web, request, reply, 'pages/people/signed-out.njk', signedOutView());
}

async function me(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const page = await findOwnPage(web.people, web.needs, request.actor, waitingFinders);
  if (page.outcome !== 'ok') return refuse(request);
  const asked = await listAsked(web.people, request.actor, { limit: questionsShown });
  const questions = asked.outcome === 'ok' ? asked.requests : [];
  return sendOwn(web, request, reply, 'pages/people/me.njk', meView(request.actor, page, questions));
}

async function sessions(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const listed = await listSessions(web.people, request.actor);
  if (listed.outcome !== 'ok') return refuse(request);
  const ended = (request.query as Form).ended !== undefined;
  return sendOwn(web, request, reply, 'pages/people/sessions.njk', sessionsView(listed.sessions, ended));
}

async function endOneSession(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { id } = request.params as { id: string };
  const ended = await endSession(web.people, request.actor, id, originOf(request));
  if (ended.outcome === 'not-allowed') return refuse(request);
  if (ended.outcome === 'not-found') throw gone('This session has ended already, or was never yours.');
  return reply.redirect('/me/sessions?ended=1', 303);
}

async function tokens(web: Web, request: FastifyRequest, reply: FastifyReply) {
  return sendTokens(web, request, reply, { made: null, problems: [], wish: null });
}

async function addToken(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const form = (request.body ?? {}) as Form;
  const text = (name: string): string => (typeof form[name] === 'string' ? form[name].trim() : '');
  const wish = {
    label: text('label'),
    endsOn: dayOf(text('endsOn-year'), text('endsOn-month'), text('endsOn-day')),
    roles: [form.roles ?? []].flat(),
  };
  const made = await makeToken(web.people, request.actor, wish, originOf(request));
  if (made.outcome === 'not-allowed') return refuse(request);
  if (made.outcome === 'ok')
    return sendTokens(web, request, reply, { made: made.token, problems: [], wish: null });
  const typed = { ...wish, year: text('endsOn-year'), month: text('endsOn-month'), day: text('endsOn-day') };
  return sendTokens(web, request, reply.code(400), { made: null, problems: made.problems, wish: typed });
}

async function sendTokens(
  web: Web,
  request: FastifyRequest,
  reply: FastifyReply,
  state: Omit<Parameters<typeof tokensView>[0], 'tokens' | 'actor' | 'today'>,
) {
  const listed = await listTokens(web.people, request.actor);
  if (listed.outcome !== 'ok') return refuse(request);
  const view = tokensView({
    ...state,
    tokens: listed.tokens,
    actor: request.actor,
    today: web.people.today(),
  });
  return sendOwn(web, request, reply, 'pages/people/tokens.njk', view);
}

async function endOneToken(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { id } = request.params as { id: string };
  const ended = await endToken(web.people, request.actor, id, originOf(request));
  if (ended.outcome === 'not-allowed') return refuse(request);
  if (ended.outcome === 'not-found') throw gone('This token has ended already, or was never yours.');
  return reply.redirect('/me/tokens', 303);
}

async function access(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const shown = await showAccess(web.people, request.actor, (request.params as { id: string }).id);
  if (shown.outcome === 'not-allowed') return refuse(request);
  if (shown.outcome === 'not-found') throw gone('There is nobody with this id.');
  const ended = (request.query as Form).ended !== undefined;
  return sendOwn(web, request, reply, 'pages/people/access.njk', accessView(shown, ended));
}

async function endAllAccess(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { id } = request.params as { id: string };
  const ended = await endAccess(web.people, request.actor, id, originOf(request));
  if (ended.outcome === 'not-allowed') return refuse(request);
  if (ended.outcome === 'not-found') throw gone('There is nobody with this id.');
  return reply.redirect(`/people/${encodeURIComponent(id)}?ended=1`, 303);
}

function gone(detail: string): ServiceError {
  return new ServiceError('not-found', detail);
}

// The front door has refused already; this is the use case saying the same.
function refuse(request: FastifyRequest): never {
  throw new ServiceError('not-allowed', `This needs the right to ${actionOf(request)}.`);
}
