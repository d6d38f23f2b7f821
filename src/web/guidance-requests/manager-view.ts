import type { Answer } from '#domain/decision/answer.ts';
import { citationsOf } from '#domain/decision/answer.ts';
import { lastDecision } from '#domain/guidance-requests/guidance-request.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { recordedOn, stateOf } from '#domain/receipts/receipt.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { isPermission } from '#domain/shared/verdict.ts';
import { type ForManager, mayAnswer } from '#usecases/guidance-requests/find-for-manager.ts';
import { mailto } from '../browse/contact-model.ts';
import type { GivenBack } from '../given-back.ts';
import { instantInWords } from '../instant.ts';
import { sectionsOf } from '../receipts/changes-view.ts';
import { factRows, times } from '../receipts/views.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { verdictWords } from '../words.ts';
import { receiptOfDecision } from './asked-view.ts';
import type { Choice } from './choice-view.ts';
import { stepsView } from './steps.ts';

/** The page of a question for whoever it was put to: everything that they need before they answer, and then the choice. */
export function managerView(
  web: Web,
  found: ForManager,
  key: string,
  { error, givenBack }: { readonly error: string | null; readonly givenBack: readonly GivenBack[] },
) {
  const { pack } = web.needs.policy();
  const { request, receipt, standing, seenAs } = found;
  const answer = standing?.answer ?? null;
  const words = answer === null ? null : verdictWords[answer.verdict];
  const mayDo = mayAnswer(found);
  return {
    title: `${request.askerName} asks for your guidance`,
    back: { text: 'What you are asked as line manager', href: '/line-manager' },
    ...(error === null ? {} : { errors: [{ text: error, href: mayDo ? '#choice' : '#state' }] }),
    error,
    givenBack,
    askerName: request.askerName,
    asked: instantInWords(request.askedAt),
    note: request.note,
    state: stateView(found),
    receiptState: receiptStateView(pack, found),
    verdict: answer?.verdict ?? null,
    label: words?.label ?? '',
    tone: words?.tone ?? 'ask',
    headline: answer?.headline ?? '',
    reference: receipt.reference,
    on: dayInWords(receipt.on),
    reasons: (answer?.reasons ?? []).map(({ because, citations }) => ({
      because,
      citations: sectionsOf(citations),
    })),
    facts: factRows(pack, receipt.facts),
    assumptions: factRows(
      pack,
      Object.fromEntries((answer?.assumptions ?? []).map(({ fact, value }) => [fact, value])),
    ),
    consequences: receipt.words,
    toWeigh: mayDo ? toWeighView(pack) : [],
    effect: effectView(pack, found.withGoAhead),
    steps: stepsView(found.steps),
    adviser: seenAs === 'adviser' ? adviserView(found) : null,
    choices: mayDo ? choicesView(found) : null,
    action: `/line-manager/${key}/answer`,
    takeBack: found.canTakeBack ? `/line-manager/${key}/answer?choice=taken-back` : null,
  } satisfies PageModel & Record<string, unknown>;
}

type StateModel = {
  readonly text: string;
  readonly reference: string | null;
  /** How to reach a team that we cannot write to. */
  readonly link: { readonly text: string; readonly href: string } | null;
};

function stateView(found: ForManager): StateModel | null {
  const { request, newReceipt, seenAs } = found;
  const { state, managerName, until, decidedAt } = request;
  const decision = lastDecision(found.steps);
  const reference = receiptOfDecision(newReceipt, decision)?.reference ?? null;
  const at = decidedAt === null ? '' : instantInWords(decidedAt);
  const withSomebodyElse = {
    text: `It is with ${managerName} now, so you need not answer it any more.`,
    reference,
    link: null,
  };
  switch (state) {
    case 'go-ahead':
      return {
        text: `${managerName} gave the go-ahead on ${at}${until === null ? '' : `, until ${dayInWords(until)}`}.`,
        reference,
        link: null,
      };
    case 'refused':
      return {
        text:
          decision?.kind === 'taken-back'
            ? `${managerName} took the go-ahead back on ${at}.`
            : `${managerName} refused on ${at}.`,
        reference,
        link: null,
      };
    case 'withdrawn':
      return {
        text: `${request.askerName} took this question back on ${at}. There is nothing to answer.`,
        reference,
        link: null,
      };
    case 'advice':
      if (seenAs === 'manager') return adviceView(found);
      return seenAs === 'earlier' ? withSomebodyElse : null;
    case 'waiting':
      return seenAs === 'earlier' ? withSomebodyElse : null;
    case 'told':
      return null;
    default:
      return state satisfies never;
  }
}

