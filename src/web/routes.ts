import type { FastifyInstance } from 'fastify';
import { registerAsk } from './ask/routes.ts';
import { registerBrowse } from './browse/routes.ts';
import type { Web } from './web.ts';

/** Every page of the service: asking, and what there is to read. */
export function registerWeb(server: FastifyInstance, web: Web): void {
  registerAsk(server, web);
  registerBrowse(server, web);
}
