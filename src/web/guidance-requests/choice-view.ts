import { shownOfGoAhead } from '#domain/guidance-requests/go-ahead.ts';
import { longestGoAheadDays, longestNote } from '#domain/guidance-requests/guidance-request.ts';
import { dayInWords, daysAfter } from '#domain/shared/day.ts';
import { advisers } from '#usecases/guidance-requests/ask-advice.ts';
import { type ForManager, mayAnswer } from '#usecases/guidance-requests/find-for-manager.ts';
import type { GuidanceProblem, NamedPerson } from '#usecases/guidance-requests/named-person.ts';
import { factRows } from '../receipts/views.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { errorsOf } from './ask-view.ts';
import { effectView } from './manager-view.ts';

const choices = ['go-ahead', 'refused', 'advice', 'pass-on', 'taken-back'] as const;
export type Choice = (typeof choices)[number];

export function isChoice(text: unknown): text is Choice {
  return choices.some((choice) => choice === text);
}

/** Whether a manager can choose this now. */
export function canChoose(found: ForManager, choice: Choice): boolean {
  return choice === 'taken-back' ? found.canTakeBack : mayAnswer(found);
}

/** What a manager typed into the form of a choice. */
export type TypedAnswer = {
  readonly words: string;
  readonly team: string;
  readonly to: NamedPerson;
  readonly day: string;
  readonly month: string;
  readonly year: string;
  /** What the form said that a go-ahead does. */
  readonly shown: string;
};

/** The form of one choice. What a go-ahead does not lift stands on it again. */
export function choiceView(
  web: Web,
  found: ForManager,
  key: string,
  choice: Choice,
  typed: TypedAnswer,
  problems: readonly GuidanceProblem[],
) {
  const { pack } = web.needs.policy();
  const { request } = found;
  const titles: Readonly<Record<Choice, string>> = {
    'go-ahead': `Give ${request.askerName} the go-ahead`,
    refused: `Refuse ${request.askerName}’s question`,
    advice: 'Ask a team for advice',
    'pass-on': 'Pass the question on',
    'taken-back': 'Take your go-ahead back',
  };
  const longest = daysAfter(web.people.today(), longestGoAheadDays);
  return {
    title: titles[choice],
    back: { text: 'The question', href: `/line-manager/${key}` },
    ...errorsOf(problems),
    choice,
    action: `/line-manager/${key}/answer`,
    askerName: request.askerName,
    facts: factRows(pack, found.receipt.facts),
    effect: effectView(pack, found.withGoAhead),
    shown: shownOfGoAhead(found.withGoAhead),
    typed,
    longestNote,
    longestDay: dayInWords(longest),
    teams: advisers(pack, found.standing).map(({ id, name, for: what, isFallback, reaches, email }) => ({
      value: id,
      text: name,
      hint: [
        what,
        isFallback ? `We hold no address for them, so this goes to the ${reaches}` : null,
        email === null ? 'We cannot write to them, so we show you how to reach them' : null,
      ]
        .filter((part) => part !== null)
        .join('. '),
      isChosen: id === typed.team,
    })),
  } satisfies PageModel & Record<string, unknown>;
}
