import { encodeQR } from 'qr';
import type { Policy } from '#domain/decision/policy.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { longestWords, type Receipt, type RecordedFact } from '#domain/receipts/receipt.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { isPermission, type Verdict } from '#domain/shared/verdict.ts';
import { versionName } from '#domain/versions/version-name.ts';
import type { Standing } from '#usecases/ask-page.ts';
import type { CheckedReceipt } from '#usecases/receipts/check-receipt.ts';
import type { OwnReceipt, ReceiptFilter } from '#usecases/receipts/own-receipts.ts';
import { hrefOf } from '../ask/address.ts';
import { type managerPart, recordView } from '../guidance-requests/receipt-part.ts';
import { instantInWords } from '../instant.ts';
import type { PageModel } from '../render.ts';
import { strengths, verdictWords } from '../words.ts';
import { changeModel, sectionsOf } from './changes-view.ts';

/** The answer as a receipt holds it. Its form is the API's, which only ever grows. */
type SavedAnswer = {
  readonly headline: string;
  readonly verdict: Verdict;
  readonly reasons: readonly {
    readonly because: string;
    readonly citations: readonly {
      readonly clause: string;
      readonly document: string;
      readonly section: string;
      readonly dated: string;
    }[];
  }[];
  readonly conditions: readonly { readonly text: string; readonly when: string; readonly strength: string }[];
  readonly nextSteps: readonly { readonly text: string; readonly strength: string }[];
  readonly assumptions: readonly { readonly fact: string; readonly value: string | boolean }[];
};

type Row = { readonly key: { readonly text: string }; readonly value: { readonly text: string } };

/** The page that saves an answer. */
export function saveView(
  pack: Pack,
  { stated, answer }: Standing,
  {
    recorded,
    tell,
    ...typed
  }: {
    readonly words: string;
    readonly supersedes: string;
    readonly attempt: string;
    readonly error: string | null;
    readonly recorded: readonly RecordedFact[];
    readonly tell: { readonly name: string } | null;
  },
) {
  return {
    title: 'Save this answer',
    back: { text: 'The answer', href: hrefOf('/answer', stated) },
    ...(typed.error === null ? {} : { errors: [{ text: typed.error, href: '#words' }] }),
    error: typed.error,
    note: typed.words,
    longestWords,
    headline: answer.headline,
    rows: factRows(pack, Object.fromEntries(stated)),
    hidden: [...stated].map(([name, value]) => ({ name, value })),
    supersedes: typed.supersedes,
    attempt: typed.attempt,
    recorded: recordView(pack, recorded),
    tell,
  } satisfies PageModel & Record<string, unknown>;
}

/** The page of one saved answer, for whoever saved it and for whoever checks it. */
export function receiptView(
  { pack, hash }: Pick<Policy, 'pack' | 'hash'>,
  checked: CheckedReceipt,
  address: string,
  manager: ReturnType<typeof managerPart>,
  fingerprint: string,
) {
  const { receipt, isOwn, isGenuine, isRepeatable, today, state, told } = checked;
  const answer = JSON.parse(receipt.answer) as SavedAnswer;
  const { label, tone } = verdictWords[answer.verdict];
  const isPermitted = isPermission(answer.verdict);
  const asked = new Map(Object.entries(receipt.facts));
  return {
    title: answer.headline,
    back: isOwn
      ? { text: 'Saved answers', href: '/receipts' }
      : { text: 'Check another one', href: '/receipts/check' },
    verdict: answer.verdict,
    label,
    // What does not hold any more must not look as if it did.
    tone: state === 'live' ? tone : 'over',
    reference: receipt.reference,
    address,
    qr: encodeQR(address, 'svg', { border: 1 }),
    isOwn,
    isGenuine,
    isRepeatable,
    state,
    withdrawn: receipt.withdrawnAt === null ? null : instantInWords(receipt.withdrawnAt),
    today: todayView(pack, checked),
    replaced: replacedView(pack, checked),
    claims: claimsIn(pack, receipt.facts),
    savedBy: receipt.personName,
    savedAt: instantInWords(receipt.savedAt),
    on: dayInWords(receipt.on),
    ...guidanceOf(receipt, { label: pack.label, hash }),
    keepUntil: dayInWords(receipt.keepUntil),
    reasons: answer.reasons.map(({ because, citations }) => ({ because, citations: sectionsOf(citations) })),
    fingerprint,
    takesTitle: isPermitted ? 'What it takes' : 'What to do next',
    // Whoever may not use it has no condition of use to meet.
    takes: [
      ...answer.nextSteps.map(({ text, strength }) => ({ text: withoutStop(text), note: strength })),
      ...(isPermitted ? inOrderOfTime(answer.conditions) : []).map(({ text, strength, when }) => ({
        text: withoutStop(text),
        note: `${strength}, ${times[when] ?? when}`,
      })),
    ],
    note: receipt.words,
    manager,
    facts: factRows(pack, receipt.facts),
    recorded: recordView(pack, receipt.recorded),
    told: told.map(changeModel),
    assumptions: factRows(
      pack,
      Object.fromEntries(answer.assumptions.map(({ fact, value }) => [fact, String(value)])),
    ),
    renew: hrefOf('/receipts/new', asked, { supersedes: receipt.reference }),
    askAgain: hrefOf('/answer', asked),
    canRenew: isOwn && state === 'live' && today.outcome !== 'unanswerable',
  } satisfies PageModel & Record<string, unknown>;
}

type SavedCondition = SavedAnswer['conditions'][number];

