import { type Actor, nobody, type PersonActing } from '#domain/people/actor.ts';
import type { Session } from '#store/sessions.ts';
import type { PeopleNeeds } from './people-needs.ts';
import { rolesOfToken } from './sign-in.ts';

const touchAfterMs = 60_000;

/** The beginning of every access token that a person made, so that one that leaks can be recognised. */
export const tokenPrefix = 'ctu_';

/** Who holds the key of a session: nobody where it is unknown, was not used for too long, or has ended. */
export async function whoIsThere(needs: PeopleNeeds, key: string | undefined): Promise<Actor> {
  if (key === undefined || key === '') return nobody;
  const session = await needs.store.sessions.find(needs.hash(key));
  if (session === null || !isOpen(needs, session)) return nobody;
  const now = needs.now();
  if (now.getTime() - Date.parse(session.usedAt) > touchAfterMs)
    await needs.store.sessions.touch(session.id, now.toISOString());
  const { personId: id, name, roles } = session;
  return { kind: 'person', id, name, roles, by: { kind: 'session', id: session.id } };
}

/** Whether a session still holds: used lately, and not longer than a session may be. */
export function isOpen(needs: Pick<PeopleNeeds, 'now' | 'limits'>, { usedAt, endsAt }: Session): boolean {
  return endsAt > needs.now().toISOString() && usedAt >= idleSince(needs);
}

/** A session that was last used before this instant has ended. */
export function idleSince({ now, limits }: Pick<PeopleNeeds, 'now' | 'limits'>): string {
  return new Date(now().getTime() - limits.sessionIdleMinutes * 60_000).toISOString();
}

export type TokenReading =
  | { readonly outcome: 'ok'; readonly actor: PersonActing }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'unavailable' };

/** Who brings an access token: one that a person made here, or one of the provider for a machine. */
export async function readToken(needs: PeopleNeeds, token: string): Promise<TokenReading> {
  return token.startsWith(tokenPrefix) ? readOwnToken(needs, token) : readProviderToken(needs, token);
}

async function readOwnToken({ store, hash, today }: PeopleNeeds, key: string): Promise<TokenReading> {
  const token = await store.tokens.find(hash(key));
  if (token === null || token.endedAt !== null || token.endsOn < today()) return { outcome: 'refused' };
  if (token.usedOn !== today()) await store.tokens.touch(token.id, today());
  // Never more than the person has now.
  const roles = token.roles.filter((role) => token.personRoles.includes(role));
  const by = { kind: 'token', id: token.id } as const;
  return { outcome: 'ok', actor: { kind: 'person', id: token.personId, name: token.name, roles, by } };
}

async function readProviderToken(needs: PeopleNeeds, token: string): Promise<TokenReading> {
  if (needs.openId === null) return { outcome: 'refused' };
  const read = await needs.openId.readAccessToken(token);
  if (read.outcome === 'unavailable') return { outcome: 'unavailable' };
  if (read.outcome !== 'ok') return { outcome: 'refused' };
  const { issuer, subject, name, email } = read.identity;
  const roles = rolesOfToken(needs, read.identity);
  const at = needs.now().toISOString();
  const person = await needs.store.people.save(
    { id: needs.newId(), issuer, subject, name, email, roles },
    at,
  );
  const by = { kind: 'provider-token', id: subject } as const;
  return { outcome: 'ok', actor: { kind: 'person', id: person.id, name, roles, by } };
}