// A team that holds an address was written to; the others are reached by a page or by telephone.
function adviceView({ steps }: ForManager): StateModel | null {
  const asked = steps.findLast(({ kind }) => kind === 'advice');
  if (asked === undefined) return null;
  const { toName, toAddress } = asked;
  const text = `You wait for the advice of: ${toName}.`;
  if (toAddress.includes('@')) return { text, reference: null, link: null };
  const isPage = /^https?:/.test(toAddress);
  const link = isPage
    ? { text: 'Go to their page', href: toAddress }
    : { text: `Call ${toAddress}`, href: `tel:${toAddress.replaceAll(/[^0-9+]/g, '')}` };
  return { text: `${text} We could not write to them, so reach them yourself:`, reference: null, link };
}

// What became of the saved answer since, and what today's guidance says of it.
function receiptStateView(pack: Pack, { receipt, today, standing, request }: ForManager): string[] {
  const said: string[] = [];
  const state = stateOf(receipt);
  if (request.newReceiptId === null && state === 'withdrawn')
    said.push(`${receipt.personName} has withdrawn the saved answer since they asked.`);
  if (request.newReceiptId === null && state === 'superseded')
    said.push(
      `${receipt.personName} has checked this tool again since they asked, and saved a newer answer.`,
    );
  if (standing === null) said.push('Today’s guidance cannot answer the question as it was asked.');
  // A claim of the manager's own guidance is what is asked now, and no change.
  else if (
    today.outcome === 'changed' &&
    !claims(pack, receipt.facts) &&
    recordedOn(receipt.recorded, standing.answer.on).size === 0
  )
    said.push(
      'The guidance has changed since they asked. This page shows today’s, and your answer counts under it.',
    );
  return said;
}

function claims(pack: Pack, facts: Readonly<Record<string, string>>): boolean {
  return Object.hasOwn(facts, pack.managersGuidance?.fact ?? '');
}

function toWeighView(pack: Pack) {
  return (pack.managersGuidance?.toWeigh ?? []).flatMap((id) => {
    const list = pack.checklists.get(id);
    if (list === undefined) return [];
    return [
      {
        title: list.title,
        intro: list.intro ?? null,
        items: list.items.map(({ text, hint, cites }) => ({
          text,
          hint: hint ?? null,
          clauses: citationsOf(pack, cites).map(({ clause }) => ({
            id: clause,
            href: `/statements#${clause}`,
          })),
        })),
      },
    ];
  });
}

/** What a go-ahead comes to, and what it does not lift. */
export function effectView(pack: Pack, given: Answer | null) {
  if (given === null) return null;
  const permitted = isPermission(given.verdict);
  return {
    headline: given.headline,
    isPermission: permitted,
    isSettled: given.settled,
    inTheWay: permitted
      ? []
      : given.reasons
          .filter(({ verdict }) => verdict === given.verdict)
          .map(({ because, citations }) => ({ because, citations: sectionsOf(citations) })),
    conditions: given.conditions
      // Whoever gives the go-ahead has been told.
      .filter(({ id }) => id !== pack.managersGuidance?.tell)
      .map(({ text, strength, when }) => ({
        text: text.replace(/\.$/, ''),
        strength,
        when: times[when] ?? when,
      })),
  };
}

function adviserView({ request, steps }: ForManager) {
  const asked = steps.findLast(({ kind }) => kind === 'advice');
  return {
    name: asked?.actorName ?? request.managerName,
    words: asked?.words ?? '',
    answer: {
      text: `Write to ${request.managerName}`,
      href: mailto(request.managerAddress, { subject: `Advice on the question of ${request.askerName}` }),
    },
  };
}

function choicesView({ canGoAhead, canRefuse, request }: ForManager) {
  const all: readonly { value: Choice; text: string; hint: string; isPossible: boolean }[] = [
    {
      value: 'go-ahead',
      text: 'Give the go-ahead',
      hint: 'For what is on this page and nothing else, until a day that you choose.',
      isPossible: canGoAhead,
    },
    {
      value: 'refused',
      text: 'Refuse',
      hint: 'Say why, so that they know what to change.',
      isPossible: canRefuse,
    },
    {
      value: 'advice',
      text: 'I need advice',
      hint: 'We write to a team. You still answer, and the question stays with you.',
      isPossible: true,
    },
    {
      value: 'pass-on',
      text: 'Pass it on',
      hint: `To another manager, if you do not decide this for ${request.askerName}.`,
      isPossible: true,
    },
  ];
  return all.filter(({ isPossible }) => isPossible);
}
