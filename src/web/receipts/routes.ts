import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { keptRecord } from '#domain/guidance-requests/kept-record.ts';
import { type Receipt, recordedOn, stateOf } from '#domain/receipts/receipt.ts';
import { ServiceError } from '#platform/errors.ts';
import { findStanding, type Standing } from '#usecases/ask-page.ts';
import { guidanceOnReceipt, managerToTell } from '#usecases/guidance-requests/on-receipt.ts';
import { type CheckedReceipt, checkReceipt } from '#usecases/receipts/check-receipt.ts';
import { listChanges } from '#usecases/receipts/list-changes.ts';
import {
  listReceipts,
  type ReceiptFilter,
  receiptFilters,
  withdrawReceipt,
} from '#usecases/receipts/own-receipts.ts';
import { saveAnswer } from '#usecases/receipts/save-answer.ts';
import { factsIn, hrefOf, type Query } from '../ask/address.ts';
import { attemptIn } from '../attempt.ts';
import { managerPart } from '../guidance-requests/receipt-part.ts';
import { originOf, registerOwn, sendOwn } from '../people/front-door.ts';
import type { Web } from '../web.ts';
import { changesView } from './changes-view.ts';
import { askReferenceView, receiptAsFile, receiptListView, receiptView, saveView } from './views.ts';

/** Saved answers: save one, find one's own, show and check one by its reference. */
export function registerReceipts(server: FastifyInstance, web: Web): void {
  registerOwn(server, web, [
    ['GET', '/receipts', 'keep-receipts', list],
    ['GET', '/receipts/new', 'keep-receipts', newReceipt],
    ['POST', '/receipts', 'keep-receipts', save],
    ['GET', '/receipts/changes', 'keep-receipts', changes],
    ['GET', '/receipts/check', 'keep-receipts', check],
    ['GET', '/receipts/key', 'keep-receipts', key],
    ['GET', '/receipts/:reference', 'keep-receipts', show],
    ['GET', '/receipts/:reference/file', 'keep-receipts', file],
    ['POST', '/receipts/:reference/withdraw', 'keep-receipts', withdraw],
  ]);
}

type Form = Readonly<Record<string, string | undefined>>;

async function list(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { filter: wanted, before } = request.query as Form;
  const filter: ReceiptFilter = receiptFilters.find((one) => one === wanted) ?? 'live';
  const page = { filter, ...(typeof before === 'string' ? { before } : {}) };
  const listed = await listReceipts(web.people, web.needs, request.actor, page);
  if (listed.outcome !== 'ok') throw notAllowed();
  return sendOwn(web, request, reply, 'pages/receipts/list.njk', receiptListView(filter, listed));
}

const changesOnPage = 20;

async function changes(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { before } = request.query as Form;
  const page = { limit: changesOnPage, ...(typeof before === 'string' ? { before } : {}) };
  const listed = await listChanges(web.people, request.actor, page);
  if (listed.outcome !== 'ok') throw notAllowed();
  return sendOwn(web, request, reply, 'pages/receipts/changes.njk', changesView(listed));
}

async function newReceipt(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { supersedes = '', ...rest } = request.query as Form;
  const { standing, recorded } = await askedAgain(web, request, rest as Query, String(supersedes));
  if (!standing.answer.settled) return reply.redirect(hrefOf('/check', standing.stated), 302);
  const typed = { words: '', supersedes: String(supersedes), attempt: web.people.newId(), error: null };
  const tell = await tellOnSaving(web, request, standing);
  const view = saveView(web.needs.policy().pack, standing, { ...typed, recorded, tell });
  return sendOwn(web, request, reply, 'pages/receipts/new.njk', view);
}

async function save(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { _csrf, words = '', supersedes = '', attempt, ...form } = (request.body ?? {}) as Form;
  const id = attempt === undefined ? {} : { id: attemptIn(attempt) };
  const { standing, recorded, earlier } = await askedAgain(
    web,
    request,
    form as Query,
    String(supersedes),
    id.id,
  );
  const asked = { ...id, standing, words: String(words), recorded, ...earlier };
  const saved =
    supersedes !== '' && earlier.supersedes === undefined
      ? ({ outcome: 'overtaken' } as const)
      : await saveAnswer(web.people, web.needs, request.actor, asked, originOf(request));
  switch (saved.outcome) {
    case 'ok':
      return reply.redirect(`/receipts/${saved.receipt.reference}`, 303);
    case 'overtaken': {
      const error =
        'The saved answer that this one was to replace does not hold any more, so nothing was saved';
      // Without what was on record for the one that does not hold any more.
      const bare = standingIn(web, form as Query);
      const tell = await tellOnSaving(web, request, bare);
      const typed = { words: String(words), supersedes: '', attempt: web.people.newId(), error };
      const again = saveView(web.needs.policy().pack, bare, { ...typed, recorded: [], tell });
      return sendOwn(web, request, reply.code(409), 'pages/receipts/new.njk', again);
    }
    case 'not-settled':
      return reply.redirect(hrefOf('/check', standing.stated), 303);
    case 'problems': {
      const typed = {
        words: String(words),
        supersedes,
        attempt: id.id ?? web.people.newId(),
        error: saved.problems[0]?.detail ?? null,
      };
      const tell = await tellOnSaving(web, request, standing);
      const view = saveView(web.needs.policy().pack, standing, { ...typed, recorded, tell });
      return sendOwn(web, request, reply.code(400), 'pages/receipts/new.njk', view);
    }
    case 'not-allowed':
      throw notAllowed();
    default:
      return saved satisfies never;
  }
}

