import { Type } from 'typebox';
import { auditActions, readPayload } from '#domain/audit/event.ts';
import { roles } from '#domain/people/roles.ts';
import { verdicts } from '#domain/shared/verdict.ts';
import { searchAuditTrail } from '#usecases/audit/search-audit-trail.ts';
import { wrongCursor } from '#usecases/page-of.ts';
import { whatToDo } from '#usecases/receipts/change-notice.ts';
import { listChanges } from '#usecases/receipts/list-changes.ts';
import { showUsage } from '#usecases/usage/show-usage.ts';
import { type ApiError, errorOf } from './problem.ts';
import { type ApiRoute, listProblems, textOf } from './route.ts';
import { Citations, closed, Day, orNull } from './schemas.ts';

/** The errors of a call that is not for everyone. */
const refusals = [401, 403, 429, 503];

const notAllowed: ApiError = { code: 'not-allowed', detail: 'The token does not have the role for this.' };

/** Only calls with a token are answered, so there is nothing to say to anybody else. */
const nobodyElse: ApiRoute['handle'] = () => ({ ok: false, error: notAllowed });

/** Who the token is for, and what it may do. */
export const me: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'me',
  summary: 'Who the access token is for, and the roles it has.',
  answer: closed(
    { id: Type.String(), name: Type.String(), roles: Type.Array(Type.Enum([...roles])) },
    { $id: 'Me' },
  ),
  problems: refusals,
  keeps: 'never',
  action: 'manage-own-account',
  handle: nobodyElse,
  async handleOwn({ actor }) {
    if (actor.kind !== 'person') return { ok: false, error: notAllowed };
    const { id, name, roles: own } = actor;
    return { ok: true, body: { id, name, roles: own } };
  },
};

const Named = closed({ id: Type.String(), text: Type.String() }, { $id: 'Named' });

const Change = closed(
  {
    id: Type.String(),
    at: Type.String({ description: 'When it was found. UTC.' }),
    reference: Type.String({ description: 'The saved answer.' }),
    on: Day,
    why: Type.Enum(['version', 'day'], {
      description: 'Another version of the guidance, or a day on which something begins or ends.',
    }),
    verdict: orNull(
      closed({
        before: Type.String({ description: 'A verdict, or `unanswerable`.' }),
        after: Type.String({ description: 'A verdict, or `unanswerable`.' }),
      }),
    ),
    headline: closed({ before: Type.String(), after: Type.String() }),
    reasons: Type.Array(
      closed({
        rule: Type.String(),
        applies: Type.Boolean({ description: 'True: it applies now. False: it did before.' }),
        because: Type.String(),
        citations: Citations,
      }),
    ),
    added: Type.Array(Named),
    dropped: Type.Array(Named),
    nextSteps: Type.Array(Named),
    whatToDo: Type.String(),
    problems: Type.Array(Type.String()),
    policy: closed({ label: Type.String(), hash: Type.String() }),
  },
  { $id: 'Change', description: 'A saved answer came to something else.' },
);

/** What changed of the own saved answers, the newest first. */
export const changes: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'changes',
  summary: 'What changed of the saved answers of the person whose token it is, the newest first.',
  query: closed({
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'How many at most.' }),
    cursor: Type.Optional(
      Type.String({ description: 'Where to go on: the `nextCursor` of the page before.' }),
    ),
  }),
  answer: closed({ changes: Type.Array(Change), nextCursor: orNull(Type.String()) }, { $id: 'Changes' }),
  problems: refusals,
  keeps: 'never',
  action: 'keep-receipts',
  handle: nobodyElse,
  async handleOwn({ people, actor }, { query }) {
    const before = textOf(query, 'cursor');
    if (before !== undefined && !isId(before)) return listProblems([wrongCursor]);
    const listed = await listChanges(people, actor, {
      limit: Number(query.limit),
      ...(before === undefined ? {} : { before }),
    });
    if (listed.outcome === 'not-allowed') return { ok: false, error: notAllowed };
    const found = listed.changes.map(({ id, at, reference, change }) => ({
      id,
      at,
      reference,
      on: change.on,
      why: change.why,
      verdict: change.verdict,
      headline: change.headline,
      reasons: change.reasons,
      added: change.added,
      dropped: change.dropped,
      nextSteps: change.nextSteps,
      whatToDo: whatToDo(change),
      problems: change.problems,
      policy: change.policy,
    }));
    return { ok: true, body: { changes: found, nextCursor: listed.next } };
  },
};

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

