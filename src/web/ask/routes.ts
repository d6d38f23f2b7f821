import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FactProblem } from '#domain/decision/fact-problem.ts';
import { optionsOf } from '#domain/decision/next-question.ts';
import { parseFacts } from '#domain/decision/parse-facts.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { versionTag } from '#domain/versions/version-name.ts';
import { ServiceError } from '#platform/errors.ts';
import {
  findStanding,
  isUnknownName,
  kindPage,
  type Standing,
  showQuestions,
  suggestTools,
} from '#usecases/ask-page.ts';
import { askedOf } from '#usecases/usage/count-asked.ts';
import { noteAsked } from '../kept-pages.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { factsIn, hrefOf, type Query, textIn } from './address.ts';
import { answerView } from './answer-view.ts';
import { draftView, isDraftKind } from './draft-view.ts';
import { entries, entryView, homeView } from './entry-view.ts';
import { assumedView, keyOf, questionView } from './question-view.ts';
import { calendarOf, hasReminders, remindersView } from './reminders.ts';
import { shareTarget, shareView } from './share-view.ts';

type Handler = (web: Web, request: FastifyRequest, reply: FastifyReply) => unknown;

/** The pages of asking. All are GET: the answers stand in the address, and nothing is stored. */
export function registerAsk(server: FastifyInstance, web: Web): void {
  const table: readonly (readonly [path: string, handler: Handler])[] = [
    ['/', home],
    ...entries.map(({ path }): readonly [string, Handler] => [path, entry]),
    ['/share', share],
    ['/check', goOn],
    ['/check/which', chooseTool],
    ['/check/assumed/:fact', changeAssumption],
    ['/check/:page', question],
    ['/answer', answer],
    ['/answer/draft/:kind', draft],
    ['/answer/reminders', reminders],
    ['/answer/reminders.ics', calendar],
  ];
  for (const [path, handler] of table) server.get(path, (request, reply) => handler(web, request, reply));
}

function home(web: Web, request: FastifyRequest, reply: FastifyReply) {
  return page(web, reply, 'pages/ask/home.njk', homeView(web, request.query as Query));
}

function entry(web: Web, request: FastifyRequest, reply: FastifyReply) {
  return page(
    web,
    reply,
    'pages/ask/entry.njk',
    entryView(web, request.routeOptions.url ?? '', request.query as Query),
  );
}

function share(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const query = request.query as Query;
  const target = shareTarget(web, query);
  if (target !== null) return go(reply, target);
  return page(web, reply, 'pages/ask/question.njk', shareView(web, query));
}

// Where an asker goes next: the one place that decides it, from nothing but the address.
function goOn(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const query = request.query as Query;
  const raw = factsIn(query);
  if (typeof raw.tool === 'string' && raw.tool.trim() === '')
    return go(reply, hrefOf('/', statedIn(web, query), { sent: 'tool' }));
  return withStanding(web, query, reply, (standing) => go(reply, nextAddress(web, standing)));
}

function nextAddress(web: Web, standing: Standing): string {
  const { stated, answer, next } = standing;
  if (isUnknownName(web.needs, standing)) {
    const near = suggestTools(web.needs, stated.get('tool') ?? '', 5);
    return near.length > 0
      ? hrefOf('/check/which', stated)
      : hrefOf(`/check/${kindPage(web.needs)?.id}`, stated);
  }
  if (next === null) return hrefOf('/answer', stated, { policy: versionTag(answer.policy) });
  if (next.facts.includes('tool')) return hrefOf('/', stated);
  return hrefOf(`/check/${next.page.id}`, stated);
}

function chooseTool(web: Web, request: FastifyRequest, reply: FastifyReply) {
  return withStanding(web, request.query as Query, reply, (standing) => {
    const { stated } = standing;
    const name = stated.get('tool') ?? '';
    const near = suggestTools(web.needs, name, 5);
    if (!isUnknownName(web.needs, standing) || near.length === 0) return go(reply, hrefOf('/check', stated));
    return page(web, reply, 'pages/ask/which.njk', {
      title: `Which tool do you mean by “${name}”?`,
      back: { text: 'Back', href: hrefOf('/', stated) },
      policyLabel: web.needs.policy().pack.label,
      tools: near.map((tool) => ({
        name: tool.name,
        href: hrefOf('/check', new Map([...stated, ['tool', tool.id]])),
      })),
      other: {
        text: `None of these: check “${name}”`,
        href: hrefOf(`/check/${kindPage(web.needs)?.id}`, stated),
      },
    });
  });
}

function question(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const query = request.query as Query;
  const { pack } = web.needs.policy();
  const asked = pack.pages.find(({ id }) => id === (request.params as { page: string }).page);
  if (asked === undefined) return reply.callNotFound();
  return withStanding(web, query, reply, (standing) => {
    const shown = showQuestions(web.needs, standing, asked);
    if (shown.length === 0) return go(reply, nextAddress(web, standing));
    const isSent = textIn(query, 'sent') === asked.id;
    if (isSent) {
      const stated = new Map(standing.stated);
      // One answer may open another question of the page, so every answer that was sent counts.
      for (const one of asked.questions) {
        const chosen = optionsOf(one, pack).find((option) => keyOf(option) === query[`answer.${one.id}`]);
        if (chosen === undefined) continue;
        for (const fact of one.facts) stated.delete(fact);
        for (const [fact, value] of chosen.sets) if (!isUsual(pack, fact, value)) stated.set(fact, value);
      }
      const isComplete = shown.every(({ question: one, options }) =>
        options.some((option) => keyOf(option) === query[`answer.${one.id}`]),
      );
      if (isComplete) return go(reply, hrefOf('/check', stated));
    }
    return page(
      web,
      reply,
      'pages/ask/question.njk',
      questionView(web.needs, standing, asked, shown, query, isSent),
    );
  });
}

