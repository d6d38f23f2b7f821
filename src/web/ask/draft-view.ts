import type { Answer } from '#domain/decision/answer.ts';
import { organisationOf } from '#domain/decision/answer.ts';
import { effectOfGoAhead } from '#domain/guidance-requests/go-ahead.ts';
import { organisationContact, type UsableContact, usableContact } from '#domain/policy/contacts.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { versionTag } from '#domain/versions/version-name.ts';
import type { Standing } from '#usecases/ask-page.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { hrefOf } from './address.ts';

const kinds = ['review-request', 'line-manager', 'organisation'] as const;
export type DraftKind = (typeof kinds)[number];

/** A message filled with everything that was said: text to copy, and the same as an email. */
export type DraftModel = PageModel & {
  /** To ask the line manager in this service, where a go-ahead would change the answer. */
  readonly ask: {
    readonly sentences: readonly string[];
    readonly text: string;
    readonly href: string;
  } | null;
  readonly lead: readonly string[];
  readonly contact: UsableContact | null;
  readonly mailto: string;
  readonly subject: string;
  readonly text: string;
  readonly rows: number;
  readonly tips: readonly string[];
};

export function isDraftKind(text: string): text is DraftKind {
  return kinds.some((kind) => kind === text);
}

/** The view of a message to the review team, the line manager or the asker's organisation. */
export function draftView(web: Web, standing: Standing, kind: DraftKind): DraftModel {
  const { pack } = web.needs.policy();
  const organisation = organisationOf(pack, standing.stated);
  const contact =
    kind === 'line-manager'
      ? null
      : usableContact(pack, kind === 'organisation' ? organisationContact : pack.reviewContact, organisation);
  const name = standing.match?.name ?? 'a tool';
  const subject = subjectOf(kind, name);
  const address = `${web.config.baseUrl}${hrefOf('/answer', standing.stated, { policy: versionTag(standing.answer.policy) })}`;
  const text = textOf(pack, standing, kind, address);
  return {
    title: titleOf(kind, contact),
    back: { text: 'Back to the answer', href: hrefOf('/answer', standing.stated) },
    policyLabel: pack.label,
    ask: kind === 'line-manager' ? askHere(web, standing) : null,
    lead: leadOf(kind, contact),
    contact,
    subject,
    text,
    rows: Math.min(30, text.split('\n').length + 2),
    mailto: `mailto:${contact?.email ?? ''}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text.replaceAll('\n', '\r\n'))}`,
    tips:
      kind === 'review-request'
        ? (pack.checklists.get('review-request')?.items.map((item) => item.text) ?? [])
        : [],
  };
}

// The same for everybody, so that the page can be kept: whoever follows the link signs in there.
function askHere(web: Web, standing: Standing): DraftModel['ask'] {
  const effect = effectOfGoAhead(web.needs.policy(), standing, standing.answer.on, standing.answer);
  if (effect.kind === 'nothing') return null;
  return {
    sentences: [
      effect.kind === 'changes'
        ? 'Your line manager can settle this.'
        : 'Your line manager may be able to settle this, once you have answered a few more questions.',
      'Name them, and we send them your question. Their answer goes on record, and you are told. You have to be signed in.',
    ],
    text: 'Ask them here',
    href: hrefOf('/line-manager/ask', standing.stated),
  };
}

function titleOf(kind: DraftKind, contact: UsableContact | null): string {
  switch (kind) {
    case 'review-request':
      return 'Ask for a security review';
    case 'line-manager':
      return 'Ask your line manager';
    case 'organisation':
      return `Ask ${contact?.isOrganisation ? contact.name : 'your part of the MoJ'}`;
    default:
      return kind satisfies never;
  }
}

function subjectOf(kind: DraftKind, name: string): string {
  return kind === 'review-request' ? `Security review of ${name}` : `May I use ${name}?`;
}

function leadOf(kind: DraftKind, contact: UsableContact | null): string[] {
  const fallback =
    contact?.isFallback && contact.reaches !== contact.name
      ? [
          `We do not hold an address for ${contact.isOrganisation ? contact.name : 'them'}, so this goes to the ${contact.reaches}.`,
        ]
      : [];
  switch (kind) {
    case 'review-request':
      return [
        'Send this to the security team. The more you can add the better, and you may leave blanks.',
        'Wait for their formal approval before you install or use it.',
        ...fallback,
      ];
    case 'line-manager':
      return [
        'Send this to your line manager, and add why you want to use it. Their go-ahead lifts no prohibition.',
      ];
    case 'organisation':
      return ['Ask what rules your part of the MoJ has for this.', ...fallback];
    default:
      return kind satisfies never;
  }
}

function textOf(pack: Pack, { answer, stated, match }: Standing, kind: DraftKind, address: string): string {
  const said = answer.given.flatMap(({ fact: id, value, origin }) => {
    const fact = pack.facts.get(id);
    if (fact === undefined || (origin !== 'asked' && origin !== 'claimed')) return [];
    const text =
      fact.valuesFrom === 'tools'
        ? (match?.name ?? value)
        : (fact.values.find((one) => one.id === value)?.label ?? value);
    return [`- ${fact.label}: ${text}`];
  });
  const domains = match?.tool?.domains.length
    ? [`- Address of the tool: ${match.tool.domains.join(', ')}`]
    : [];
  const opening = openingOf(kind, match?.name ?? 'a tool', stated);
  const reasons = answer.reasons
    .filter(({ verdict }) => verdict === answer.verdict)
    .map(({ because, citations }) => `- ${because} (${citations.map(({ clause }) => clause).join(', ')})`);
  const blanks =
    kind === 'review-request'
      ? [
          '',
          'What I can add:',
          '- Why I want to use it:',
          '- Who else would use it:',
          '- Where it keeps its data:',
          '- Risks I see, and how I would deal with each:',
        ]
      : kind === 'line-manager'
        ? ['', 'Why I want to use it:', '', 'What could happen if the information got out:']
        : [];
  return [
    opening,
    '',
    'What I said:',
    ...said,
    ...domains,
    ...blanks,
    '',
    `What the guidance says (${pack.label}, ${dayInWords(answer.on)}): ${answer.headline}.`,
    ...reasons,
    ...conditionsOf(answer, kind),
    '',
    `The whole answer: ${address}`,
  ].join('\n');
}

function openingOf(kind: DraftKind, name: string, stated: ReadonlyMap<string, string>): string {
  if (kind === 'review-request') return `I would like to use ${name}. I request a security review of it.`;
  if (kind === 'organisation')
    return `I would like to use ${name}. Which rules of my part of the MoJ apply to it?`;
  return stated.size > 0
    ? `I would like to use ${name} and need your guidance first.`
    : `I would like your guidance on ${name}.`;
}

function conditionsOf(answer: Answer, kind: DraftKind): string[] {
  if (kind !== 'line-manager' || answer.conditions.length === 0) return [];
  return [
    '',
    'With a go-ahead, I would have to:',
    ...answer.conditions.filter(({ strength }) => strength === 'must').map(({ text }) => `- ${text}`),
  ];
}
