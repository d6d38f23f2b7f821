import type { FastifyInstance } from 'fastify';
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
  for (const [path, view] of table) server.get(path, (request, reply) => send(view, request, reply));
}
