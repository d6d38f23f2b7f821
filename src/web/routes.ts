import type { FastifyInstance } from 'fastify';
import { registerAsk } from './ask/routes.ts';
import { registerBrowse } from './browse/routes.ts';
import { keepPages } from './kept-pages.ts';
import { registerMatrix } from './matrix/routes.ts';
import { registerPolicy } from './policy/routes.ts';
import type { Web } from './web.ts';

/** Every page of the service: asking, the matrix, what there is to read, and what the owners of the guidance want to know. */
export function registerWeb(server: FastifyInstance, web: Web): void {
  server.register(async (scope) => {
    keepPages(scope, web.needs);
    registerAsk(scope, web);
    registerMatrix(scope, web);
  });
  registerBrowse(server, web);
  registerPolicy(server, web);
}
