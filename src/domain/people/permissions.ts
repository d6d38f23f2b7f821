import type { Actor } from './actor.ts';
import type { Role } from './roles.ts';

/** Who may do something: everyone, whoever has signed in, or those with one of some roles. */
export type Allowed = 'everyone' | 'signed-in' | readonly Role[];

/**
 * Who may do what: the one table. Every use case asks it, every route names the action that it is for, and a test walks every
 * route with every role (test/journeys/permissions.test.ts).
 */
export const permissions = {
  /** Ask, read the guidance, the tools and the rules. Stores nothing about the asker. */
  ask: 'everyone',
  /** Sign in and out. */
  'sign-in': 'everyone',
  /** See and end the own sessions, make and end the own access tokens. */
  'manage-own-account': 'signed-in',
  /** Save answers, and check those of others whose reference one has. */
  'keep-receipts': 'signed-in',
  /** Put a question to one's line manager, tell them, and see what became of it. */
  'ask-line-manager': 'signed-in',
  /** Answer as a line manager. Whether a question is theirs hangs on the question, and is asked again there. */
  'answer-as-line-manager': 'signed-in',
  /** Read the own notices and choose how to get them. */
  'keep-notices': 'signed-in',
  /** See every notice and where it stands, and have one tried again. */
  'see-notices': ['administrator'],
  /** See how often what was asked, without people. */
  'see-usage': ['policy-owner', 'administrator'],
  /** Search, check and export the audit trail. */
  'read-audit-trail': ['administrator'],
  /** See every version of the guidance, what it would change, and who published it. */
  'see-versions': ['policy-owner', 'administrator'],
  /** Propose that a version comes into force, and take that back. */
  'propose-version': ['policy-owner'],
  /** Agree to what somebody else proposed, or refuse it. */
  'agree-to-version': ['policy-owner', 'administrator'],
  /** See where somebody else is signed in, and end it with all their access tokens. */
  'end-access': ['administrator'],
} as const satisfies Readonly<Record<string, Allowed>>;

export type Action = keyof typeof permissions;

/** Whether somebody may do something. */
export function may(actor: Actor, action: Action): boolean {
  const allowed: Allowed = permissions[action];
  if (allowed === 'everyone') return true;
  if (actor.kind !== 'person') return false;
  return allowed === 'signed-in' || allowed.some((role) => actor.roles.includes(role));
}
