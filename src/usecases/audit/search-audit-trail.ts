import type { AuditRecord } from '#domain/audit/event.ts';
import { type AuditAction, auditActions } from '#domain/audit/event.ts';
import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { readReference } from '#domain/receipts/reference.ts';
import { daysAfter, isDay } from '#domain/shared/day.ts';
import type { AuditSearch } from '#store/audit-trail.ts';
import type { Store } from '#store/store.ts';
import { type NotAllowed, notAllowed, type Origin, type PeopleNeeds } from '../people/people-needs.ts';
import { auditEvent } from './audit-event.ts';

/** What to look for, as it was typed; empty means anything. */
export type AuditQuestion = {
  readonly actor?: string;
  readonly action?: string;
  readonly entry?: string;
  readonly from?: string;
  readonly to?: string;
  /** Only events before this number. */
  readonly before?: string;
};

export type AuditProblem = { readonly field: keyof AuditQuestion; readonly detail: string };
export type FoundEvent = AuditRecord & { readonly actorName: string | null };
export type AuditSearched =
  | {
      readonly outcome: 'ok';
      readonly events: readonly FoundEvent[];
      /** What to ask for as `before` to get the next page; null on the last one. */
      readonly next: number | null;
    }
  | { readonly outcome: 'problems'; readonly problems: readonly AuditProblem[] }
  | NotAllowed;

export const auditPageLength = 50;
const longestSearched = 200;
const largestNumber = 2_147_483_647;

/** Finds events of the audit trail, the newest first, a page at a time. */
export async function searchAuditTrail(
  { store }: PeopleNeeds,
  actor: Actor,
  question: AuditQuestion,
  limit = auditPageLength,
): Promise<AuditSearched> {
  if (!may(actor, 'read-audit-trail')) return notAllowed;
  const read = readQuestion(await withEntryOf(store, question));
  if ('problems' in read) return { outcome: 'problems', problems: read.problems };
  const events = await store.audit.search(read.search, limit + 1);
  const page = events.slice(0, limit);
  return { outcome: 'ok', events: page, next: events.length > limit ? (page.at(-1)?.number ?? null) : null };
}

export type AuditExport =
  | { readonly outcome: 'ok'; readonly events: AsyncIterable<AuditRecord> }
  | { readonly outcome: 'problems'; readonly problems: readonly AuditProblem[] }
  | NotAllowed;

/** Everything that fits, from the first event on, to be taken out. That it was taken out is itself an event. */
export async function exportAuditTrail(
  needs: PeopleNeeds,
  actor: Actor,
  question: AuditQuestion,
  origin: Origin,
): Promise<AuditExport> {
  if (!may(actor, 'read-audit-trail') || actor.kind !== 'person') return notAllowed;
  const read = readQuestion(await withEntryOf(needs.store, question));
  if ('problems' in read) return { outcome: 'problems', problems: read.problems };
  const what = { actor: actor.id, action: 'audit-exported', entry: 'audit:trail' } as const;
  await needs.store.audit.record(auditEvent(needs, what, origin, { search: read.search }));
  return { outcome: 'ok', events: needs.store.audit.read(read.search) };
}

// The reference of a saved answer is what people quote; events name its id.
async function withEntryOf(store: Store, question: AuditQuestion): Promise<AuditQuestion> {
  const read = readReference(question.entry?.trim().replace(/^receipt:/, '') ?? '');
  const receipt = read.ok ? await store.receipts.byReference(read.reference) : null;
  return receipt === null ? question : { ...question, entry: `receipt:${receipt.id}` };
}

function readQuestion(
  question: AuditQuestion,
): { readonly search: AuditSearch } | { readonly problems: readonly AuditProblem[] } {
  const problems: AuditProblem[] = [];
  const given = (field: keyof AuditQuestion): string | undefined => question[field]?.trim() || undefined;
  const [actor, action, entry] = [given('actor'), given('action'), given('entry')];
  const [from, to, before] = [given('from'), given('to'), given('before')];
  if (action !== undefined && !Object.hasOwn(auditActions, action))
    problems.push({ field: 'action', detail: 'Select an action from the list' });
  for (const [field, text] of [
    ['actor', actor],
    ['entry', entry],
  ] as const)
    if (text !== undefined && (text.length > longestSearched || /\p{Cc}/u.test(text)))
      problems.push({
        field,
        detail: `${field === 'actor' ? 'Who' : 'To what'} must be one line of at most ${longestSearched} characters`,
      });
  for (const [field, day] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (day !== undefined && !isDay(day))
      problems.push({
        field,
        detail: `The ${field === 'from' ? 'first' : 'last'} day must be a real date, such as 2026-11-22`,
      });
  if (from !== undefined && to !== undefined && from > to)
    problems.push({ field: 'to', detail: 'The last day must be the same as the first day or after it' });
  // A column of whole numbers holds no more than this on PostgreSQL.
  if (before !== undefined && !(/^[1-9]\d{0,9}$/.test(before) && Number(before) <= largestNumber))
    problems.push({
      field: 'before',
      detail: `The number of an event must be a whole number from 1 to ${largestNumber}`,
    });
  if (problems.length > 0) return { problems };
  return {
    search: {
      ...(actor === undefined ? {} : { actor }),
      ...(action === undefined ? {} : { action: action as AuditAction }),
      ...(entry === undefined ? {} : { entry }),
      // Instants are in UTC. The day of an event may differ from the one in London by an hour in summer.
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to: daysAfter(to, 1) }),
      ...(before === undefined ? {} : { before: Number(before) }),
    },
  };
}
