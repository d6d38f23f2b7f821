import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely } from 'kysely';
import type { NewAuditEvent } from '#domain/audit/event.ts';
import { type AuditTrail, appendEvents, auditTrail } from './audit-trail.ts';
import type { Database, DatabaseKind } from './database.ts';
import { type EvaluationStore, evaluationStore } from './evaluations.ts';
import { type GuidanceRequestStore, guidanceRequestStore } from './guidance-requests.ts';
import { type NoticeStore, noticeStore } from './notices.ts';
import { type PeopleStore, peopleStore } from './people.ts';
import { type PolicyVersionStore, policyVersionStore } from './policy-versions.ts';
import { type PreferenceStore, preferenceStore } from './preferences.ts';
import { type ProposalStore, proposalStore } from './proposals.ts';
import { type PublicationStore, publicationStore } from './publications.ts';
import { type ReceiptStore, receiptStore } from './receipts.ts';
import type { Schema } from './schema.ts';
import { type SecretStore, secretStore } from './secrets.ts';
import { type SessionStore, sessionStore } from './sessions.ts';
import { type TokenStore, tokenStore } from './tokens.ts';
import { type UsageStore, usageStore } from './usage.ts';

/** Everything that the product remembers. */
export type Store = {
  readonly people: PeopleStore;
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly audit: AuditTrail;
  readonly usage: UsageStore;
  readonly secrets: SecretStore;
  readonly policyVersions: PolicyVersionStore;
  readonly publications: PublicationStore;
  readonly proposals: ProposalStore;
  readonly receipts: ReceiptStore;
  readonly evaluations: EvaluationStore;
  readonly notices: NoticeStore;
  readonly preferences: PreferenceStore;
  readonly guidanceRequests: GuidanceRequestStore;
  /**
   * Runs `work` in one transaction: everything it writes through the store it is given is kept, or nothing. The only way to
   * span writes. Using the outer store inside it throws, because that would not be part of it.
   */
  readonly inOneTransaction: <T>(work: (store: Store) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
};

/** The store over a database. `onNotices` is told when notices were written that may have to be sent, once they are kept. */
export function createStore(database: Database, onNotices: () => void = () => {}): Store {
  const inside = new AsyncLocalStorage<true>();
  const outer = (): Kysely<Schema> => {
    if (inside.getStore() === true)
      throw new Error('inside `inOneTransaction` use the store that it is given: this one is not part of it');
    return database.kysely;
  };
  const inOneTransaction: Store['inOneTransaction'] = async (work) => {
    outer();
    let hasNotices = false;
    const done = await database.kysely.transaction().execute((transaction) =>
      inside.run(true, async () => {
        const events: NewAuditEvent[] = [];
        const result = await work({
          ...partsOf(
            database.kind,
            () => transaction,
            async (event) => void events.push(event),
            () => {
              hasNotices = true;
            },
          ),
          inOneTransaction: () => {
            throw new Error('a transaction inside another: use the store that was given');
          },
          close: () => {
            throw new Error('the store cannot be closed inside a transaction');
          },
        });
        await appendEvents(transaction, events);
        return result;
      }),
    );
    if (hasNotices) onNotices();
    return done;
  };
  return {
    ...partsOf(
      database.kind,
      outer,
      (event) => inOneTransaction((store) => store.audit.record(event)),
      onNotices,
    ),
    inOneTransaction,
    close: database.close,
  };
}

function partsOf(
  kind: DatabaseKind,
  db: () => Kysely<Schema>,
  record: (event: NewAuditEvent) => Promise<void>,
  onNotices: () => void,
): Omit<Store, 'inOneTransaction' | 'close'> {
  return {
    people: peopleStore(db),
    sessions: sessionStore(db),
    tokens: tokenStore(db),
    audit: auditTrail(db, record),
    usage: usageStore(db),
    secrets: secretStore(db),
    policyVersions: policyVersionStore(db),
    publications: publicationStore(db),
    proposals: proposalStore(db),
    receipts: receiptStore(db),
    evaluations: evaluationStore(db),
    notices: noticeStore(db, kind, onNotices),
    preferences: preferenceStore(db),
    guidanceRequests: guidanceRequestStore(db),
  };
}
