import type { FastifyInstance } from 'fastify';
import { registerAsk } from './ask/routes.ts';
import { registerAudit } from './audit/routes.ts';
import { registerBrowse } from './browse/routes.ts';
import { registerGuidanceRequests } from './guidance-requests/routes.ts';
import { keepPages } from './kept-pages.ts';
import { registerMatrix } from './matrix/routes.ts';
import { registerNotices } from './notices/routes.ts';
import { registerPeople } from './people/routes.ts';
import { registerPolicy } from './policy/routes.ts';
import { registerReceipts } from './receipts/routes.ts';
import { registerUsage } from './usage/routes.ts';
import { registerVersions } from './versions/routes.ts';
import type { Web } from './web.ts';

/** Every page of the service: asking, the matrix, what there is to read, and what the owners of the guidance want to know. */
export function registerWeb(server: FastifyInstance, web: Web): void {
  server.register(async (scope) => {
    forEveryone(scope);
    keepPages(scope, web.needs);
    registerAsk(scope, web);
    registerMatrix(scope, web);
  });
  server.register(async (scope) => {
    forEveryone(scope);
    registerBrowse(scope, web);
    registerPolicy(scope, web);
  });
  registerPeople(server, web);
  registerAudit(server, web);
  registerUsage(server, web);
  registerVersions(server, web);
  registerReceipts(server, web);
  registerGuidanceRequests(server, web);
  registerNotices(server, web);
}

// Asking and reading stores nothing, and nobody has to say who they are.
function forEveryone(scope: FastifyInstance): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, action: 'ask' };
  });
}
