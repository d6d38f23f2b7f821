import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { chooseKind, pictureKinds } from '#usecases/find-picture.ts';
import type { Query } from '../ask/address.ts';
import { keepPages } from '../kept-pages.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { pictureView } from './picture-view.ts';
import { createPictures, type Pictures } from './pictures.ts';
import { proofView } from './proof-view.ts';
import { createProofs, type ProofState, type Proofs } from './proofs.ts';

/** The pages for those who own the guidance. */
export function registerPolicy(server: FastifyInstance, web: Web): void {
  const proofs = createProofs();
  const pictures = createPictures();
  server.addHook('onClose', async () => void (await Promise.all([proofs.close(), pictures.close()])));
  server.get('/policy/proof', async (request, reply) => {
    const state = await stateOf(web, proofs);
    if (state.kind === 'failed') request.log.error({ why: state.why }, 'the guidance could not be proved');
    return state.kind === 'proved' ? sendProof(web, reply, state) : sendWaiting(web, reply, state);
  });
  server.register(async (scope) => {
    keepPages(scope, web.needs);
    scope.get('/policy/picture', (request, reply) => sendPicture(web, pictures, request, reply));
  });
}

// Most proofs are ready within this; otherwise the page says so and asks again.
const waitMs = 1500;
const askAgainSeconds = 2;

function stateOf(web: Web, proofs: Proofs): Promise<ProofState> {
  return proofs.stateOf(web.needs.policy(), web.needs.today(), waitMs);
}

// What was proved never changes, and its page is large: it is printed once.
const pages = new WeakMap<object, string>();

function sendProof(web: Web, reply: FastifyReply, { proved }: Extract<ProofState, { kind: 'proved' }>) {
  const html = pages.get(proved) ?? web.render('pages/policy/proof.njk', proofView(web, proved));
  pages.set(proved, html);
  return send(reply.header('cache-control', 'no-cache'), html);
}

function sendWaiting(web: Web, reply: FastifyReply, { kind }: ProofState) {
  // A header and no tag in the page: nothing that somebody reads there is lost when it is asked for again.
  if (kind === 'working') reply.header('refresh', String(askAgainSeconds));
  const model: PageModel & { readonly isWorking: boolean } = {
    title: kind === 'working' ? 'The proof is being worked out' : 'The proof could not be worked out',
    policyLabel: web.needs.policy().pack.label,
    isWorking: kind === 'working',
  };
  return send(reply.header('cache-control', 'no-store'), web.render('pages/policy/proof-waiting.njk', model));
}

function send(reply: FastifyReply, html: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(html);
}

async function sendPicture(web: Web, pictures: Pictures, request: FastifyRequest, reply: FastifyReply) {
  const policy = web.needs.policy();
  const kinds = pictureKinds(policy.pack);
  if (kinds === null) return reply.callNotFound();
  const { kind: asked } = request.query as Query;
  const id = asked === undefined || asked === '' ? undefined : String(asked);
  const kind = chooseKind(policy.pack, kinds, id);
  if (kind === undefined) {
    reply.code(400).header('cache-control', 'no-store');
    const model = pictureView(web, kinds, { kind: null, given: id ?? '' });
    return send(reply, web.render('pages/policy/picture.njk', model));
  }
  const drawn = await pictures.pictureOf(policy, web.needs.today(), kind.id);
  if (drawn.outcome === 'failed') {
    request.log.error({ why: drawn.why }, 'the picture could not be drawn');
    reply.code(503);
  }
  reply.header('cache-control', drawn.outcome === 'failed' ? 'no-store' : 'no-cache');
  return send(reply, web.render('pages/policy/picture.njk', pictureView(web, kinds, { kind, drawn })));
}
