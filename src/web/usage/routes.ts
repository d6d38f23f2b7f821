import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '#platform/errors.ts';
import { findStanding } from '#usecases/ask-page.ts';
import { sayUnhelpful } from '#usecases/usage/say-unhelpful.ts';
import { showUsage } from '#usecases/usage/show-usage.ts';
import { factsIn, hrefOf, type Query } from '../ask/address.ts';
import { registerOwn, sendOwn } from '../people/front-door.ts';
import type { Web } from '../web.ts';
import { unhelpfulView, usageView } from './views.ts';

/** What is asked, for those who own the guidance, and "this did not help" for everyone. */
export function registerUsage(server: FastifyInstance, web: Web): void {
  registerOwn(server, web, [
    ['GET', '/usage', 'see-usage', usage],
    ['GET', '/did-not-help', 'ask', askUnhelpful],
    ['POST', '/did-not-help', 'ask', takeUnhelpful],
  ]);
}

async function usage(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const query = request.query as Readonly<Record<string, unknown>>;
  const text = (name: string): string => (typeof query[name] === 'string' ? query[name] : '');
  const span = { from: text('from'), to: text('to') };
  const shown = await showUsage(web.people, request.actor, span);
  if (shown.outcome === 'not-allowed') throw new ServiceError('not-allowed', 'This is for policy owners.');
  if (shown.outcome === 'problems') reply.code(400);
  const view = usageView(web.needs.policy().pack, span, shown);
  return sendOwn(web, request, reply, 'pages/usage/usage.njk', view);
}

async function askUnhelpful(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const stood = findStanding(web.needs, factsIn(request.query as Query));
  if (stood.outcome !== 'ok' || stood.standing.stated.size === 0) return reply.redirect('/feedback', 302);
  const isSent = (request.query as Query).sent !== undefined;
  const view = unhelpfulView(web.needs.policy().pack, stood.standing, isSent);
  return sendOwn(web, request, reply, 'pages/usage/did-not-help.njk', view);
}

async function takeUnhelpful(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { _csrf, ...form } = (request.body ?? {}) as Query & { readonly _csrf?: string };
  const stood = findStanding(web.needs, factsIn(form));
  if (stood.outcome !== 'ok')
    throw new ServiceError('invalid-facts', 'What was sent is not the question of an answer.');
  await sayUnhelpful(web.people, stood.standing);
  return reply.redirect(hrefOf('/did-not-help', stood.standing.stated, { sent: 'yes' }), 303);
}
