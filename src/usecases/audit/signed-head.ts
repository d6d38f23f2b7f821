import type { AuditHead } from '#domain/audit/chain.ts';
import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import type { Signer } from '#platform/signer.ts';
import { type NotAllowed, notAllowed, type Origin, type PeopleNeeds } from '../people/people-needs.ts';
import { auditEvent } from './audit-event.ts';

/** Where the trail ended at an instant, signed by the service. Kept elsewhere, it shows later whether the trail was written anew. */
export type SignedHead = AuditHead & {
  readonly at: string;
  /** Ed25519 over `signedText`, base64url. */
  readonly signature: string;
  /** The public key, as PEM. */
  readonly key: string;
};

/** Takes out the head of the trail with the signature of the service. */
export async function takeSignedHead(
  needs: PeopleNeeds & { readonly signer: Signer },
  actor: Actor,
  origin: Origin,
): Promise<{ readonly outcome: 'ok'; readonly head: SignedHead } | NotAllowed> {
  if (!may(actor, 'read-audit-trail') || actor.kind !== 'person') return notAllowed;
  const what = { actor: actor.id, action: 'audit-head-signed', entry: 'audit:head' } as const;
  await needs.store.audit.record(auditEvent(needs, what, origin));
  const { number, hash } = await needs.store.audit.head();
  const at = needs.now().toISOString();
  const signature = needs.signer.sign(signedText({ number, hash, at }));
  return { outcome: 'ok', head: { number, hash, at, signature, key: needs.signer.publicKey } };
}

/** What the signature is over. */
export function signedText({ number, hash, at }: AuditHead & { readonly at: string }): string {
  return JSON.stringify(['audit-head', number, hash, at]);
}
