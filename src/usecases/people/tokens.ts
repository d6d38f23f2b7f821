import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { isRole, type Role } from '#domain/people/roles.ts';
import { daysAfter, isDay } from '#domain/shared/day.ts';
import type { AccessToken } from '#store/tokens.ts';
import { auditEvent } from '../audit/audit-event.ts';
import { type NotAllowed, notAllowed, type Origin, type PeopleNeeds } from './people-needs.ts';
import { tokenPrefix } from './who-is-there.ts';

export type { AccessToken } from '#store/tokens.ts';

/** What somebody asks a new token to be, as it was typed. */
export type TokenWish = {
  readonly label: string;
  /** The last day on which it holds. */
  readonly endsOn: string;
  readonly roles: readonly string[];
};

/** What is wrong with a field of the wish, in a sentence. */
export type TokenProblem = { readonly field: keyof TokenWish; readonly detail: string };

/** A token holds for a year at most: one that is forgotten ends by itself. */
export const longestTokenDays = 365;
const longestLabel = 60;

/** The tokens of whoever asks, the newest first, ended ones too. */
export async function listTokens(
  { store }: PeopleNeeds,
  actor: Actor,
): Promise<{ readonly outcome: 'ok'; readonly tokens: readonly AccessToken[] } | NotAllowed> {
  if (!may(actor, 'manage-own-account') || actor.kind !== 'person') return notAllowed;
  return { outcome: 'ok', tokens: await store.tokens.listOf(actor.id) };
}

/**
 * Makes an access token with some of the roles of whoever asks. What is returned is shown once: only its hash is stored. A token
 * cannot make another one.
 */
export async function makeToken(
  needs: PeopleNeeds,
  actor: Actor,
  wish: TokenWish,
  origin: Origin,
): Promise<
  | { readonly outcome: 'ok'; readonly token: string }
  | { readonly outcome: 'problems'; readonly problems: readonly TokenProblem[] }
  | NotAllowed
> {
  if (!may(actor, 'manage-own-account') || actor.kind !== 'person' || actor.by.kind !== 'session')
    return notAllowed;
  const problems = problemsOf(wish, actor.roles, needs.today());
  if (problems.length > 0) return { outcome: 'problems', problems };
  const key = `${tokenPrefix}${needs.newKey()}`;
  const id = needs.newId();
  const roles = wish.roles.filter(isRole);
  const label = wish.label.trim();
  const at = needs.now().toISOString();
  await needs.store.inOneTransaction(async (inside) => {
    await inside.tokens.add(
      {
        id,
        personId: actor.id,
        label,
        roles,
        createdAt: at,
        endsOn: wish.endsOn,
        usedOn: null,
        endedAt: null,
      },
      needs.hash(key),
    );
    const what = { actor: actor.id, action: 'token-made', entry: `token:${id}` } as const;
    await inside.audit.record(auditEvent(needs, what, origin, { label, roles, endsOn: wish.endsOn }));
  });
  return { outcome: 'ok', token: key };
}

/** Ends a token of whoever asks. Somebody else's is not found. */
export async function endToken(
  needs: PeopleNeeds,
  actor: Actor,
  id: string,
  origin: Origin,
): Promise<{ readonly outcome: 'ok' } | { readonly outcome: 'not-found' } | NotAllowed> {
  if (!may(actor, 'manage-own-account') || actor.kind !== 'person') return notAllowed;
  return needs.store.inOneTransaction(async (inside) => {
    if (!(await inside.tokens.end(id, actor.id, needs.now().toISOString()))) return { outcome: 'not-found' };
    const what = { actor: actor.id, action: 'token-ended', entry: `token:${id}` } as const;
    await inside.audit.record(auditEvent(needs, what, origin));
    return { outcome: 'ok' };
  });
}

function problemsOf(
  { label, endsOn, roles }: TokenWish,
  own: readonly Role[],
  today: string,
): TokenProblem[] {
  const problems: TokenProblem[] = [];
  const length = [...label.trim()].length;
  if (length === 0) problems.push({ field: 'label', detail: 'Enter what the token is for' });
  else if (length > longestLabel)
    problems.push({
      field: 'label',
      detail: `What the token is for must be ${longestLabel} characters or less`,
    });
  else if (/\p{Cc}/u.test(label))
    problems.push({ field: 'label', detail: 'What the token is for must be one line of text' });
  const latest = daysAfter(today, longestTokenDays);
  if (endsOn === '') problems.push({ field: 'endsOn', detail: 'Enter the last day' });
  else if (!isDay(endsOn)) problems.push({ field: 'endsOn', detail: 'The last day must be a real date' });
  else if (endsOn < today) problems.push({ field: 'endsOn', detail: 'The last day must be today or later' });
  else if (endsOn > latest)
    problems.push({ field: 'endsOn', detail: 'The last day must be within a year from today' });
  if (roles.some((role) => !isRole(role) || !own.includes(role)))
    problems.push({ field: 'roles', detail: 'Select only roles that you have' });
  return problems;
}
