import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { roleNames } from '#domain/people/roles.ts';
import { dayInWords } from '#domain/shared/day.ts';
import type { OwnRequest } from '#usecases/guidance-requests/own-requests.ts';
import type { Access } from '#usecases/people/end-access.ts';
import type { OwnPage } from '#usecases/people/own-page.ts';
import type { OwnSession } from '#usecases/people/sessions.ts';
import { trialPeople } from '#usecases/people/sign-in.ts';
import type { AccessToken, TokenProblem } from '#usecases/people/tokens.ts';
import { longestTokenDays } from '#usecases/people/tokens.ts';
import { askedRow } from '../guidance-requests/asked-view.ts';
import { instantInWords } from '../instant.ts';
import { changeModel } from '../receipts/changes-view.ts';
import { ownReceiptModel } from '../receipts/views.ts';
import type { PageModel } from '../render.ts';

/** The page of the trial sign-in: one person for each role. */
export function trialView(back: string, error: string | null) {
  return {
    title: 'Sign in to try it out',
    ...(error === null ? {} : { errors: [{ text: error, href: '#person' }] }),
    error,
    returnTo: back,
    people: trialPeople.map(({ id, name }) => ({
      id,
      name,
      hint: roleNames[id],
    })),
  } satisfies PageModel & Record<string, unknown>;
}

export type SignInFailure = 'expired' | 'denied' | 'failed' | 'unavailable';

/** Why nobody was signed in. `reference` is where the log has more to say. */
export function signInFailedView(why: SignInFailure, reference: string | null) {
  const sentences = {
    expired: 'You took longer than 15 minutes, signed in on another device, or came back to an old page.',
    denied: 'You cancelled, or your organisation does not let your account use this service.',
    failed: 'What came back from your organisation’s sign-in could not be trusted, so nobody was signed in.',
    unavailable: 'Your organisation’s sign-in does not work at the moment. Try again in a few minutes.',
  };
  const title = why === 'unavailable' ? 'You cannot sign in at the moment' : 'You are not signed in';
  return { title, why: sentences[why], reference } satisfies PageModel & Record<string, unknown>;
}

export function signedOutView() {
  return { title: 'You have signed out' } satisfies PageModel;
}

/** As many questions to line managers as one's own page shows: the newest. */
export const questionsShown = 3;

/** One's own page: what waits, what changed, the newest saved answers, who one is here, and what one may do. */
export function meView(
  actor: Actor,
  { waiting, changes, receipts }: OwnPage,
  questions: readonly OwnRequest[],
) {
  const person = actor.kind === 'person' ? actor : null;
  const links = [
    { text: 'Saved answers', href: '/receipts', action: 'keep-receipts' },
    { text: 'What has changed', href: '/receipts/changes', action: 'keep-receipts' },
    { text: 'What you asked your line manager', href: '/asked', action: 'ask-line-manager' },
    { text: 'What you are asked as line manager', href: '/line-manager', action: 'answer-as-line-manager' },
    { text: 'Check a saved answer of somebody else', href: '/receipts/check', action: 'keep-receipts' },
    { text: 'Notices, and how you get them', href: '/me/notices', action: 'keep-notices' },
    { text: 'Where you are signed in', href: '/me/sessions', action: 'manage-own-account' },
    { text: 'Access tokens for your programs', href: '/me/tokens', action: 'manage-own-account' },
    { text: 'What is asked', href: '/usage', action: 'see-usage' },
    { text: 'Versions of the guidance', href: '/policy/versions', action: 'see-versions' },
    { text: 'Notices to everybody', href: '/notices', action: 'see-notices' },
    { text: 'Audit trail', href: '/audit', action: 'read-audit-trail' },
  ] as const;
  return {
    title: 'Your account',
    questions: questions.map(askedRow),
    name: person?.name ?? '',
    roles: (person === null || person.roles.length === 0 ? (['asker'] as const) : person.roles).map(
      (role) => roleNames[role],
    ),
    waiting: waiting.map(({ text, path, since }) => ({ text, href: path, since: instantInWords(since) })),
    changes: changes.map(changeModel),
    receipts: receipts.map(ownReceiptModel),
    links: links.filter(({ action }) => may(actor, action)),
  } satisfies PageModel & Record<string, unknown>;
}

export function sessionsView(sessions: readonly OwnSession[], wasEnded: boolean) {
  return {
    title: 'Where you are signed in',
    back: { text: 'Your account', href: '/me' },
    wasEnded,
    sessions: sessions.map(({ id, device, createdAt, usedAt, isThis }) => ({
      id,
      device,
      since: instantInWords(createdAt),
      used: instantInWords(usedAt),
      isThis,
    })),
  } satisfies PageModel & Record<string, unknown>;
}

/** Where somebody can get in at the moment, for administrators. */
export function accessView({ person, sessions, tokens }: Access, wasEnded: boolean) {
  const { id, name, email, roles } = person;
  return {
    title: name === '' ? 'Somebody who has gone' : name,
    back: { text: 'Audit trail', href: `/audit?${new URLSearchParams({ actor: id })}` },
    wasEnded,
    id,
    email: email ?? 'None',
    roles: roles.map((role) => roleNames[role]).join(', ') || roleNames.asker,
    sessions,
    tokens,
    hasAccess: sessions + tokens > 0,
  } satisfies PageModel & Record<string, unknown>;
}

export type TokensState = {
  readonly actor: Actor;
  readonly tokens: readonly AccessToken[];
  readonly today: string;
  /** The new token, shown this once. */
  readonly made: string | null;
  readonly problems: readonly TokenProblem[];
  /** What was typed, where something in it is wrong. */
  readonly wish: {
    readonly label: string;
    readonly roles: readonly string[];
    readonly year: string;
    readonly month: string;
    readonly day: string;
  } | null;
};

export function tokensView({ actor, tokens, today, made, problems, wish }: TokensState) {
  const place = { label: '#label', endsOn: '#endsOn-day', roles: '#roles' } as const;
  const errorOf = (field: TokenProblem['field']): string | null =>
    problems.find((problem) => problem.field === field)?.detail ?? null;
  const roles = actor.kind === 'person' ? actor.roles : [];
  return {
    title: 'Access tokens for your programs',
    back: { text: 'Your account', href: '/me' },
    ...(problems.length === 0
      ? {}
      : { errors: problems.map(({ field, detail }) => ({ text: detail, href: place[field] })) }),
    made,
    tokens: tokens.map(({ id, label, roles: own, createdAt, endsOn, usedOn, endedAt }) => ({
      id,
      label,
      roles: own.length > 0 ? own.map((role) => roleNames[role]).join(', ') : 'No role',
      made: instantInWords(createdAt),
      ends: dayInWords(endsOn),
      used: usedOn === null ? 'Never' : dayInWords(usedOn),
      state: endedAt !== null ? 'Ended' : endsOn < today ? 'Run out' : null,
    })),
    typed: wish ?? { label: '', roles: [], year: '', month: '', day: '' },
    labelError: errorOf('label'),
    endsOnError: errorOf('endsOn'),
    rolesError: errorOf('roles'),
    longestDays: longestTokenDays,
    roles: roles.map((role) => ({
      id: role,
      name: roleNames[role],
      isChosen: wish?.roles.includes(role) ?? false,
    })),
  } satisfies PageModel & Record<string, unknown>;
}
