import type { NoticeWords } from '#domain/notices/notice.ts';
import { dayInWords } from '#domain/shared/day.ts';
import type { Ended } from './take-back.ts';

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
  {
    kind,
    until,
    hasWords,
  }: {
    readonly kind: 'go-ahead' | 'refused';
    readonly until: string | null;
    /** Whether the manager wrote anything. What it is stands behind the link. */
    readonly hasWords: boolean;
  },
  headline: string,
  requestId: string,
): NoticeWords {
  return {
    subject:
      kind === 'go-ahead'
        ? `${managerName} gave you the go-ahead`
        : `${managerName} said no to your question`,
    paragraphs: [
      kind === 'go-ahead'
        ? `${managerName} gave the go-ahead${until === null ? '' : ` until ${dayInWords(until)}`}, for what you asked and nothing else.`
        : `${managerName} refused.`,
      ...(hasWords ? ['The page shows what they wrote. Read it first.'] : []),
      `With that, the answer is now: ${headline}.`,
      kind === 'go-ahead'
        ? 'Check what it takes before you start. The conditions are in the saved answer.'
        : 'The saved answer says what you can use instead.',
    ],
    link: { text: 'See what they decided', path: `/asked/${requestId}` },
  };
}

/** What the asker is told when the line manager has taken a go-ahead back, and what became of the saved answer that rested on it. */
export function takenBackNotice(managerName: string, ended: Ended, requestId: string): NoticeWords {
  return {
    subject: `${managerName} took back the go-ahead`,
    paragraphs: [
      `${managerName} has taken back the go-ahead for what you asked. The page shows what they wrote.`,
      ...becameWords(ended),
      'If you use it already, stop and ask them what is to become of the information in it.',
    ],
    link: { text: 'See what happened', path: `/asked/${requestId}` },
  };
}

function becameWords(ended: Ended): string[] {
  switch (ended.kind) {
    case 'replaced': {
      const { headline } = JSON.parse(ended.receipt.answer) as { readonly headline: string };
      return [`Without it, the answer is now: ${headline}.`];
    }
    case 'withdrawn':
      return [
        'The saved answer that rested on it does not hold any more. Check the tool again before you go on.',
      ];
    case 'nothing':
      return [];
    default:
      return ended satisfies never;
  }
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

/** What a line manager is told where nothing is asked of them. */
export function toldNotice(askerName: string, tool: string | null, reference: string): NoticeWords {
  return {
    subject: `${askerName} lets you know about a tool`,
    paragraphs: [
      `${askerName} is going to use ${tool ?? 'a tool'} for work, which the guidance permits.`,
      'You need not do anything. The page shows what was checked and which conditions they have to meet.',
    ],
    link: { text: 'See what was checked', path: `/receipts/${reference}` },
  };
}

/**
 * The same where it is permitted only because the asker says that this manager has given the go-ahead, which nobody else can check
 * (GAG-10, OIT-19).
 */
export function toldOfClaimNotice(askerName: string, tool: string | null, reference: string): NoticeWords {
  return {
    ...toldNotice(askerName, tool, reference),
    paragraphs: [
      `${askerName} is going to use ${tool ?? 'a tool'} for work, and says that you have given the go-ahead. Without it the guidance does not permit this.`,
      'If you have not given it, tell them to stop. The page shows what was checked and which conditions they have to meet.',
    ],
  };
}