const Count = closed({ key: Type.String(), times: Type.Integer() }, { $id: 'Count' });
const Counts = closed(
  {
    shown: Type.Array(Count),
    hidden: Type.Integer({ description: 'How many more there are, with fewer than five each.' }),
  },
  { $id: 'Counts', description: 'Rounded to fives; counts below five are not shown.' },
);

/** What was asked, without people. */
export const usage: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'usage',
  summary: 'How often what was asked between two days, without people. For policy owners.',
  query: closed({
    from: Type.Optional(
      Type.String({ description: 'The first day. Four weeks before the last one, if left out.' }),
    ),
    to: Type.Optional(Type.String({ description: 'The last day. Today, if left out.' })),
  }),
  answer: closed(
    {
      from: Day,
      to: Day,
      total: orNull(Type.Integer()),
      perDay: Type.Array(closed({ day: Day, times: orNull(Type.Integer()) })),
      byTool: Counts,
      byVerdict: Counts,
      byOrganisation: Counts,
      byRule: Counts,
      unknownNames: Type.Array(Count),
      unhelpful: Type.Array(
        closed({
          id: Type.String(),
          day: Day,
          facts: Type.Record(Type.String(), Type.String()),
          verdict: Type.Enum([...verdicts]),
          policy: Type.String(),
        }),
      ),
    },
    { $id: 'Usage' },
  ),
  problems: refusals,
  keeps: 'never',
  action: 'see-usage',
  handle: nobodyElse,
  async handleOwn({ people, actor }, { query }) {
    const [from, to] = [textOf(query, 'from'), textOf(query, 'to')];
    const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    const shown = await showUsage(people, actor, span);
    if (shown.outcome === 'not-allowed') return { ok: false, error: notAllowed };
    if (shown.outcome === 'problems') return { ok: false, error: errorsOf(shown.problems) };
    const { outcome: _outcome, ...body } = shown;
    return { ok: true, body };
  },
};

/** The audit trail, the newest events first. */
export const audit: Omit<ApiRoute, 'method' | 'path'> = {
  id: 'audit',
  summary: 'Events of the audit trail, the newest first. For administrators.',
  query: closed({
    actor: Type.Optional(
      Type.String({ description: 'The id, name or e-mail address of a person, `system` or `unknown`.' }),
    ),
    action: Type.Optional(Type.Enum(Object.keys(auditActions), { description: 'What was done.' })),
    entry: Type.Optional(
      Type.String({ description: 'What it was done to, such as `session:…`, or the kind of it.' }),
    ),
    from: Type.Optional(Type.String({ description: 'The first day.' })),
    to: Type.Optional(Type.String({ description: 'The last day.' })),
    cursor: Type.Optional(
      Type.String({ description: 'Where to go on: the `nextCursor` of the page before.' }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 100, description: 'How many events at most.' }),
  }),
  answer: closed(
    {
      events: Type.Array(
        closed({
          number: Type.Integer(),
          at: Type.String(),
          actor: Type.String(),
          actorName: orNull(Type.String()),
          action: Type.String(),
          entry: Type.String(),
          payload: orNull(Type.Record(Type.String(), Type.Unknown())),
          payloadHash: Type.String(),
          keepUntil: Day,
          hash: Type.String(),
        }),
      ),
      nextCursor: orNull(Type.String()),
    },
    { $id: 'AuditEvents' },
  ),
  problems: refusals,
  keeps: 'never',
  action: 'read-audit-trail',
  handle: nobodyElse,
  async handleOwn({ people, actor }, { query }) {
    const { limit, cursor, ...rest } = query;
    const question = { ...rest, ...(cursor === undefined ? {} : { before: String(cursor) }) };
    const found = await searchAuditTrail(people, actor, question as Record<string, string>, Number(limit));
    if (found.outcome === 'not-allowed') return { ok: false, error: notAllowed };
    if (found.outcome === 'problems') return { ok: false, error: errorsOf(found.problems) };
    const events = found.events.map(({ payload, ...event }) => ({
      ...event,
      payload: readPayload(payload),
    }));
    return { ok: true, body: { events, nextCursor: found.next === null ? null : String(found.next) } };
  },
};

function errorsOf(problems: readonly { readonly field: string; readonly detail: string }[]): ApiError {
  return errorOf(
    'bad-request',
    problems.map(({ field, detail }) => ({ pointer: `?${field === 'before' ? 'cursor' : field}`, detail })),
  );
}