// An assumption that holds anyway would only make the address longer.
function isUsual(pack: Pack, id: string, value: string): boolean {
  const fact = pack.facts.get(id);
  return fact?.origin === 'assumed' && fact.default === value;
}

function changeAssumption(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const query = request.query as Query;
  const fact = web.needs.policy().pack.facts.get((request.params as { fact: string }).fact);
  if (fact === undefined || fact.valuesFrom === 'tools') return reply.callNotFound();
  return withStanding(web, query, reply, (standing) => {
    const chosen = textIn(query, `answer.${fact.id}`);
    if (textIn(query, 'sent') === fact.id && fact.values.some(({ id }) => id === chosen)) {
      return go(reply, hrefOf('/check', new Map([...standing.stated, [fact.id, chosen ?? '']])));
    }
    return page(
      web,
      reply,
      'pages/ask/question.njk',
      assumedView(web.needs, standing, fact, textIn(query, 'sent') === fact.id),
    );
  });
}

function answer(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const query = request.query as Query;
  return withStanding(web, query, reply, (standing) => {
    if (standing.stated.size === 0) return go(reply, '/');
    noteAsked(request, askedOf(web.needs.policy().pack, standing.stated, standing.answer));
    return page(web, reply, 'pages/ask/answer.njk', answerView(web, standing, textIn(query, 'policy')));
  });
}

function draft(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { kind } = request.params as { kind: string };
  if (!isDraftKind(kind)) return reply.callNotFound();
  return withStanding(web, request.query as Query, reply, (standing) =>
    page(web, reply, 'pages/ask/draft.njk', draftView(web, standing, kind)),
  );
}

function reminders(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const query = request.query as Query;
  return withStanding(web, query, reply, (standing) => {
    if (!hasReminders(standing.answer)) throw nothingToRemindOf();
    const view = remindersView(web, standing, query);
    if (view.download !== null) return go(reply, view.download);
    return page(web, reply, 'pages/ask/reminders.njk', view);
  });
}

function calendar(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const query = request.query as Query;
  return withStanding(web, query, reply, (standing) => {
    if (!hasReminders(standing.answer)) throw nothingToRemindOf();
    const view = remindersView(web, standing, { ...query, sent: 'reminders' });
    if (view.errors !== undefined) return page(web, reply.code(400), 'pages/ask/reminders.njk', view);
    return reply
      .type('text/calendar; charset=utf-8')
      .header('content-disposition', 'attachment; filename="reminders.ics"')
      .header('cache-control', 'no-store')
      .send(calendarOf(web, standing, query));
  });
}

function nothingToRemindOf(): ServiceError {
  return new ServiceError(
    'not-found',
    'There are no reminders for these answers. Only a yes that asks you to move or check something later has them.',
  );
}

function withStanding(
  web: Web,
  query: Query,
  reply: FastifyReply,
  then: (standing: Standing) => unknown,
): unknown {
  const stood = findStanding(web.needs, factsIn(query));
  return stood.outcome === 'ok' ? then(stood.standing) : cannotAnswer(web, reply, stood.problems, query);
}

// What is wrong with the facts in the address, each with what would be right, and nothing of the rest lost.
function cannotAnswer(web: Web, reply: FastifyReply, problems: readonly FactProblem[], query: Query) {
  const wrong = new Set(problems.map(({ fact }) => fact));
  const good = new Map([...statedIn(web, query)].filter(([fact]) => !wrong.has(fact)));
  return page(web, reply.code(422), 'pages/ask/cannot-answer.njk', {
    title: 'We cannot answer this',
    policyLabel: web.needs.policy().pack.label,
    problems: problems.map(({ detail, suggestion }) => ({
      // Back quotes are for those who write programs; a reader gets the quotation marks of a page.
      detail: `${detail.charAt(0).toUpperCase()}${detail.slice(1)}`.replaceAll(/`([^`]*)`/g, '“$1”'),
      suggestion,
    })),
    goOn:
      good.size > 0
        ? {
            text: 'Go on with the rest of your answers',
            href: hrefOf(good.has('tool') ? '/check' : '/', good),
          }
        : null,
  });
}

function statedIn(web: Web, query: Query): ReadonlyMap<string, string> {
  return parseFacts(web.needs.policy().pack, factsIn(query)).stated;
}

function go(reply: FastifyReply, address: string) {
  return reply.header('cache-control', 'no-cache').redirect(address, 302);
}

function page(web: Web, reply: FastifyReply, template: string, model: PageModel & Record<string, unknown>) {
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'private, max-age=0, must-revalidate')
    .send(web.render(template, model));
}
