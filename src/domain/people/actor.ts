import type { Role } from './roles.ts';

/** Whoever asks for something to be done: nobody known, or a person who has proved to be one. */
export type Actor = typeof nobody | PersonActing;

export const nobody = { kind: 'nobody' } as const;

export type PersonActing = {
  readonly kind: 'person';
  /** The id of the person, which the audit trail names. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** How the person proved it. A machine has no session: it brings a token. */
  readonly by: { readonly kind: 'session' | 'token' | 'provider-token'; readonly id: string };
};

/** What the audit trail names where nobody asked: the product itself. */
export const system = 'system';