// First what comes first, and of that first what is a must.
function inOrderOfTime(conditions: readonly SavedCondition[]): SavedCondition[] {
  const order = (list: readonly string[], value: string): number =>
    list.indexOf(value) + (list.includes(value) ? 0 : list.length + 1);
  return conditions.toSorted(
    (a, b) =>
      order(Object.keys(times), a.when) - order(Object.keys(times), b.when) ||
      order(strengths, a.strength) - order(strengths, b.strength),
  );
}

// What took its place, in a sentence, and for its owner the way there.
function replacedView(pack: Pack, { receipt, newer, isOwn }: CheckedReceipt) {
  if (newer === null) return { text: `${receipt.personName} has replaced it by a newer one.`, href: null };
  const known = new Set(receipt.recorded.map(({ from, value }) => `${from} ${value}`));
  const decided = newer.recorded.filter(({ from, value }) => !known.has(`${from} ${value}`));
  return {
    text:
      decided.length > 0
        ? recordView(pack, decided).join(' ')
        : `${receipt.personName} has asked again since, and replaced it by a newer one.`,
    href: isOwn ? `/receipts/${newer.reference}` : null,
  };
}

// What the answer rests on that only a record could know, and that somebody has only said.
function claimsIn(pack: Pack, facts: Receipt['facts']): Row[] {
  return factRows(
    pack,
    Object.fromEntries(
      Object.entries(facts).filter(([id, value]) => {
        const fact = pack.facts.get(id);
        return (
          fact !== undefined &&
          fact.origin !== 'asked' &&
          fact.origin !== 'assumed' &&
          fact.origin !== 'catalogue' &&
          value !== fact.default
        );
      }),
    ),
  );
}

// Under which guidance it was saved. Where another one is in force by now, both are told apart.
function guidanceOf(
  { policyLabel: label, policyHash: hash }: Receipt,
  now: { readonly label: string; readonly hash: string },
) {
  return hash === now.hash
    ? { guidance: label, guidanceNow: null }
    : { guidance: versionName({ label, hash }), guidanceNow: versionName(now) };
}

function todayView(pack: Pack, { today }: CheckedReceipt) {
  if (today.outcome === 'same') return { kind: 'same', text: '', added: [], dropped: [] };
  if (today.outcome === 'unanswerable')
    return { kind: 'unanswerable', text: today.problems.join('. '), added: [], dropped: [] };
  const textOf = (id: string): string => pack.conditions.get(id)?.text ?? id;
  const { verdict, added, dropped } = today.changes;
  return {
    kind: verdict === null ? 'takes-other' : 'verdict',
    text: today.answer.headline,
    added: added.map(textOf),
    dropped: dropped.map(textOf),
  };
}

/** One of one's saved answers, as a list shows it. */
export function ownReceiptModel({ receipt, state, hasChanged }: OwnReceipt) {
  const tags = { superseded: 'Replaced', withdrawn: 'Withdrawn', live: hasChanged ? 'Changed' : null };
  return {
    href: `/receipts/${receipt.reference}`,
    reference: receipt.reference,
    headline: (JSON.parse(receipt.answer) as SavedAnswer).headline,
    saved: instantInWords(receipt.savedAt),
    tag: tags[state],
    tone: hasChanged ? 'orange' : 'grey',
  };
}

/** The list of one's saved answers. */
export function receiptListView(
  filter: ReceiptFilter,
  { receipts, next }: { readonly receipts: readonly OwnReceipt[]; readonly next: string | null },
) {
  const names: Readonly<Record<ReceiptFilter, string>> = {
    live: 'Those that hold',
    changed: 'Those that today’s guidance answers differently',
    all: 'All',
  };
  return {
    title: 'Saved answers',
    back: { text: 'Your account', href: '/me' },
    filters: Object.entries(names).map(([value, text]) => ({
      text,
      href: `/receipts?filter=${value}`,
      isChosen: value === filter,
    })),
    receipts: receipts.map(ownReceiptModel),
    next: next === null ? null : `/receipts?${new URLSearchParams({ filter, before: next })}`,
  } satisfies PageModel & Record<string, unknown>;
}

/** The headline of a saved answer. */
export function headlineOf({ answer }: Receipt): string {
  return (JSON.parse(answer) as SavedAnswer).headline;
}

/** The page that asks for a reference. */
export function askReferenceView(reference: string, error: string | null) {
  return {
    title: 'Check a saved answer',
    back: { text: 'Your account', href: '/me' },
    ...(error === null ? {} : { errors: [{ text: error, href: '#reference' }] }),
    reference,
    error,
  } satisfies PageModel & Record<string, unknown>;
}

/** A receipt as a file, with everything that is needed to check its signature anywhere. */
export function receiptAsFile({ supersededBy, withdrawnAt, ...receipt }: Receipt, key: string) {
  return { ...receipt, key, state: { supersededBy, withdrawnAt } };
}

/** Facts with the names that people know them by. */
export function factRows(pack: Pack, facts: Readonly<Record<string, string>>): Row[] {
  const order = [...pack.facts.keys()];
  const inOrder = Object.entries(facts).toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  return inOrder.flatMap(([id, value]) => {
    const fact = pack.facts.get(id);
    if (fact === undefined) return [{ key: { text: id }, value: { text: value } }];
    return [{ key: { text: fact.label }, value: { text: valueName(pack, id, value) } }];
  });
}

/** When something is to be done, in words. */
export const times: Readonly<Record<string, string>> = {
  before: 'before you start',
  while: 'while you use it',
  after: 'when you finish',
};

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}

function valueName(pack: Pack, id: string, value: string): string {
  const fact = pack.facts.get(id);
  return fact?.valuesFrom === 'tools'
    ? (pack.tools.get(value)?.name ?? value)
    : (fact?.values.find((one) => one.id === value)?.label ?? value);
}
