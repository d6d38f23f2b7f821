/**
 * Everything that the audit trail tells of. An action is never given another meaning; one that is not used any more stays here,
 * because old events name it.
 */
export const auditActions = {
  'signed-in': 'Signed in',
  'sign-in-refused': 'Was refused at sign-in',
  'signed-out': 'Signed out',
  'session-ended': 'Ended a session',
  'access-refused': 'Was refused access',
  'token-made': 'Made an access token',
  'token-ended': 'Ended an access token',
  'access-ended': 'Ended all sessions and access tokens of a person',
  'receipt-saved': 'Saved an answer',
  'receipt-withdrawn': 'Withdrew a saved answer',
  'receipt-changed': 'Told somebody that a saved answer comes to something else',
  'receipts-removed': 'Removed saved answers whose time was up',
  'guidance-asked': 'Asked a line manager',
  'guidance-passed-on': 'Passed a question to a line manager on',
  'guidance-reminded': 'Reminded a line manager',
  'guidance-advice-asked': 'Asked for advice as a line manager',
  'guidance-go-ahead-given': 'Gave the go-ahead as a line manager',
  'guidance-refused': 'Refused as a line manager',
  'guidance-taken-back': 'Took a go-ahead back as a line manager',
  'guidance-withdrawn': 'Withdrew a question to a line manager',
  'manager-told': 'Told a line manager what they are going to use',
  'guidance-requests-removed': 'Removed questions to line managers whose time was up',
  'version-proposed': 'Proposed a version of the guidance',
  'version-published': 'Published a version of the guidance',
  'version-refused': 'Refused a version of the guidance',
  'version-withdrawn': 'Withdrew a proposed version of the guidance',
  'version-outdated': 'Another version came before a proposed one',
  'version-words-removed': 'Removed names and words of old proposals to publish',
  'notice-sent': 'Sent a notice, or put it into the outbox',
  'notice-given-up': 'Gave up sending a notice',
  'notice-tried-again': 'Had a notice tried again',
  'digest-made': 'Put notices of a day together',
  'test-notice-asked': 'Asked for a test notice',
  'notices-chosen': 'Chose how to get notices',
  'notices-removed': 'Removed notices whose time was up',
  'audit-exported': 'Exported the audit trail',
  'audit-head-signed': 'Exported a signed head of the audit trail',
  'payloads-disposed': 'Disposed of personal data in the audit trail',
} as const;
export type AuditAction = keyof typeof auditActions;

/** An event before it has its place in the chain. */
export type NewAuditEvent = {
  /** UTC with milliseconds and `Z`. */
  readonly at: string;
  /** The id of a person, `system`, or `unknown`. */
  readonly actor: string;
  readonly action: AuditAction;
  /** What it was done to: the kind and the id, such as `session:0199…`. */
  readonly entry: string;
  /** What else is to be known, personal data among it. It stands beside the chain and can be disposed of. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** The day after which the payload is disposed of. */
  readonly keepUntil: string;
};

/**
 * The day for a payload that is never disposed of: what says which payloads were disposed of. Without it they would look as if somebody
 * had taken them out. It holds no personal data.
 */
export const keptForEver = '9999-12-31';

/** An event as it is stored. `hash` covers everything else in it and the hash of the event before. */
export type AuditEvent = {
  /** From 1 on, without a gap. */
  readonly number: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly entry: string;
  /** SHA-256 of the payload's text, in hex. */
  readonly payloadHash: string;
  readonly keepUntil: string;
  readonly hash: string;
};

/** An event with its payload, as text; null where there is none any more. */
export type AuditRecord = AuditEvent & { readonly payload: string | null };

/**
 * What stands in a payload; null where it was disposed of. One that somebody changed in the database may be no object any more: then
 * it is given as the text that it is, so that it can be looked at.
 */
export function readPayload(text: string | null): Readonly<Record<string, unknown>> | null {
  if (text === null) return null;
  const read = parsed(text);
  return typeof read === 'object' && read !== null && !Array.isArray(read)
    ? (read as Readonly<Record<string, unknown>>)
    : { unreadable: text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
