/*
 * The tables, the same on both databases. Columns are text, integer and real only: ids are UUIDs of version 7 as text, instants
 * UTC with milliseconds and `Z`, days `YYYY-MM-DD`, yes and no 1 and 0, JSON as text.
 */

/** Whoever has signed in. Never deleted, because the audit trail names the id; name, e-mail address and roles are emptied in their time. */
export type PeopleTable = {
  id: string;
  /** Who vouches for the person, and what they call the person: together unique. */
  issuer: string;
  subject: string;
  name: string;
  email: string | null;
  /** What the last sign-in brought, as a JSON list: access tokens never hold more. */
  roles: string;
  created_at: string;
  seen_at: string;
};

/** One browser that is signed in. What the browser holds is not here, only its hash. */
export type SessionsTable = {
  id: string;
  key_hash: string;
  person_id: string;
  roles: string;
  /** The browser in words, so that people know which of their sessions it is. */
  browser: string;
  created_at: string;
  used_at: string;
  ends_at: string;
  /** What the provider wants to see again when the session ends; null with local sign-in. */
  id_token: string | null;
};

/** Access tokens that people make for their programs. What the program holds is not here, only its hash. */
export type TokensTable = {
  id: string;
  person_id: string;
  key_hash: string;
  label: string;
  roles: string;
  created_at: string;
  /** The last day on which it holds. */
  ends_on: string;
  used_on: string | null;
  ended_at: string | null;
};

export type AuditEventsTable = {
  number: number;
  at: string;
  actor: string;
  action: string;
  entry: string;
  payload_hash: string;
  keep_until: string;
  hash: string;
};

export type AuditPayloadsTable = { number: number; payload: string };

/** One row: the number and hash of the last event. */
export type AuditHeadTable = { id: number; number: number; hash: string };

/** How often what was answered on a day. Nobody is in it. */
export type AskedTable = {
  day: string;
  tool: string;
  organisation: string;
  verdict: string;
  rule: string;
  times: number;
};

/** Names of tools that nobody knows, folded, and how often they were asked about on a day. */
export type UnknownNamesTable = { day: string; name: string; times: number };

/** What did not help: the facts of the question alone, as JSON. */
export type UnhelpfulTable = { id: string; day: string; facts: string; verdict: string; policy: string };

/** Keys that the servers share. Never logged, never shown. */
export type SecretsTable = { name: string; value: string; created_at: string };

/** A version of the guidance as it was read: `files` is a JSON list of names and texts. Never changed, never deleted while a receipt names it. */
export type PolicyVersionsTable = { hash: string; label: string; files: string; kept_at: string };

/** Saved answers. Only `superseded_by` and `withdrawn_at` are ever written to again. */
export type ReceiptsTable = {
  id: string;
  reference: string;
  person_id: string;
  person_name: string;
  saved_at: string;
  on_day: string;
  language: string;
  policy_hash: string;
  policy_label: string;
  facts: string;
  answer: string;
  core: string;
  words: string;
  keep_until: string;
  signature: string;
  superseded_by: string | null;
  withdrawn_at: string | null;
  /** What was recorded of the question when it was answered, such as a manager's guidance: a JSON list of facts with their values and where they come from. */
  recorded: string;
};

/** Which version of the guidance came into force when. The one with the greatest number among those whose time has come is in force. Never changed. */
export type PublicationsTable = {
  number: number;
  hash: string;
  effective_at: string;
  published_at: string;
  /** `first-start`, `trial` or `agreed`. */
  why: string;
  /** The ids of two people, or `system` twice. */
  proposed_by: string;
  agreed_by: string;
};

/** A version that a policy owner wants to publish, until a second person agrees. */
export type ProposalsTable = {
  id: string;
  hash: string;
  /** What was in force then: what is acknowledged is the difference from it. */
  base_hash: string;
  /** The first day; null: at once. */
  effective_on: string | null;
  /** The rules behind what gets milder, each acknowledged by name: a JSON list. */
  acknowledged: string;
  words: string;
  proposed_by: string;
  proposer_name: string;
  proposed_at: string;
  /** `open`, `agreed`, `refused`, `withdrawn` or `outdated`. */
  state: string;
  decided_by: string | null;
  decided_at: string | null;
  decision_words: string;
};

/** One going over all saved answers: for a version of the guidance and a day. The greatest number is the current one. */
export type EvaluationsTable = {
  number: number;
  policy_hash: string;
  on_day: string;
  started_at: string;
  /** `version` or `day`. */
  why: string;
};

