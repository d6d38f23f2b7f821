import type { Alternative } from '#domain/decision/alternatives.ts';
import type { Answer } from '#domain/decision/answer.ts';
import { type Change, inOneSentence } from '#domain/decision/changes.ts';
import type { Verdict } from '#domain/shared/verdict.ts';
import { versionTag } from '#domain/versions/version-name.ts';
import type { Standing } from '#usecases/ask-page.ts';
import { showChanges, showInstead } from '#usecases/find-what-helps.ts';
import type { Web } from '../web.ts';
import { hrefOf } from './address.ts';

type HelpItem = {
  readonly text: string;
  readonly href: string;
  /** What has to be so as well, after a comma. */
  readonly condition: string | null;
  /** What the answer is then, after a colon. */
  readonly promise: string;
  readonly note: string | null;
};

/** What the answer page says of ways out of an answer that is not a yes. */
export type HelpModel = {
  /** Null where nothing has to be changed. */
  readonly changes: {
    readonly enough: readonly HelpItem[];
    /** Where no change is enough: one that helps, and the reasons that are left. */
    readonly partly: (HelpItem & { readonly left: readonly string[] }) | null;
    /** Said where nothing helps. */
    readonly nothing: string | null;
  } | null;
  readonly instead: readonly HelpItem[];
};

/** The ways out for somebody who stands there: what to do differently, and what to use instead. */
export function helpView({ needs }: Web, standing: Standing): HelpModel {
  const { isNeeded, changes } = showChanges(needs, standing);
  const { policy } = standing.answer;
  const enough = changes.filter(({ isEnough }) => isEnough);
  const [partly] = changes.filter(({ isEnough }) => !isEnough);
  return {
    changes: isNeeded
      ? {
          enough: enough.map((change) => changeItem(change, policy)),
          partly:
            partly === undefined
              ? null
              : { ...changeItem(partly, policy), left: partly.inTheWay.map(({ because }) => because) },
          nothing: changes.length > 0 ? null : noChange(standing),
        }
      : null,
    instead: showInstead(needs, standing).map((alternative) => insteadItem(alternative, policy)),
  };
}

function noChange({ answer }: Standing): string {
  return answer.findOut === null
    ? 'There is no change that you could make to be allowed this.'
    : 'That depends on what you find out first.';
}

function changeItem(change: Change, policy: Answer['policy']): HelpItem {
  const others = change.parts.flatMap(({ decidedBy }) => decidedBy ?? []);
  return {
    text: change.text,
    href: hrefOfPromise(change, policy),
    condition: null,
    promise: change.isEnough ? promiseOf(change) : '',
    note: others.length === 0 ? null : `Not up to you alone: ${inOneSentence(others)} must agree.`,
  };
}

function insteadItem(alternative: Alternative, policy: Answer['policy']): HelpItem {
  const { tool, changes } = alternative;
  return {
    text: tool.name,
    href: hrefOfPromise(alternative, policy),
    condition: changes.length === 0 ? null : `if you ${inOneSentence(changes.map(({ say }) => say))}`,
    promise: promiseOf(alternative),
    note: null,
  };
}

type Promised = Pick<Change, 'verdict' | 'settled' | 'countPages' | 'facts'>;

// A promise that still hangs on answers leads to the questions, any other to the answer itself.
function hrefOfPromise({ settled, facts }: Promised, policy: Answer['policy']): string {
  return settled ? hrefOf('/answer', facts, { policy: versionTag(policy) }) : hrefOf('/check', facts);
}

function promiseOf({ verdict, settled, countPages }: Promised): string {
  if (settled) return thenWords[verdict];
  const pages = countPages();
  return `you may be able to use it, after ${pages} more page${pages === 1 ? '' : 's'} of questions`;
}

const thenWords: Readonly<Record<Verdict, string>> = {
  allowed: 'you can use it',
  'allowed-with-conditions': 'you can use it, with conditions',
  'get-guidance': 'you still have to ask first',
  'request-review': 'it still needs a review',
  'not-allowed': 'you still cannot use it',
};