// What is on record for the saved answer whose place it takes stays on record, where the same is asked.
async function askedAgain(
  web: Web,
  request: FastifyRequest,
  query: Query,
  supersedes: string,
  attempt?: string,
) {
  const standing = standingIn(web, query);
  const old = supersedes === '' ? null : await checkReceipt(web.people, web.needs, request.actor, supersedes);
  const replaced = old?.outcome === 'ok' && old.isOwn ? inItsPlace(old, attempt) : null;
  const earlier = replaced === null ? {} : { supersedes: replaced };
  const recorded =
    replaced !== null && stateOf(replaced) === 'live'
      ? keptRecord(web.needs.policy(), replaced, standing.stated, web.people.today())
      : [];
  if (recorded.length === 0) return { standing, recorded, earlier };
  const stood = findStanding(web.needs, factsIn(query), recordedOn(recorded, web.people.today()));
  return stood.outcome === 'ok'
    ? { standing: stood.standing, recorded, earlier }
    : { standing, recorded: [], earlier };
}

// Whoever goes back and corrects what they have just saved replaces that.
function inItsPlace({ receipt, newer }: CheckedReceipt, attempt: string | undefined): Receipt {
  return newer !== null && newer.id === attempt ? newer : receipt;
}

// Who is told with the same click that saves, where somebody was named before.
async function tellOnSaving(web: Web, { actor }: FastifyRequest, { answer }: Standing) {
  const manager = await managerToTell(web.people, web.needs, actor, answer);
  return manager === null ? null : { name: manager.name };
}

async function check(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { reference } = request.query as Form;
  if (typeof reference !== 'string')
    return sendOwn(web, request, reply, 'pages/receipts/check.njk', askReferenceView('', null));
  const checked = await checkReceipt(web.people, web.needs, request.actor, reference);
  if (checked.outcome === 'ok') return reply.redirect(`/receipts/${checked.receipt.reference}`, 302);
  if (checked.outcome === 'not-allowed') throw notAllowed();
  const error =
    checked.outcome === 'problems'
      ? checked.problem
      : 'There is no saved answer with this reference. It may have been kept for its time and removed';
  reply.code(checked.outcome === 'problems' ? 400 : 404);
  return sendOwn(web, request, reply, 'pages/receipts/check.njk', askReferenceView(reference, error));
}

async function show(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const checked = await found(web, request);
  const address = `${web.config.baseUrl}/receipts/${checked.receipt.reference}`;
  const guidance = await guidanceOnReceipt(web.people, web.needs, request.actor, checked.receipt);
  const manager = managerPart(guidance, checked.receipt, web.people.newId());
  const view = receiptView(web.needs.policy(), checked, address, manager, web.people.signer.fingerprint);
  return sendOwn(web, request, reply, 'pages/receipts/receipt.njk', view);
}

async function file(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { receipt } = await found(web, request);
  return reply
    .type('application/json; charset=utf-8')
    .header('content-disposition', `attachment; filename="receipt-${receipt.reference}.json"`)
    .send(`${JSON.stringify(receiptAsFile(receipt, web.people.signer.publicKey), null, 2)}\n`);
}

async function key(web: Web, _request: FastifyRequest, reply: FastifyReply) {
  return reply
    .type('application/x-pem-file')
    .header('content-disposition', 'attachment; filename="service-key.pem"')
    .send(web.people.signer.publicKey);
}

async function withdraw(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { receipt } = await found(web, request);
  const done = await withdrawReceipt(web.people, request.actor, receipt.reference, originOf(request));
  if (done.outcome === 'not-allowed') throw notAllowed();
  if (done.outcome === 'not-found')
    throw new ServiceError(
      'conflict',
      'This saved answer is not yours, or does not hold any more already. Open it again to see how it stands.',
    );
  return reply.redirect(`/receipts/${receipt.reference}`, 303);
}

async function found(web: Web, request: FastifyRequest) {
  const { reference } = request.params as { reference: string };
  const checked = await checkReceipt(web.people, web.needs, request.actor, reference);
  if (checked.outcome === 'not-allowed') throw notAllowed();
  if (checked.outcome === 'problems') throw new ServiceError('not-found', `${checked.problem}.`);
  if (checked.outcome === 'not-found')
    throw new ServiceError('not-found', 'There is no saved answer with this reference, or its time is up.');
  return checked;
}

function standingIn(web: Web, query: Query): Standing {
  const stood = findStanding(web.needs, factsIn(query));
  if (stood.outcome === 'ok' && stood.standing.stated.size > 0) return stood.standing;
  const [problem] = stood.outcome === 'problems' ? stood.problems : [];
  throw new ServiceError(
    'invalid-facts',
    problem === undefined ? 'Nothing was asked.' : `${problem.detail}.`,
  );
}

function notAllowed(): ServiceError {
  return new ServiceError('not-allowed', 'Sign in to save answers and to check those of others.');
}