/** For each saved answer that holds: what its owner knows it comes to, and up to which evaluation it was looked at. */
export type ReceiptChecksTable = {
  receipt_id: string;
  evaluation: number;
  core: string;
  /** The words of that answer as JSON; null: they are those of the saved answer itself. */
  words: string | null;
};

/** A saved answer came to something else, and its owner was told. Never changed. */
export type ReceiptChangesTable = {
  id: string;
  receipt_id: string;
  person_id: string;
  at: string;
  evaluation: number;
  /** Cores (src/domain/receipts/core.ts). */
  before: string;
  after: string;
  /** What changed and why, for pages, notices and the feed: JSON. */
  change: string;
};

/** What somebody is told. The words never change; where it stands does. */
export type NoticesTable = {
  id: string;
  /** Null: somebody who has never signed in. */
  person_id: string | null;
  to_name: string;
  /** Null: no address is known, so it stands on the page alone. */
  to_address: string | null;
  kind: string;
  /** The entry it tells of, such as `receipt:0199…`. */
  about: string;
  words: string;
  made_at: string;
  /** `waiting`, `for-digest`, `in-digest`, `sent`, `given-up` or `page-only`. */
  state: string;
  due_at: string;
  /** Where it could not be sent by then, it is given up. */
  give_up_at: string;
  /** Somebody is sending it until then. */
  claimed_until: string | null;
  attempts: number;
  last_problem: string | null;
  /** How it went: `outbox`, `smtp` or `notify`. */
  way: string | null;
  /** What the other side calls it. */
  sent_as: string | null;
  ended_at: string | null;
  /** The daily notice that it went out with. */
  digest_id: string | null;
  /** Who gave the address that it goes to; null where nobody did. */
  caused_by: string | null;
  keep_until: string;
};

/** What people chose: when notices reach them, and the manager they named last. */
export type PreferencesTable = {
  person_id: string;
  /** `at-once`, `daily` or `page-only`. */
  notices: string;
  manager_name: string;
  manager_address: string;
};

/** A question that was put to a line manager, or what one was told, as it stands. What happened to it is in its steps. */
export type GuidanceRequestsTable = {
  id: string;
  /** The saved answer that is asked about. */
  receipt_id: string;
  person_id: string;
  asker_name: string;
  note: string;
  /** Who it is with now. Addresses are in small letters. */
  manager_name: string;
  manager_address: string;
  manager_id: string | null;
  /** `waiting`, `advice`, `go-ahead`, `refused`, `withdrawn`, or `told`, where nothing was asked. */
  state: string;
  asked_at: string;
  remind_on: string | null;
  reminders: number;
  decided_at: string | null;
  /** The last day of a go-ahead. */
  until_day: string | null;
  new_receipt_id: string | null;
  keep_until: string;
};

/** What happened to a question that was put to a line manager. Never changed. */
export type GuidanceStepsTable = {
  id: string;
  request_id: string;
  at: string;
  actor: string;
  actor_name: string;
  /** `asked`, `told`, `passed-on`, `reminded`, `advice`, `go-ahead`, `refused` or `withdrawn`. */
  kind: string;
  words: string;
  to_name: string;
  to_address: string;
};

/** What stands in the links that only the manager, or a team that gives advice, is sent: its hash. They go when the question goes to somebody else. */
export type GuidanceKeysTable = {
  key_hash: string;
  request_id: string;
  /** `manager` or `adviser`. */
  holder: string;
};

export type Schema = {
  people: PeopleTable;
  sessions: SessionsTable;
  tokens: TokensTable;
  audit_events: AuditEventsTable;
  audit_payloads: AuditPayloadsTable;
  audit_head: AuditHeadTable;
  asked: AskedTable;
  unknown_names: UnknownNamesTable;
  unhelpful: UnhelpfulTable;
  secrets: SecretsTable;
  policy_versions: PolicyVersionsTable;
  receipts: ReceiptsTable;
  publications: PublicationsTable;
  proposals: ProposalsTable;
  evaluations: EvaluationsTable;
  receipt_checks: ReceiptChecksTable;
  receipt_changes: ReceiptChangesTable;
  notices: NoticesTable;
  preferences: PreferencesTable;
  guidance_requests: GuidanceRequestsTable;
  guidance_steps: GuidanceStepsTable;
  guidance_keys: GuidanceKeysTable;
};
