import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isDay } from '#domain/shared/day.ts';
import { shortHash } from '#domain/versions/version-name.ts';
import { ServiceError } from '#platform/errors.ts';
import { listVersions } from '#usecases/versions/list-versions.ts';
import {
  type Agreed,
  agreeToVersion,
  type Ended,
  proposeVersion,
  type ReviewOf,
  refuseVersion,
  withdrawVersion,
} from '#usecases/versions/publish-version.ts';
import {
  type ShownVersionOutcome,
  showVersion,
  type VersionToShow,
} from '#usecases/versions/show-version.ts';
import { factsIn, type Query } from '../ask/address.ts';
import { type OwnHandler, originOf, registerOwn, sendOwn } from '../people/front-door.ts';
import { dayOf } from '../typed-day.ts';
import type { Web } from '../web.ts';
import { versionListView } from './list-view.ts';
import { createLooks, type Looks } from './looks.ts';
import { situationView } from './situation-view.ts';
import { createVersionThreads, type VersionThreads } from './version-thread.ts';
import { type Typed, versionView } from './version-view.ts';

/** The pages on which versions of the guidance are looked at and published. */
export function registerVersions(server: FastifyInstance, web: Web): void {
  const threads = createVersionThreads();
  const looks = createLooks(web, threads);
  server.addHook('onClose', () => threads.close());
  const own: Own = { web, threads, looks };
  const withOwn =
    (handle: (own: Own, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): OwnHandler =>
    (_web, request, reply) =>
      handle(own, request, reply);
  registerOwn(server, web, [
    ['GET', '/policy/versions', 'see-versions', withOwn(list)],
    ['GET', '/policy/versions/:hash', 'see-versions', withOwn(show)],
    ['GET', '/policy/versions/:hash/book', 'see-versions', withOwn(book)],
    ['GET', '/policy/versions/:hash/situation', 'see-versions', withOwn(situation)],
    ['POST', '/policy/versions/:hash/propose', 'propose-version', withOwn(propose)],
    ['POST', '/policy/versions/:hash/agree', 'agree-to-version', withOwn(agree)],
    ['POST', '/policy/versions/:hash/refuse', 'agree-to-version', withOwn(refuse)],
    ['POST', '/policy/versions/:hash/withdraw', 'propose-version', withOwn(withdraw)],
  ]);
}

type Own = { readonly web: Web; readonly threads: VersionThreads; readonly looks: Looks };
type Form = Readonly<Record<string, string | readonly string[] | undefined>>;

// Most looks are there within this; otherwise the page says so and asks again.
const waitMs = 1_500;
// A form has been filled in: what was typed is not to be lost on a page that asks again.
const waitWithFormMs = 60_000;
const askAgainSeconds = 2;

async function list({ web }: Own, request: FastifyRequest, reply: FastifyReply) {
  const listed = await listVersions(web.people, request.actor);
  if (listed.outcome !== 'ok') throw notAllowed();
  const view = versionListView(listed.versions, web.needs.inForce?.());
  return sendOwn(web, request, reply, 'pages/versions/list.njk', view);
}

async function show(own: Own, request: FastifyRequest, reply: FastifyReply) {
  const found = await findOrElsewhere(own.web, request);
  if (found.outcome === 'elsewhere') return reply.redirect(`/policy/versions/${found.hash}`, 302);
  return sendVersion(own, request, reply, { shown: found, typed: null, longestMs: waitMs });
}

async function book({ web, threads }: Own, request: FastifyRequest, reply: FastifyReply) {
  const { loaded } = await here(web, request);
  if (loaded.guidance.parsed.pack === null) throw unreadable();
  const html = await threads.book(loaded, web.needs.today()).catch((error: unknown) => {
    request.log.error({ why: String(error) }, 'the book of a version could not be written');
    throw new ServiceError('unavailable', 'This cannot be written at the moment. Answers go on as before.');
  });
  return reply
    .type('text/html; charset=utf-8')
    .header('content-disposition', `attachment; filename="guidance-${shortHash(loaded.hash)}.html"`)
    .send(html);
}

async function situation({ web }: Own, request: FastifyRequest, reply: FastifyReply) {
  const { _day: typedDay, ...query } = request.query as Query;
  const { loaded, base } = await here(web, request);
  const [before, after] = [base?.guidance.ready?.policy, loaded.guidance.ready?.policy];
  if (base === null || before === undefined || after === undefined) throw unreadable();
  const day = typeof typedDay === 'string' && isDay(typedDay) ? typedDay : web.needs.today();
  const view = situationView(`/policy/versions/${loaded.hash}`, factsIn(query), {
    before: { label: base.label, hash: base.hash, policy: before },
    after: { label: loaded.label, hash: loaded.hash, policy: after },
    day,
  });
  return sendOwn(web, request, reply, 'pages/versions/situation.njk', view);
}

async function propose(own: Own, request: FastifyRequest, reply: FastifyReply) {
  const { web, threads } = own;
  const reviewOf: ReviewOf = (before, after, from) =>
    threads.review(before, after, from).catch((error: unknown) => {
      request.log.error({ why: String(error) }, 'a version could not be compared');
      throw new ServiceError(
        'unavailable',
        'What it changes cannot be worked out at the moment, so nothing was proposed.',
      );
    });
  const { hash } = request.params as { hash: string };
  const form = (request.body ?? {}) as Form;
  const text = (name: string): string => (typeof form[name] === 'string' ? form[name].trim() : '');
  const typed = {
    form: 'propose',
    words: text('words'),
    acknowledged: [form.acknowledged ?? []].flat(),
    day: text('on-day'),
    month: text('on-month'),
    year: text('on-year'),
  } as const;
  const on = dayOf(typed.year, typed.month, typed.day);
  const wish = { hash, on, acknowledged: typed.acknowledged, words: typed.words };
  const proposed = await proposeVersion(web.people, request.actor, wish, reviewOf, originOf(request));
  switch (proposed.outcome) {
    case 'ok':
      return reply.redirect(`/policy/versions/${hash}`, 303);
    case 'problems':
      return sendAgain(
        own,
        request,
        reply,
        { ...typed, problems: proposed.problems },
        isDay(on) ? on : undefined,
      );
    case 'not-found':
      throw notFound();
    case 'not-allowed':
      throw notAllowed();
    default:
      return proposed satisfies never;
  }
}

async function agree(own: Own, request: FastifyRequest, reply: FastifyReply) {
  const given = decisionIn(request);
  const agreed = await agreeToVersion(own.web.people, request.actor, given, originOf(request));
  if (agreed.outcome === 'ok') await own.web.needs.lookForVersion?.();
  return answerDecision(own, request, reply, agreed);
}

async function refuse(own: Own, request: FastifyRequest, reply: FastifyReply) {
  const refused = await refuseVersion(own.web.people, request.actor, decisionIn(request), originOf(request));
  return answerDecision(own, request, reply, refused);
}

async function withdraw(own: Own, request: FastifyRequest, reply: FastifyReply) {
  const { id } = decisionIn(request);
  return answerDecision(
    own,
    request,
    reply,
    await withdrawVersion(own.web.people, request.actor, id, originOf(request)),
  );
}

function decisionIn({ body }: FastifyRequest): { readonly id: string; readonly words: string } {
  const { proposal, words } = (body ?? {}) as Form;
  return { id: typeof proposal === 'string' ? proposal : '', words: typeof words === 'string' ? words : '' };
}

async function answerDecision(own: Own, request: FastifyRequest, reply: FastifyReply, ended: Agreed | Ended) {
  const { hash } = request.params as { hash: string };
  switch (ended.outcome) {
    case 'ok':
    // The page says what came between.
    case 'outdated':
      return reply.redirect(`/policy/versions/${hash}`, 303);
    case 'problems': {
      const { words } = decisionIn(request);
      const nothing = { acknowledged: [], day: '', month: '', year: '' };
      return sendAgain(own, request, reply, { form: 'decide', words, ...nothing, problems: ended.problems });
    }
    case 'own':
      throw new ServiceError('conflict', 'You proposed this version, so somebody else has to decide.');
    case 'not-open':
      throw new ServiceError(
        'conflict',
        'Somebody has decided on this already, or it was withdrawn. Open the version again to see how it stands.',
      );
    case 'not-found':
      throw notFound();
    case 'not-allowed':
      throw notAllowed();
    default:
      return ended satisfies never;
  }
}

// A rejected form keeps what was typed, and shows the difference of the day that was wanted.
async function sendAgain(own: Own, request: FastifyRequest, reply: FastifyReply, typed: Typed, on?: string) {
  const shown = await here(own.web, request, on);
  return sendVersion(own, request, reply.code(400), { shown, typed, longestMs: waitWithFormMs });
}

async function sendVersion(
  { web, looks }: Own,
  request: FastifyRequest,
  reply: FastifyReply,
  {
    shown,
    typed,
    longestMs,
  }: { readonly shown: VersionToShow; readonly typed: Typed | null; readonly longestMs: number },
) {
  const { base, loaded, on } = shown;
  const look = base === null ? null : await looks.stateOf(base, loaded, on ?? web.needs.today(), longestMs);
  if (look?.kind === 'failed') request.log.error({ why: look.why }, 'a version could not be compared');
  // A header and no tag in the page: nothing that somebody reads there is lost when it is asked for again.
  if (look?.kind === 'working') reply.header('refresh', String(askAgainSeconds));
  const view = versionView({ shown, actor: request.actor, look, typed });
  return sendOwn(web, request, reply, 'pages/versions/version.njk', view);
}

async function findOrElsewhere(
  web: Web,
  request: FastifyRequest,
  on: unknown = (request.query as Form).on,
): Promise<Extract<ShownVersionOutcome, { outcome: 'ok' | 'elsewhere' }>> {
  const { hash } = request.params as { hash: string };
  const found = await showVersion(web.people, request.actor, {
    hash,
    ...(typeof on === 'string' ? { on } : {}),
  });
  if (found.outcome === 'not-allowed') throw notAllowed();
  if (found.outcome === 'not-found') throw notFound();
  return found;
}

async function here(web: Web, request: FastifyRequest, on?: string): Promise<VersionToShow> {
  const found = await findOrElsewhere(web, request, on);
  if (found.outcome !== 'ok') throw notFound();
  return found;
}

function notAllowed(): ServiceError {
  return new ServiceError(
    'not-allowed',
    'Versions of the guidance are for policy owners and administrators.',
  );
}

function notFound(): ServiceError {
  return new ServiceError('not-found', 'There is no such version of the guidance.');
}

function unreadable(): ServiceError {
  return new ServiceError(
    'not-found',
    'This version cannot be read by this version of the service, or there is none to compare it with.',
  );
}
