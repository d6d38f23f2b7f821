import type { AuditCheck } from '#domain/audit/chain.ts';
import { type AuditAction, auditActions, readPayload } from '#domain/audit/event.ts';
import { isRole, roleNames } from '#domain/people/roles.ts';
import { unanswerable } from '#domain/receipts/change.ts';
import { readCore } from '#domain/receipts/core.ts';
import { dayInWords, isDay } from '#domain/shared/day.ts';
import { verdicts } from '#domain/shared/verdict.ts';
import { versionName } from '#domain/versions/version-name.ts';
import type {
  AuditProblem,
  AuditQuestion,
  AuditSearched,
  FoundEvent,
} from '#usecases/audit/search-audit-trail.ts';
import { instantInWords } from '../instant.ts';
import type { PageModel } from '../render.ts';
import { verdictWords } from '../words.ts';

type Shown = Exclude<AuditSearched, { readonly outcome: 'not-allowed' }>;

/** The page of the audit trail: what is looked for, and what was found. */
export function auditView(question: AuditQuestion, found: Shown) {
  const problems = found.outcome === 'problems' ? found.problems : [];
  const errorOf = (field: AuditProblem['field']): string | null =>
    problems.find((problem) => problem.field === field)?.detail ?? null;
  const { before: _before, ...rest } = question;
  const searched = Object.entries(rest).map(([name, value]) => ({ name, value }));
  return {
    title: 'Audit trail',
    back: { text: 'Your account', href: '/me' },
    ...(problems.length === 0
      ? {}
      : {
          // There is no field for `before`: it stands in the address of "Older events".
          errors: problems.map(({ field, detail }) => ({
            text: detail,
            href: field === 'before' ? '/audit' : `#${field}`,
          })),
        }),
    question,
    actions: [
      { value: '', text: 'Anything', selected: question.action === undefined },
      ...Object.entries(auditActions).map(([value, text]) => ({
        value,
        text,
        selected: value === question.action,
      })),
    ],
    fieldErrors: {
      from: errorOf('from'),
      to: errorOf('to'),
      action: errorOf('action'),
      actor: errorOf('actor'),
      entry: errorOf('entry'),
    },
    isFiltered: Object.keys(question).length > 0,
    person: question.actor === undefined ? null : personIn(found),
    events: found.outcome === 'ok' ? found.events.map(eventView) : [],
    wasSearched: found.outcome === 'ok',
    next:
      found.outcome === 'ok' && found.next !== null
        ? `/audit?${new URLSearchParams({ ...rest, before: String(found.next) })}`
        : null,
    csvFields: [{ name: 'format', value: 'csv' }, ...searched],
    lineFields: [{ name: 'format', value: 'jsonl' }, ...searched],
  } satisfies PageModel & Record<string, unknown>;
}

// Whoever all the events are of, where it is a person: what else is known of them is one step away.
function personIn(found: Shown): { readonly name: string; readonly href: string } | null {
  const [first] = found.outcome === 'ok' ? found.events : [];
  if (first === undefined || first.actorName === null) return null;
  return { name: first.actorName, href: `/people/${encodeURIComponent(first.actor)}` };
}

function eventView({ number, at, actor, actorName, action, entry, payload }: FoundEvent) {
  return {
    number,
    at: instantInWords(at),
    who: actorName ?? (actor === 'system' ? 'The service itself' : actor === 'unknown' ? 'Not known' : actor),
    actor,
    what: auditActions[action as AuditAction] ?? action,
    entry,
    isDisposed: payload === null,
    details: Object.entries(readPayload(payload) ?? {})
      .map(([name, value]) => ({ name: detailNames[name] ?? name, value: detailText(value) }))
      .filter(({ value }) => value !== ''),
  };
}

function detailText(value: unknown): string {
  if (typeof value === 'string') return textOfString(value);
  if (isVersion(value)) return versionName(value);
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return value.map((one) => (isRole(one) ? roleNames[one] : one)).join(', ') || 'none';
  return JSON.stringify(value);
}

// What a saved answer came to stands there as its core, of which people need the verdict.
function textOfString(value: string): string {
  if (value === unanswerable) return 'No answer any more';
  if (/^\[\d+,"/.test(value)) return verdictIn(value) ?? value;
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return instantInWords(value);
  return isDay(value) ? dayInWords(value) : value;
}

function verdictIn(core: string): string | null {
  const { verdict } = readCore(core);
  const known = verdicts.find((one) => one === verdict);
  return known === undefined ? null : verdictWords[known].label;
}

function isVersion(value: unknown): value is { readonly label: string; readonly hash: string } {
  const { label, hash } = (value ?? {}) as { readonly label?: unknown; readonly hash?: unknown };
  return typeof label === 'string' && typeof hash === 'string';
}

const detailNames: Readonly<Record<string, string>> = {
  from: 'From',
  device: 'With',
  name: 'Name',
  roles: 'Roles',
  reason: 'Reason',
  label: 'For',
  endsOn: 'Until',
  search: 'Looked for',
  ranges: 'Events',
  unreadable: 'Not readable',
  reference: 'Saved answer',
  receipt: 'Saved answer',
  inPlaceOf: 'In place of',
  became: 'What rested on it was',
  before: 'Before',
  after: 'After',
  policy: 'Guidance',
  manager: 'Line manager',
  team: 'Team',
  until: 'Until',
  words: 'Words',
  why: 'Why',
  way: 'Sent by',
  proposal: 'Proposal',
  proposedBy: 'Proposed by',
  effectiveAt: 'In force from',
  number: 'Number',
};

export function checkView({ count, findings, disposed, head }: AuditCheck) {
  return {
    title: findings.length === 0 ? 'The audit trail is whole' : 'The audit trail is not whole',
    back: { text: 'Audit trail', href: '/audit' },
    isWhole: findings.length === 0,
    count,
    head,
    disposed: disposed.length,
    findings: findings.slice(0, 200),
    more: Math.max(0, findings.length - 200),
  } satisfies PageModel & Record<string, unknown>;
}
