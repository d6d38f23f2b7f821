import type { NoticeWords } from '#domain/notices/notice.ts';
import type { ReceiptChange } from '#domain/receipts/change.ts';
import type { Receipt } from '#domain/receipts/receipt.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { isPermission, type Verdict, verdicts } from '#domain/shared/verdict.ts';
import { versionName } from '#domain/versions/version-name.ts';

/** What the owner of a saved answer is told when it comes to something else: what changed, why, and what to do now. */
export function changeNotice(
  receipt: Pick<Receipt, 'reference' | 'on' | 'policyLabel' | 'policyHash'>,
  change: ReceiptChange,
): NoticeWords {
  const { reference } = receipt;
  return {
    subject: `Your saved answer ${reference} has changed`,
    paragraphs: [
      underWhich(receipt, change),
      ...whatChanged(change),
      ...change.reasons.map(
        ({ because, applies, citations }) =>
          `${applies ? 'Why' : 'No longer a reason'}: ${because}${citations.length > 0 ? ` (${clausesOf(citations)})` : ''}`,
      ),
      `What to do now: ${whatToDo(change)}`,
    ],
    link: { text: 'See the saved answer', path: `/receipts/${reference}` },
  };
}

// Versions are named where there are two: one of them alone tells nobody anything.
function underWhich(
  { on, policyLabel, policyHash }: Pick<Receipt, 'on' | 'policyLabel' | 'policyHash'>,
  { policy }: ReceiptChange,
): string {
  const saved = `You saved this answer on ${dayInWords(on)}`;
  if (policy.hash === policyHash) return `${saved}.`;
  const then = versionName({ label: policyLabel, hash: policyHash });
  return `${saved}, under the guidance ${then}. It was compared with the guidance ${versionName(policy)}.`;
}

function whatChanged({ verdict, headline, added, dropped, problems, on }: ReceiptChange): string[] {
  const day = dayInWords(on);
  if (problems.length > 0)
    return [
      `Before, it said: ${headline.before}.`,
      `From ${day} the guidance cannot answer the question as you asked it.`,
    ];
  const takes = [
    ...added.map(({ text }) => `New: ${text}`),
    ...dropped.map(({ text }) => `No longer asked for: ${text}`),
  ];
  if (verdict === null)
    return [`The answer is still: ${headline.after}. What it takes is different from ${day}.`, ...takes];
  return [`Before, it said: ${headline.before}.`, `From ${day} it says: ${headline.after}.`, ...takes];
}

/** One sentence for each verdict that an answer has come to, and for one that cannot be given any more. */
export function whatToDo({ verdict, problems, added, isPermitted = true }: ReceiptChange): string {
  if (problems.length > 0) return 'open the saved answer and ask again. Until then, do not rely on it.';
  if (verdict === null && !isPermitted)
    return 'what the saved answer lists as next steps. Until the answer is a yes, do not use it for this.';
  if (verdict === null)
    return added.length > 0
      ? 'check that you meet the new conditions. If you cannot, stop using it until you do.'
      : 'nothing. Less is asked of you than before.';
  const [before, after] = [verdict.before as Verdict, verdict.after as Verdict];
  // Somebody who was not to use it has nothing to stop.
  const wasPermitted = verdicts.includes(before) && isPermission(before);
  return (wasPermitted ? stopping : starting)[after] ?? 'open the saved answer.';
}

const starting: Readonly<Record<Verdict, string>> = {
  allowed: 'you can use it. What always applies still does.',
  'allowed-with-conditions':
    'you can use it as long as you meet the conditions. Open the saved answer to see them.',
  'get-guidance': 'ask before you use it. The answer says whom.',
  'request-review': 'do not use it. You can ask for a security review, and wait for the formal answer.',
  'not-allowed': 'do not use it. The answer says what you can use instead.',
};

const stopping: Readonly<Record<Verdict, string>> = {
  allowed: 'you can go on. What always applies still does.',
  'allowed-with-conditions':
    'you can go on as long as you meet the conditions. Open the saved answer to see them.',
  'get-guidance': 'stop, and ask before you go on. The answer says whom.',
  'request-review': 'stop using it, and ask for a security review. Wait for the formal answer.',
  'not-allowed': 'stop using it for this. The answer says what you can use instead.',
};

function clausesOf(citations: ReceiptChange['reasons'][number]['citations']): string {
  const sections = new Map<string, string[]>();
  for (const { clause, document, section } of citations) {
    const name = `${document}, ${section}`;
    sections.set(name, [...(sections.get(name) ?? []), clause]);
  }
  return [...sections].map(([name, clauses]) => `${name}: ${clauses.join(', ')}`).join('; ');
}
