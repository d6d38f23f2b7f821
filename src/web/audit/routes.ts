import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AuditRecord, readPayload } from '#domain/audit/event.ts';
import { ServiceError } from '#platform/errors.ts';
import {
  type AuditQuestion,
  exportAuditTrail,
  searchAuditTrail,
} from '#usecases/audit/search-audit-trail.ts';
import { takeSignedHead } from '#usecases/audit/signed-head.ts';
import { checkAuditTrail } from '#usecases/audit/verify-audit-trail.ts';
import { originOf, registerOwn, sendOwn } from '../people/front-door.ts';
import type { Web } from '../web.ts';
import { auditView, checkView } from './views.ts';

/** The audit trail, for administrators: search it, check it, take it out. */
export function registerAudit(server: FastifyInstance, web: Web): void {
  registerOwn(server, web, [
    ['GET', '/audit', 'read-audit-trail', search],
    ['GET', '/audit/check', 'read-audit-trail', check],
    ['POST', '/audit/export', 'read-audit-trail', takeOut],
    ['POST', '/audit/head', 'read-audit-trail', takeHead],
  ]);
}

function questionIn(given: unknown): AuditQuestion {
  const form = (given ?? {}) as Readonly<Record<string, unknown>>;
  const fields = ['actor', 'action', 'entry', 'from', 'to', 'before'] as const;
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = form[field];
      return typeof value === 'string' && value.trim() !== '' ? [[field, value.trim()]] : [];
    }),
  );
}

async function search(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const question = questionIn(request.query);
  const found = await searchAuditTrail(web.people, request.actor, question);
  if (found.outcome === 'not-allowed') throw notAllowed();
  if (found.outcome === 'problems') reply.code(400);
  return sendOwn(web, request, reply, 'pages/audit/trail.njk', auditView(question, found));
}

async function check(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const checked = await checkAuditTrail(web.people, request.actor);
  if (checked.outcome === 'not-allowed') throw notAllowed();
  return sendOwn(web, request, reply, 'pages/audit/check.njk', checkView(checked.check));
}

async function takeOut(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const isCsv = (request.body as Readonly<Record<string, unknown>>).format === 'csv';
  const question = questionIn(request.body);
  const taken = await exportAuditTrail(web.people, request.actor, question, originOf(request));
  if (taken.outcome === 'not-allowed') throw notAllowed();
  if (taken.outcome === 'problems')
    return sendOwn(web, request, reply.code(400), 'pages/audit/trail.njk', auditView(question, taken));
  const name = `audit-trail-${web.people.today()}.${isCsv ? 'csv' : 'jsonl'}`;
  return reply
    .type(isCsv ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(isCsv ? csvOf(taken.events) : Readable.from(linesOf(taken.events)));
}

const columns = ['number', 'at', 'actor', 'action', 'entry', 'payload', 'payloadHash', 'keepUntil', 'hash'];

// People choose their own names, and a spreadsheet takes some of them for formulas.
function csvOf(events: AsyncIterable<AuditRecord>): Readable {
  const lines = stringify({ header: true, columns, record_delimiter: 'windows', escape_formulas: true });
  // Whoever reads the lines is told of what fails by the stream itself.
  pipeline(Readable.from(events), lines, () => {});
  return lines;
}

/** Lines of JSON, with the payload as an object; null where it was disposed of. */
async function* linesOf(events: AsyncIterable<AuditRecord>): AsyncIterable<string> {
  for await (const { payload, ...event } of events)
    yield `${JSON.stringify({ ...event, payload: readPayload(payload) })}\n`;
}

async function takeHead(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const taken = await takeSignedHead(web.people, request.actor, originOf(request));
  if (taken.outcome === 'not-allowed') throw notAllowed();
  return reply
    .type('application/json; charset=utf-8')
    .header('content-disposition', `attachment; filename="audit-head-${taken.head.number}.json"`)
    .send(`${JSON.stringify(taken.head, null, 2)}\n`);
}

function notAllowed(): ServiceError {
  return new ServiceError('not-allowed', 'The audit trail is for administrators.');
}
