import type { Hash } from '#domain/audit/chain.ts';
import type { Day } from '#domain/shared/day.ts';
import type { OpenIdClient } from '#platform/openid.ts';
import type { Store } from '#store/store.ts';

/** What everything needs that stores something or depends on who somebody is. */
export type PeopleNeeds = {
  readonly store: Store;
  readonly now: () => Date;
  readonly today: () => Day;
  readonly newId: () => string;
  /** What a browser or a program holds to be known again: nobody can guess it. */
  readonly newKey: () => string;
  readonly hash: Hash;
  /** Null: there is only the trial sign-in. */
  readonly openId: OpenIdClient | null;
  readonly limits: {
    readonly sessionIdleMinutes: number;
    readonly sessionHours: number;
    readonly auditPayloadDays: number;
    readonly receiptDays: number;
    /** Where an address that somebody gives may be; none: anywhere. */
    readonly noticeDomains: readonly string[];
    /** How many notices somebody may cause in a day; 0: any number. */
    readonly noticesPerPerson: number;
  };
  /** What stands in the provider's claim, and the roles that it brings. Empty: the claim holds the names of roles. */
  readonly roleMap: Readonly<Record<string, readonly string[]>>;
};

/** Where a request comes from: its network address, and the browser or program in words. */
export type Origin = { readonly address: string; readonly device: string };

export type NotAllowed = { readonly outcome: 'not-allowed' };
export const notAllowed: NotAllowed = { outcome: 'not-allowed' };
