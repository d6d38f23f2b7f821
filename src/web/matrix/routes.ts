import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findMatrix } from '#usecases/find-matrix.ts';
import type { Query } from '../ask/address.ts';
import type { Web } from '../web.ts';
import { matrixAsCsv } from './matrix-as-csv.ts';
import { matrixView, wordsOfProblem } from './matrix-view.ts';

/** Which tool for which information: a page, and the same as a table for a spreadsheet. Nothing is stored. */
export function registerMatrix(server: FastifyInstance, web: Web): void {
  server.get('/matrix', (request, reply) => sendPage(web, request, reply));
  server.get('/matrix.csv', (request, reply) => sendCsv(web, request, reply));
}

const keep = 'private, max-age=0, must-revalidate';

function sendPage(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const query = request.query as Query;
  const result = findMatrix(web.needs, query);
  if (result.outcome === 'none') return reply.callNotFound();
  const hasProblems = result.outcome === 'problems';
  return reply
    .code(hasProblems ? 400 : 200)
    .type('text/html; charset=utf-8')
    .header('cache-control', hasProblems ? 'no-store' : keep)
    .send(web.render('pages/matrix/matrix.njk', matrixView(web, query, result)));
}

function sendCsv(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const result = findMatrix(web.needs, request.query as Query);
  if (result.outcome === 'none') return reply.callNotFound();
  if (result.outcome === 'problems') {
    const lines = result.problems.map((problem) => wordsOfProblem(web, problem));
    reply.code(400).type('text/plain; charset=utf-8').header('cache-control', 'no-store');
    return reply.send(`${lines.join('\n')}\n`);
  }
  return reply
    .type('text/csv; charset=utf-8; header=present')
    .header('cache-control', keep)
    .header('content-disposition', `attachment; filename="which-tool-${result.matrix.on}.csv"`)
    .send(matrixAsCsv(web.needs.policy(), result.matrix));
}
