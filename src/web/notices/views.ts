import { type LetterFrame, letterOf } from '#domain/notices/letter.ts';
import {
  type Notice,
  type NoticeChoice,
  type NoticeKind,
  type NoticeState,
  noticeChoices,
  noticeKinds,
  noticeStates,
} from '#domain/notices/notice.ts';
import { dayInWords } from '#domain/shared/day.ts';
import type { MailWay, OutgoingLetter } from '#platform/mail/letter.ts';
import type { NoticeFilter, ShownNotice } from '#usecases/notices/all-notices.ts';
import { instantInWords } from '../instant.ts';
import type { PageModel } from '../render.ts';

type WayName = MailWay['name'];

const stateWords: Readonly<Record<NoticeState, { readonly text: string; readonly tone: string }>> = {
  waiting: { text: 'Waiting', tone: 'blue' },
  'for-digest': { text: 'For the next daily notice', tone: 'blue' },
  'in-digest': { text: 'In a daily notice', tone: 'green' },
  sent: { text: 'Sent', tone: 'green' },
  'given-up': { text: 'Given up', tone: 'red' },
  'page-only': { text: 'On the page only', tone: 'grey' },
};

// A notice whose way was the outbox went to nobody: somebody has to pass it on, or the person looks at their page.
const inOutbox = { text: 'Put into the outbox', tone: 'grey' };

function stateOf({ state, way }: Pick<Notice, 'state' | 'way'>): {
  readonly text: string;
  readonly tone: string;
} {
  return state === 'sent' && way === 'outbox' ? inOutbox : stateWords[state];
}

const kindWords: Readonly<Record<NoticeKind, string>> = {
  'answer-changed': 'An answer changed',
  'guidance-asked': 'A line manager is asked',
  'guidance-reminder': 'A line manager is reminded',
  'guidance-given': 'A line manager answered',
  'guidance-advice': 'A line manager needs advice',
  'manager-told': 'A line manager is told',
  'version-proposed': 'A version waits for a second person',
  'version-decided': 'A version was decided on',
  digest: 'Daily notice',
  test: 'Test',
};

const choiceWords: Readonly<Record<NoticeChoice, { readonly text: string; readonly hint: string }>> = {
  'at-once': { text: 'By email, at once', hint: 'An email for each thing that you are told' },
  daily: {
    text: 'By email, once a day',
    hint: 'One email at 8am, on days when there is something to tell you',
  },
  'page-only': { text: 'Only on this page', hint: 'No emails. Look here from time to time' },
};

const wayWords: Readonly<Record<WayName, string>> = {
  outbox: 'into the outbox of this service, where administrators can read them',
  smtp: 'through a mail server',
  notify: 'through GOV.UK Notify',
};

const wayNames: Readonly<Record<WayName, string>> = {
  outbox: 'The outbox of this service',
  smtp: 'A mail server',
  notify: 'GOV.UK Notify',
};

function doneWords(done: string | null, way: WayName): string | null {
  switch (done) {
    case 'chosen':
      return 'Your choice is saved. What was still waiting for you follows it.';
    case 'test':
      return way === 'outbox'
        ? 'A test notice is put into the outbox of this service. No email is sent.'
        : 'A test notice is on its way to you.';
    default:
      return null;
  }
}

/** One’s own notices, and the form to choose how to get them. */
export function ownNoticesView(
  {
    notices,
    next,
    choice,
    address,
  }: {
    readonly notices: readonly Notice[];
    readonly next: string | null;
    readonly choice: NoticeChoice;
    readonly address: string | null;
  },
  { done, error }: { readonly done: string | null; readonly error: string | null },
  way: WayName,
) {
  return {
    title: 'Your notices',
    back: { text: 'Your account', href: '/me' },
    ...(error === null ? {} : { errors: [{ text: error, href: '#choice' }] }),
    error,
    done: doneWords(done, way),
    address,
    isOutbox: way === 'outbox',
    choices: noticeChoices.map((value) => ({
      value,
      text: choiceWords[value].text,
      hint: { text: choiceWords[value].hint },
      checked: value === choice,
    })),
    notices: notices.map((notice) => ({
      subject: notice.words.subject,
      href: notice.words.link?.path ?? null,
      at: instantInWords(notice.madeAt),
      lines: notice.words.paragraphs,
      how: howItWent(notice, way),
    })),
    next: next === null ? null : `/me/notices?${new URLSearchParams({ before: next })}`,
  } satisfies PageModel & Record<string, unknown>;
}

