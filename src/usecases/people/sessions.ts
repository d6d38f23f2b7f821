import type { Actor, PersonActing } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { auditEvent } from '../audit/audit-event.ts';
import { type NotAllowed, notAllowed, type Origin, type PeopleNeeds } from './people-needs.ts';
import { idleSince } from './who-is-there.ts';

export type OwnSession = {
  readonly id: string;
  readonly device: string;
  readonly createdAt: string;
  readonly usedAt: string;
  /** The one that asks. */
  readonly isThis: boolean;
};

/** The open sessions of whoever asks, the one used last first. */
export async function listSessions(
  needs: PeopleNeeds,
  actor: Actor,
): Promise<{ readonly outcome: 'ok'; readonly sessions: readonly OwnSession[] } | NotAllowed> {
  if (!may(actor, 'manage-own-account') || actor.kind !== 'person') return notAllowed;
  const sessions = await needs.store.sessions.listOf(actor.id, idleSince(needs), needs.now().toISOString());
  return {
    outcome: 'ok',
    sessions: sessions.map(({ id, device, createdAt, usedAt }) => ({
      id,
      device,
      createdAt,
      usedAt,
      isThis: actor.by.kind === 'session' && actor.by.id === id,
    })),
  };
}

/** Ends a session of whoever asks, on this device or another. Somebody else's is not found. */
export async function endSession(
  needs: PeopleNeeds,
  actor: Actor,
  id: string,
  origin: Origin,
): Promise<{ readonly outcome: 'ok' } | { readonly outcome: 'not-found' } | NotAllowed> {
  if (!may(actor, 'manage-own-account') || actor.kind !== 'person') return notAllowed;
  return needs.store.inOneTransaction(async (inside) => {
    if (!(await inside.sessions.end(id, actor.id))) return { outcome: 'not-found' };
    const what = { actor: actor.id, action: 'session-ended', entry: `session:${id}` } as const;
    await inside.audit.record(auditEvent(needs, what, origin));
    return { outcome: 'ok' };
  });
}

/** Signs out: the session ends here, and the answer is where the provider ends its own, if it has a place for that. */
export async function signOut(
  needs: PeopleNeeds,
  actor: PersonActing,
  key: string,
  origin: Origin,
): Promise<string | null> {
  const idToken = await needs.store.inOneTransaction(async (inside) => {
    const session = await inside.sessions.find(needs.hash(key));
    if (session === null || !(await inside.sessions.end(session.id, actor.id))) return null;
    const what = { actor: actor.id, action: 'signed-out', entry: `session:${session.id}` } as const;
    await inside.audit.record(auditEvent(needs, what, origin));
    return session.idToken;
  });
  return needs.openId === null ? null : needs.openId.endSession(idToken);
}
