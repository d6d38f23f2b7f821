import type {
  GuidanceRequest,
  GuidanceState,
  GuidanceStep,
} from '#domain/guidance-requests/guidance-request.ts';
import { lastDecision, remindAfterWorkingDays } from '#domain/guidance-requests/guidance-request.ts';
import { type Receipt, stateOf } from '#domain/receipts/receipt.ts';
import { dayInWords } from '#domain/shared/day.ts';
import type { AsManager } from '#usecases/guidance-requests/as-manager.ts';
import type { FoundOwn, OwnRequest } from '#usecases/guidance-requests/own-requests.ts';
import { mailto } from '../browse/contact-model.ts';
import { instantInWords } from '../instant.ts';
import { headlineOf } from '../receipts/views.ts';
import type { PageModel } from '../render.ts';
import { stepsView } from './steps.ts';

const tags: Readonly<Record<GuidanceState, { readonly text: string; readonly tone: string }>> = {
  waiting: { text: 'Waiting', tone: 'blue' },
  advice: { text: 'Getting advice', tone: 'blue' },
  'go-ahead': { text: 'Go-ahead', tone: 'green' },
  refused: { text: 'Refused', tone: 'red' },
  withdrawn: { text: 'Taken back', tone: 'grey' },
  told: { text: 'Told', tone: 'grey' },
};

/** A question, or what somebody told, in a list. */
export function askedRow({ request, receipt }: OwnRequest) {
  return {
    href: `/asked/${request.id}`,
    headline: headlineOf(receipt),
    tag: tags[request.state],
    text: `${request.state === 'told' ? 'Told' : 'Asked'} ${request.managerName} on ${instantInWords(request.askedAt)}`,
  };
}

/** The list of what somebody asked and told line managers. */
export function askedListView({
  requests,
  next,
}: {
  readonly requests: readonly OwnRequest[];
  readonly next: string | null;
}) {
  return {
    title: 'What you asked your line manager',
    back: { text: 'Your account', href: '/me' },
    requests: requests.map(askedRow),
    next: next === null ? null : `/asked?${new URLSearchParams({ before: next })}`,
  } satisfies PageModel & Record<string, unknown>;
}

/** The list of what somebody is asked, and has decided, as line manager. */
export function managerListView({ waiting, decided, next }: AsManager, isLater: boolean) {
  const row = ({ request, receipt, newReceipt }: OwnRequest) => ({
    href: `/line-manager/${request.id}`,
    headline: headlineOf(newReceipt !== null && stateOf(newReceipt) === 'live' ? newReceipt : receipt),
    tag: tags[request.state],
    text: `${request.askerName} asked on ${instantInWords(request.askedAt)}${
      request.state === 'go-ahead' && request.until !== null
        ? `, go-ahead until ${dayInWords(request.until)}`
        : ''
    }`,
  });
  return {
    title: 'What you are asked as line manager',
    back: { text: 'Your account', href: '/me' },
    isLater,
    waiting: waiting.map(row),
    decided: decided.map(row),
    next: next === null ? null : `/line-manager?${new URLSearchParams({ before: next })}`,
  } satisfies PageModel & Record<string, unknown>;
}

/**
 * The saved answer that a decision led to; null where there is none. Where a go-ahead was taken back and nothing took the place of what
 * rested on it, that no longer says anything.
 */
export function receiptOfDecision(
  newReceipt: Receipt | null,
  decision: GuidanceStep | undefined,
): Receipt | null {
  const isOver = decision?.kind === 'taken-back' && newReceipt !== null && stateOf(newReceipt) !== 'live';
  return isOver ? null : newReceipt;
}

/** One question for whoever asked it: how it stands, what happened, and what they can do. */
export function askedView({
  request,
  receipt,
  newReceipt,
  steps,
}: Extract<FoundOwn, { readonly outcome: 'ok' }>) {
  const { state, managerName, managerAddress, reminders } = request;
  const isWaiting = state === 'waiting' || state === 'advice';
  const advice = state === 'advice' ? steps.findLast(({ kind }) => kind === 'advice') : undefined;
  const decision = lastDecision(steps);
  const decided = receiptOfDecision(newReceipt, decision);
  return {
    title: state === 'told' ? `You told ${managerName}` : `Your question to ${managerName}`,
    back: { text: 'What you asked your line manager', href: '/asked' },
    id: request.id,
    tag: tags[state],
    howItStands: howItStands(request, decision, advice?.toName ?? ''),
    lastWords: decision?.words ?? '',
    asked: {
      headline: headlineOf(receipt),
      href: `/receipts/${receipt.reference}`,
      reference: receipt.reference,
    },
    answered:
      decided === null
        ? null
        : {
            headline: headlineOf(decided),
            href: `/receipts/${decided.reference}`,
            reference: decided.reference,
          },
    note: request.note,
    managerName,
    managerAddress,
    isWaiting,
    otherwise:
      isWaiting && reminders >= remindAfterWorkingDays.length
        ? {
            text: `We have reminded ${managerName} twice and do not write to them again. Nothing lapses: they can still answer.`,
            mail: {
              text: `Email ${managerAddress}`,
              href: mailto(managerAddress, { subject: 'My question to you as line manager' }),
            },
          }
        : null,
    steps: stepsView(steps),
  } satisfies PageModel & Record<string, unknown>;
}

function howItStands(
  { state, managerName, until, remindOn }: GuidanceRequest,
  decision: GuidanceStep | undefined,
  team: string,
): string {
  switch (state) {
    case 'waiting':
      return `${managerName} has not answered yet. Do not go on before they have.${reminding(remindOn)}`;
    case 'advice':
      return `${managerName} wants advice first, and has asked: ${team}. Do not go on before they have answered.${reminding(remindOn)}`;
    case 'go-ahead':
      return `${managerName} gave the go-ahead${until === null ? '' : ` until ${dayInWords(until)}`}, for what you asked and nothing else.`;
    case 'refused':
      return decision?.kind === 'taken-back'
        ? `${managerName} took the go-ahead back. Stop what you began with it.`
        : `${managerName} refused.`;
    case 'withdrawn':
      return 'You took this question back.';
    case 'told':
      return `${managerName} knows what you are going to use. Nothing was asked of them.`;
    default:
      return state satisfies never;
  }
}

function reminding(remindOn: string | null): string {
  return remindOn === null ? '' : ` If they do not answer, we remind them on ${dayInWords(remindOn)}.`;
}

/** How a question stands, in a word. */
export function tagOf(state: GuidanceState) {
  return tags[state];
}
