import type { FastifyInstance, FastifyReply } from 'fastify';
import { usableContact } from '#domain/policy/contacts.ts';
import { daysAfter } from '#domain/shared/day.ts';
import type { Web } from '../web.ts';
import { accessibilityView } from './accessibility-view.ts';
import { apiView } from './api-view.ts';
import { feedbackView } from './feedback-view.ts';
import { findView } from './find-view.ts';
import { guidanceIndexView } from './guidance-index-view.ts';
import { guidancePageView } from './guidance-page-view.ts';
import { helpView } from './help-view.ts';
import type { View } from './page.ts';
import { privacyView } from './privacy-view.ts';
import { createSender } from './send-page.ts';
import { somethingWrongView } from './something-wrong-view.ts';
import { statementsView } from './statements-view.ts';
import { toolView } from './tool-view.ts';
import { toolsView } from './tools-view.ts';

/** Everything that people read rather than answer. Each page depends on nothing but its address, the pack and the day. */
export function registerBrowse(server: FastifyInstance, web: Web): void {
  const table: readonly (readonly [path: string, view: View])[] = [
    ['/tools', toolsView],
    ['/tools/:id', toolView],
    ['/find', findView],
    ['/guidance', guidanceIndexView],
    ['/guidance/:id', guidancePageView],
    ['/help', helpView],
    ['/something-wrong', somethingWrongView],
    ['/feedback', feedbackView],
    ['/statements', statementsView],
    ['/api', apiView],
    ['/accessibility', accessibilityView],
    ['/privacy', privacyView],
  ];
  const send = createSender(web);
  server.get('/.well-known/security.txt', (_request, reply) => sendSecurityText(web, reply));
  for (const [path, view] of table) server.get(path, (request, reply) => send(view, request, reply));
}

// RFC 9116. Whoever finds a hole tells the team that the guidance names for everything that has no team of its own.
function sendSecurityText({ needs, config }: Web, reply: FastifyReply): unknown {
  const { pack } = needs.policy();
  const { email, link } = usableContact(pack, pack.defaultContact, undefined);
  const contact = email === null ? link : `mailto:${email}`;
  if (contact === null) return reply.callNotFound();
  const lines = [
    `Contact: ${contact}`,
    `Expires: ${daysAfter(needs.today(), 180)}T00:00:00Z`,
    'Preferred-Languages: en',
    `Canonical: ${config.baseUrl}/.well-known/security.txt`,
  ];
  return reply
    .type('text/plain; charset=utf-8')
    .header('cache-control', 'public, max-age=3600')
    .send(`${lines.join('\n')}\n`);
}
