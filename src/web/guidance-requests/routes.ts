import type { FastifyInstance } from 'fastify';
import { registerOwn } from '../people/front-door.ts';
import type { Web } from '../web.ts';
import { askerRoutes } from './asker-routes.ts';
import { managerRoutes } from './manager-routes.ts';

/** Asking one's line manager, answering as one, and what became of it. */
export function registerGuidanceRequests(server: FastifyInstance, web: Web): void {
  registerOwn(server, web, [...askerRoutes, ...managerRoutes]);
}
