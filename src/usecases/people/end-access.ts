import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import type { Person } from '#store/people.ts';
import { auditEvent } from '../audit/audit-event.ts';
import { type NotAllowed, notAllowed, type Origin, type PeopleNeeds } from './people-needs.ts';
import { idleSince } from './who-is-there.ts';

/** What somebody can get in with at the moment. */
export type Access = { readonly person: Person; readonly sessions: number; readonly tokens: number };

type NotFound = { readonly outcome: 'not-found' };

/** How many browsers somebody is signed in with, and how many of their access tokens hold. */
export async function showAccess(
  needs: PeopleNeeds,
  actor: Actor,
  id: string,
): Promise<({ readonly outcome: 'ok' } & Access) | NotFound | NotAllowed> {
  if (!may(actor, 'end-access')) return notAllowed;
  const { people, sessions, tokens } = needs.store;
  const person = await people.get(id);
  if (person === null) return { outcome: 'not-found' };
  const open = await sessions.listOf(id, idleSince(needs), needs.now().toISOString());
  const today = needs.today();
  const holding = (await tokens.listOf(id)).filter((one) => one.endedAt === null && one.endsOn >= today);
  return { outcome: 'ok', person, sessions: open.length, tokens: holding.length };
}

/** Ends everything that somebody could get in with, at once. Whether they can sign in again is for the provider to say. */
export async function endAccess(
  needs: PeopleNeeds,
  actor: Actor,
  id: string,
  origin: Origin,
): Promise<{ readonly outcome: 'ok' } | NotFound | NotAllowed> {
  if (!may(actor, 'end-access') || actor.kind !== 'person') return notAllowed;
  return needs.store.inOneTransaction(async (inside) => {
    if ((await inside.people.get(id)) === null) return { outcome: 'not-found' };
    await inside.sessions.endAllOf(id);
    await inside.tokens.endAllOf(id, needs.now().toISOString());
    const what = { actor: actor.id, action: 'access-ended', entry: `person:${id}` } as const;
    await inside.audit.record(auditEvent(needs, what, origin));
    return { outcome: 'ok' };
  });
}
