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
};
