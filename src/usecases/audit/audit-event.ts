import type { AuditAction, NewAuditEvent } from '#domain/audit/event.ts';
import { daysAfter } from '#domain/shared/day.ts';
import type { Origin, PeopleNeeds } from '../people/people-needs.ts';

/** An event of now. The payload holds where it came from, and is kept as long as the settings say. */
export function auditEvent(
  { now, today, limits }: Pick<PeopleNeeds, 'now' | 'today' | 'limits'>,
  what: { readonly actor: string; readonly action: AuditAction; readonly entry: string },
  origin: Origin | null,
  more: Readonly<Record<string, unknown>> = {},
): NewAuditEvent {
  return {
    at: now().toISOString(),
    ...what,
    payload: { ...(origin === null ? {} : { from: origin.address, device: origin.device }), ...more },
    keepUntil: daysAfter(today(), limits.auditPayloadDays),
  };
}