// To the person: how it reached them, and nothing of attempts.
function howItWent({ state, toAddress, endedAt, dueAt, way }: Notice, wayNow: WayName): string {
  const at = instantInWords(endedAt ?? dueAt);
  switch (state) {
    case 'waiting':
      return wayNow === 'outbox'
        ? 'On its way to the outbox of this service.'
        : `On its way to ${toAddress}.`;
    case 'sent':
      return way === 'outbox'
        ? `Put into the outbox of this service on ${at}. It was not sent to ${toAddress}.`
        : `Sent to ${toAddress} on ${at}.`;
    case 'for-digest':
      return `In your daily notice of ${instantInWords(dueAt)}.`;
    case 'in-digest':
      return `In your daily notice of ${at}.`;
    case 'given-up':
      return `It could not be sent to ${toAddress}.`;
    case 'page-only':
      return 'Only on this page.';
    default:
      return state satisfies never;
  }
}

/** Everybody’s notices, for administrators. */
export function noticesView(
  {
    filter,
    notices,
    next,
    counts,
  }: {
    readonly filter: NoticeFilter;
    readonly notices: readonly Notice[];
    readonly next: string | null;
    readonly counts: ReadonlyMap<NoticeState, number>;
  },
  way: WayName,
) {
  const chosen = {
    ...(filter.state === null ? {} : { state: filter.state }),
    ...(filter.kind === null ? {} : { kind: filter.kind }),
  };
  const givenUp = counts.get('given-up') ?? 0;
  return {
    title: 'Notices',
    back: { text: 'Your account', href: '/me' },
    way: wayWords[way],
    givenUp,
    states: [
      { value: '', text: 'Any', selected: filter.state === null },
      ...noticeStates.map((value) => ({
        value,
        text: `${value === 'sent' && way === 'outbox' ? 'Sent, or put into the outbox' : stateWords[value].text} (${counts.get(value) ?? 0})`,
        selected: value === filter.state,
      })),
    ],
    kinds: [
      { value: '', text: 'Anything', selected: filter.kind === null },
      ...noticeKinds.map((value) => ({ value, text: kindWords[value], selected: value === filter.kind })),
    ],
    isFiltered: Object.keys(chosen).length > 0,
    notices: notices.map((notice) => ({
      href: `/notices/${notice.id}`,
      subject: notice.words.subject,
      kind: kindWords[notice.kind] ?? notice.kind,
      to: notice.toName,
      address: notice.toAddress,
      at: instantInWords(notice.madeAt),
      state: stateOf(notice),
      attempts: attemptsInWords(notice),
      problem: notice.state === 'sent' ? null : notice.lastProblem,
    })),
    next: next === null ? null : `/notices?${new URLSearchParams({ ...chosen, before: next })}`,
  } satisfies PageModel & Record<string, unknown>;
}

// What went out at the first attempt needs no word.
function attemptsInWords({ state, attempts }: Notice): string | null {
  if (attempts === 0 || (attempts === 1 && state === 'sent')) return null;
  return attempts === 1 ? 'after one attempt' : `after ${attempts} attempts`;
}

/** One notice: where it stands, and what it says, as text and as it looks in a mail program. */
export function noticeView(
  { notice, isLinkHidden }: ShownNotice,
  letter: OutgoingLetter,
  frame: LetterFrame,
) {
  const row = (key: string, value: string | null) => (value === null ? [] : [{ key, value }]);
  const isOpen = notice.state === 'waiting' || notice.state === 'for-digest';
  return {
    title: notice.words.subject,
    back: { text: 'Notices', href: '/notices' },
    id: notice.id,
    state: stateOf(notice),
    isGivenUp: notice.state === 'given-up',
    rows: [
      ...row('To', notice.toName),
      ...row('Address', notice.toAddress ?? 'None is known, or mail cannot be sent to it'),
      ...row('What it is', kindWords[notice.kind] ?? notice.kind),
      ...row('Written', instantInWords(notice.madeAt)),
      ...(isOpen ? row('Next attempt', instantInWords(notice.dueAt)) : []),
      ...(isOpen ? row('Given up after', instantInWords(notice.giveUpAt)) : []),
      ...row('Attempts', String(notice.attempts)),
      ...row('Last problem', notice.lastProblem),
      ...row('Way', notice.way === null ? null : (wayNames[notice.way as WayName] ?? notice.way)),
      ...row('Known there as', notice.sentAs),
      ...row('Ended', notice.endedAt === null ? null : instantInWords(notice.endedAt)),
      ...row('Kept until', dayInWords(notice.keepUntil)),
    ],
    entry: notice.about,
    digestHref: notice.digestId === null ? null : `/notices/${notice.digestId}`,
    auditEntry: `notice:${notice.id}`,
    letter: letterOf(notice, frame),
    text: letter.text,
    isLinkHidden,
    fileHref: `/notices/${notice.id}/file`,
  } satisfies PageModel & Record<string, unknown>;
}
