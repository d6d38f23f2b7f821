import { grantedAmong, grantedRoles, isRole, type Role, roleNames } from '#domain/people/roles.ts';
import type { Identity, PendingSignIn, TokenIdentity } from '#platform/openid.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { Origin, PeopleNeeds } from './people-needs.ts';

/** Who can be tried out where there is no provider: one person for each role, and one without any. */
export type TrialPerson = { readonly id: Role; readonly name: string; readonly roles: readonly Role[] };

export const trialPeople: readonly TrialPerson[] = [
  { id: 'asker', name: 'Alex Asker', roles: [] },
  { id: 'line-manager', name: 'Lee Manager', roles: [] },
  ...grantedRoles.map((role) => ({ id: role, name: `Sam ${roleNames[role]}`, roles: [role] })),
];

/** The issuer of people of the trial sign-in, which no provider can have. */
export const trialIssuer = 'trial';

export type SignedIn = {
  readonly outcome: 'ok';
  /** For the browser to hold. Only its hash is stored. */
  readonly key: string;
  /** For how long it holds at most. */
  readonly seconds: number;
};
export type SignInOutcome =
  | SignedIn
  | { readonly outcome: 'denied' }
  | { readonly outcome: 'failed'; readonly reason: string }
  | { readonly outcome: 'unavailable'; readonly reason: string };

/** Takes a browser back from the provider. What the provider says is believed only where everything fits. */
export async function finishSignIn(
  needs: PeopleNeeds,
  {
    address,
    pending,
    origin,
  }: { readonly address: URL; readonly pending: PendingSignIn; readonly origin: Origin },
): Promise<SignInOutcome> {
  if (needs.openId === null) return { outcome: 'failed', reason: 'there is no provider' };
  const result = await needs.openId.finish(address, pending);
  if (result.outcome === 'ok') return openSession(needs, result.identity, result.idToken, origin);
  const reason = result.outcome === 'denied' ? 'access_denied' : result.reason;
  const what = { actor: 'unknown', action: 'sign-in-refused', entry: 'sign-in:provider' } as const;
  await needs.store.audit.record(auditEvent(needs, what, origin, { reason }));
  return result;
}

/** Signs in one of the people for trying out. Null: there is no such person, or there is a provider. */
export async function signInOnTrial(
  needs: PeopleNeeds,
  id: string,
  origin: Origin,
): Promise<SignedIn | null> {
  const person = trialPeople.find((one) => one.id === id);
  if (person === undefined || needs.openId !== null) return null;
  const { name, roles } = person;
  return openSession(
    needs,
    { issuer: trialIssuer, subject: id, name, email: `${id}@trial.invalid`, claimed: roles },
    null,
    origin,
  );
}

/** The roles that what stands in the provider's claim brings. */
export function rolesOf({ roleMap }: Pick<PeopleNeeds, 'roleMap'>, { issuer, claimed }: Identity): Role[] {
  return grantedAmong((issuer === trialIssuer ? claimed : mapped(roleMap, claimed)).filter(isRole));
}

/**
 * The roles of an access token of the provider. Where its scopes name roles it has no others. A program without roles of its own has
 * those of its scopes; of a person they can only take some away, because any program may ask for any scope.
 */
export function rolesOfToken(needs: Pick<PeopleNeeds, 'roleMap'>, identity: TokenIdentity): Role[] {
  const own = rolesOf(needs, identity);
  const scoped = grantedAmong(mapped(needs.roleMap, identity.scopes).filter(isRole));
  if (scoped.length === 0) return own;
  return identity.isProgram && own.length === 0 ? scoped : own.filter((role) => scoped.includes(role));
}

function mapped(roleMap: PeopleNeeds['roleMap'], names: readonly string[]): readonly string[] {
  if (Object.keys(roleMap).length === 0) return names;
  return names.flatMap((name) => (Object.hasOwn(roleMap, name) ? (roleMap[name] ?? []) : []));
}

async function openSession(
  needs: PeopleNeeds,
  identity: Identity,
  idToken: string | null,
  origin: Origin,
): Promise<SignedIn> {
  const { store, newId, newKey, hash, limits } = needs;
  const now = needs.now();
  const at = now.toISOString();
  const endsAt = new Date(now.getTime() + limits.sessionHours * 3_600_000);
  const key = newKey();
  const { issuer, subject, name, email } = identity;
  const roles = rolesOf(needs, identity);
  await store.inOneTransaction(async (inside) => {
    const person = await inside.people.save({ id: newId(), issuer, subject, name, email, roles }, at);
    const session = { id: newId(), personId: person.id, roles, device: origin.device, idToken };
    await inside.sessions.add(
      { ...session, createdAt: at, usedAt: at, endsAt: endsAt.toISOString() },
      hash(key),
    );
    const what = { actor: person.id, action: 'signed-in', entry: `session:${session.id}` } as const;
    await inside.audit.record(auditEvent(needs, what, origin, { name, roles }));
  });
  return { outcome: 'ok', key, seconds: limits.sessionHours * 3_600 };
}
