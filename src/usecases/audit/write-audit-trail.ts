import type { AuditRecord } from '#domain/audit/event.ts';

const columns = [
  'number',
  'at',
  'actor',
  'action',
  'entry',
  'payload',
  'payloadHash',
  'keepUntil',
  'hash',
] as const;

/** An event as a line of JSON, with its payload as an object; null where the payload was disposed of. */
export function jsonLine({ payload, ...event }: AuditRecord): string {
  return `${JSON.stringify({ ...event, payload: payload === null ? null : JSON.parse(payload) })}\n`;
}

/** Events as CSV (RFC 4180), with a line of names. */
export async function* csvOf(events: AsyncIterable<AuditRecord>): AsyncIterable<string> {
  yield csvLine(columns);
  for await (const event of events) yield csvLine(columns.map((column) => String(event[column] ?? '')));
}

// A spreadsheet takes what begins so for a formula; people choose their own names.
const formula = /^[=+\-@\t\r]/;

function csvLine(fields: readonly string[]): string {
  const cells = fields.map((field) => {
    const safe = formula.test(field) ? `'${field}` : field;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${cells.join(',')}\r\n`;
}
