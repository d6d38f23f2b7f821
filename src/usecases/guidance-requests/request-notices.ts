import type { NoticeWords } from '#domain/notices/notice.ts';
import type { Receipt } from '#domain/receipts/receipt.ts';
import { dayInWords } from '#domain/shared/day.ts';

/** What a line manager is told when somebody asks them. `tool` is its name where the guidance knows it. */
export function askedNotice(askerName: string, tool: string | null, path: string): NoticeWords {
  return {
    subject: `${askerName} asks for your guidance as line manager`,
    paragraphs: [
      `${askerName} wants to use ${tool ?? 'a tool'} for work. The guidance says to ask you first.`,
      'The page shows what they asked, what to weigh, and what you cannot permit. Sign in with your work account to see it.',
      'You can give the go-ahead, refuse, ask a team for advice, or pass it on.',
    ],
    link: { text: 'Read the question and answer it', path },
  };
}

/** What a line manager is told when somebody passes a question on to them. */
export function passedOnNotice(
  askerName: string,
  fromName: string,
  tool: string | null,
  path: string,
): NoticeWords {
  const asked = askedNotice(askerName, tool, path);
  return { ...asked, paragraphs: [`${fromName} passed this on to you.`, ...asked.paragraphs] };
}

/** What a line manager is reminded of. */
export function reminderNotice(askerName: string, tool: string | null, path: string): NoticeWords {
  return {
    subject: `Reminder: ${askerName} waits for your guidance`,
    paragraphs: [
      `${askerName} has asked for your guidance on ${tool ?? 'a tool'}, and cannot go on before you answer.`,
      'If somebody else should answer, pass it on from the page. If you are not sure, ask for advice there.',
    ],
    link: { text: 'Read the question and answer it', path },
  };
}

/** What the asker is told when the line manager has decided, with what it comes to now. */
export function decidedNotice(
  managerName: string,
  { kind, until }: { readonly kind: 'go-ahead' | 'refused'; readonly until: string | null },
  headline: string,
  reference: string,
): NoticeWords {
  return {
    subject:
      kind === 'go-ahead'
        ? `${managerName} gave you the go-ahead`
        : `${managerName} said no to your question`,
    paragraphs: [
      kind === 'go-ahead'
        ? `${managerName} gave the go-ahead${until === null ? '' : ` until ${dayInWords(until)}`}, for what you asked and nothing else.`
        : `${managerName} refused. The page shows what they wrote.`,
      `With that, the answer is now: ${headline}.`,
      kind === 'go-ahead'
        ? 'Check what it takes before you start. The conditions are in the saved answer.'
        : 'The saved answer says what you can use instead.',
    ],
    link: { text: 'See the saved answer', path: `/receipts/${reference}` },
  };
}

/** What the asker is told when the line manager has taken a go-ahead back. `saved`: the saved answer that says so; null: it was withdrawn. */
export function takenBackNotice(
  managerName: string,
  saved: Pick<Receipt, 'reference' | 'answer'> | null,
  requestId: string,
): NoticeWords {
  const { headline } =
    saved === null ? { headline: null } : (JSON.parse(saved.answer) as { headline: string });
  return {
    subject: `${managerName} took back the go-ahead`,
    paragraphs: [
      `${managerName} has taken back the go-ahead for what you asked. The page shows what they wrote.`,
      headline === null
        ? 'The saved answer does not hold any more. Check the tool again before you go on.'
        : `Without it, the answer is now: ${headline}.`,
      'If you use it already, stop and ask them what is to become of the information in it.',
    ],
    link: { text: 'See what happened', path: `/asked/${requestId}` },
  };
}

/** What a team is told whose advice a line manager wants. */
export function adviceNotice(
  managerName: string,
  askerName: string,
  tool: string | null,
  path: string,
): NoticeWords {
  return {
    subject: `${managerName} asks for your advice`,
    paragraphs: [
      `${askerName} wants to use ${tool ?? 'a tool'} for work and has asked ${managerName}, who is their line manager.`,
      `${managerName} wants your advice before they decide. The page shows the question, the answer and how to reach them.`,
    ],
    link: { text: 'Read the question', path },
  };
}

/**
 * What a line manager is told where nothing is asked of them. `claimed`: it is permitted only because the asker says that this manager
 * has given the go-ahead, which nobody else can check.
 */
export function toldNotice(
  askerName: string,
  tool: string | null,
  reference: string,
  claimed: boolean,
): NoticeWords {
  return {
    subject: `${askerName} lets you know about a tool`,
    paragraphs: [
      claimed
        ? `${askerName} is going to use ${tool ?? 'a tool'} for work, and says that you have given the go-ahead. Without it the guidance does not permit this.`
        : `${askerName} is going to use ${tool ?? 'a tool'} for work, which the guidance permits.`,
      claimed
        ? 'If you have not given it, tell them to stop. The page shows what was checked and which conditions they have to meet.'
        : 'You need not do anything. The page shows what was checked and which conditions they have to meet.',
    ],
    link: { text: 'See what was checked', path: `/receipts/${reference}` },
  };
}
