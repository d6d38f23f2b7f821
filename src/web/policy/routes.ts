import type { FastifyInstance, FastifyReply } from 'fastify';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { proofView } from './proof-view.ts';
import { createProofs, type ProofState, type Proofs } from './proofs.ts';

/** The pages for those who own the guidance. */
export function registerPolicy(server: FastifyInstance, web: Web): void {
  const proofs = createProofs();
  server.addHook('onClose', () => proofs.close());
  server.get('/policy/proof', async (request, reply) => {
    const state = await stateOf(web, proofs);
    if (state.kind === 'failed') request.log.error({ why: state.why }, 'the guidance could not be proved');
    return state.kind === 'proved' ? sendProof(web, reply, state) : sendWaiting(web, reply, state);
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
