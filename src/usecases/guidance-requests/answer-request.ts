import { isOfUse, shownOfGoAhead } from '#domain/guidance-requests/go-ahead.ts';
import {
  entryOf,
  type GuidanceRequest,
  isOpen,
  longestNote,
  untilProblem,
} from '#domain/guidance-requests/guidance-request.ts';
import type { Actor, PersonActing } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { type Receipt, type RecordedFact, stateOf } from '#domain/receipts/receipt.ts';
import { isSameQuestion } from '#domain/receipts/same-question.ts';
import { saysSomething, typedText, typedTextProblem } from '#domain/shared/typed-text.ts';
import type { Store } from '#store/store.ts';
import type { Standing } from '../ask-page.ts';
import { auditEvent } from '../audit/audit-event.ts';
import type { Needs } from '../needs.ts';
import { writeNotice } from '../notices/write-notice.ts';
import { Overtaken } from '../overtaken.ts';
import { type NotAllowed, notAllowed, type Origin } from '../people/people-needs.ts';
import { writeReceipt } from '../receipts/save-answer.ts';
import { accessOf, otherRecords, recordRefusal, standingWith } from './find-for-manager.ts';
import type { GuidanceNeeds } from './guidance-needs.ts';
import type { GuidanceProblem } from './named-person.ts';
import { decidedNotice } from './request-notices.ts';
import { writeStep } from './write-request.ts';

/** What a line manager decides. A go-ahead holds until a day, a refusal until somebody asks for something else. */
export type Decision =
  | {
      readonly kind: 'go-ahead';
      readonly until: string;
      readonly words: string;
      /** What the manager was shown that it does (`shownOfGoAhead`). */
      readonly shown: string;
    }
  | { readonly kind: 'refused'; readonly words: string };

export type Answering = {
  readonly outcome: 'problems';
  readonly problems: readonly GuidanceProblem[];
};

export type NotTheirs =
  /** Somebody was quicker, or took it back: nothing was changed. */
  | { readonly outcome: 'overtaken' }
  | { readonly outcome: 'own'; readonly id: string }
  | { readonly outcome: 'not-found' }
  | NotAllowed;

export type Decided =
  | { readonly outcome: 'ok'; readonly request: GuidanceRequest; readonly receipt: Receipt }
  /** Today's guidance cannot answer the question as it was asked, so there is nothing to put on record. */
  | { readonly outcome: 'cannot-decide' }
  /** A go-ahead does something else now than the manager was shown, or nothing: it has to be looked at again. */
  | { readonly outcome: 'not-as-shown' }
  | Answering
  | NotTheirs;

/**
 * Puts a line manager's decision on record: on a new saved answer of the asker, evaluated under today's guidance, in place of the one
 * that was asked about. The asker is told what it comes to. Of two who decide at once, one wins.
 */
export async function decideRequest(
  needs: GuidanceNeeds,
  asking: Needs,
  actor: Actor,
  key: string,
  decision: Decision,
  origin: Origin,
): Promise<Decided> {
  return answering(needs, actor, key, origin, async (inside, person, request) => {
    const problems = decisionProblems(needs, decision);
    if (problems.length > 0) return { outcome: 'problems', problems };
    return writeDecision(needs, asking, inside, { person, request, decision, origin });
  });
}

/**
 * Does something to a question as its manager, in one transaction: whoever it is not for, and whoever comes too late, does nothing.
 * `work` throws `Overtaken` where somebody else was quicker. `isPossible`: while the question is open, unless something else is said.
 */
export async function answering<T>(
  needs: GuidanceNeeds,
  actor: Actor,
  key: string,
  origin: Origin,
  work: (inside: Store, person: PersonActing, request: GuidanceRequest) => Promise<T>,
  isPossible: (request: GuidanceRequest, person: PersonActing) => boolean = ({ state }) => isOpen(state),
): Promise<T | NotTheirs> {
  if (!may(actor, 'answer-as-line-manager') || actor.kind !== 'person') return notAllowed;
  const done = await needs.store
    .inOneTransaction(async (inside) => {
      const access = await accessOf(needs, inside, actor, key);
      if (access.outcome !== 'ok') return access;
      if (access.seenAs === 'manager' && isPossible(access.request, actor))
        return { outcome: 'done', result: await work(inside, actor, access.request) } as const;
      // Somebody who had it until a moment ago sees what happened to it; a team that gives advice never decides.
      return access.seenAs === 'adviser'
        ? ({ outcome: 'not-found', id: access.request.id } as const)
        : ({ outcome: 'overtaken' } as const);
    })
    .catch((error: unknown) => {
      if (error instanceof Overtaken) return { outcome: 'overtaken' } as const;
      throw error;
    });
  if (done.outcome === 'done') return done.result;
  if (done.outcome === 'overtaken') return done;
  await recordRefusal(needs, actor, done.id, origin);
  return done.outcome === 'own' ? done : { outcome: 'not-found' };
}

function decisionProblems({ today }: GuidanceNeeds, decision: Decision): GuidanceProblem[] {
  if (decision.kind === 'refused')
    return whyProblems(decision.words, 'Say why you refuse, so that they know what to change');
  const wrong = untilProblem(decision.until, today());
  const problems = wrong === null ? [] : [{ field: 'until', detail: wrong } as const];
  return [...problems, ...wordsProblems(decision.words)];
}

/** What is wrong with a reason that a manager has to give; `detail` says so where there is none. */
export function whyProblems(words: string, detail: string): GuidanceProblem[] {
  return !saysSomething(words) ? [{ field: 'words', detail }] : wordsProblems(words);
}

/** What is wrong with what a manager writes; nothing where it is short enough. */
export function wordsProblems(words: string): GuidanceProblem[] {
  const detail = typedTextProblem('What you write', words, longestNote);
  return detail === null ? [] : [{ field: 'words', detail }];
}

type Deciding = {
  readonly person: PersonActing;
  readonly request: GuidanceRequest;
  readonly decision: Decision;
  readonly origin: Origin;
};

async function writeDecision(
  needs: GuidanceNeeds,
  asking: Needs,
  inside: Store,
  { person, request, decision, origin }: Deciding,
): Promise<Decided> {
  const guidance = asking.policy().pack.managersGuidance;
  const [receipt] = await inside.receipts.byIds([request.receiptId]);
  if (guidance === null || receipt === undefined) return { outcome: 'cannot-decide' };
  const until = decision.kind === 'go-ahead' ? decision.until : null;
  const value = decision.kind === 'go-ahead' ? guidance.goAhead : guidance.refusal;
  const standing = standingWith(needs, asking, receipt, value);
  if (standing === null || !standing.answer.settled) return { outcome: 'cannot-decide' };
  if (
    decision.kind === 'go-ahead' &&
    (!isOfUse(standing.answer) || decision.shown !== shownOfGoAhead(standing.answer))
  )
    return { outcome: 'not-as-shown' };
  const saved = await saveDecided(needs, asking, inside, {
    person,
    request,
    receipt,
    standing,
    said: { fact: guidance.fact, value, until },
    origin,
  });
  const from = entryOf(request);
  const change = {
    state: decision.kind,
    // Who decided, and not what the asker called them.
    managerName: person.name,
    managerId: person.id,
    remindOn: null,
    decidedAt: needs.now().toISOString(),
    until,
    newReceiptId: saved.id,
    keepUntil: saved.keepUntil,
  };
  if (!(await inside.guidanceRequests.change(request, change))) throw new Overtaken();
  await writeStep(needs, inside, { request, by: person, kind: decision.kind, words: decision.words });
  await writeNotice(needs, inside, {
    to: { kind: 'person', id: request.personId },
    kind: 'guidance-given',
    about: from,
    words: decidedNotice(
      person.name,
      { kind: decision.kind, until, hasWords: typedText(decision.words) !== '' },
      standing.answer.headline,
      request.id,
    ),
  });
  const action = decision.kind === 'go-ahead' ? 'guidance-go-ahead-given' : 'guidance-refused';
  const more = { receipt: saved.reference, ...(until === null ? {} : { until }) };
  await inside.audit.record(auditEvent(needs, { actor: person.id, action, entry: from }, origin, more));
  return { outcome: 'ok', request: { ...request, ...change }, receipt: saved };
}

/**
 * Saves the asker's answer with a manager's decision on record, in place of the one that was asked about or of what stands in its place.
 */
export async function saveDecided(
  needs: GuidanceNeeds,
  asking: Needs,
  inside: Store,
  decided: {
    readonly person: PersonActing;
    readonly request: GuidanceRequest;
    readonly receipt: Receipt;
    /** Where the asker stands with it, settled. */
    readonly standing: Standing;
    readonly said: Pick<RecordedFact, 'fact' | 'value' | 'until'>;
    readonly origin: Origin;
  },
): Promise<Receipt> {
  const { person, request, receipt, standing, said, origin } = decided;
  const replaced = await liveInItsPlace(asking, inside, receipt);
  return writeReceipt(needs, asking, inside, {
    standing,
    words: receipt.words,
    recorded: [
      ...otherRecords(receipt, said.fact),
      { ...said, by: person.name, on: needs.today(), from: entryOf(request) },
    ],
    ...(replaced === null ? {} : { supersedes: replaced }),
    owner: { id: request.personId, name: request.askerName },
    by: person.id,
    origin,
  });
}

/**
 * The saved answer whose place the new one takes: the one that was asked about, or what the asker has put in its place since with the
 * same facts. Null where none of them holds any more.
 */
export async function liveInItsPlace(
  { policy }: Pick<Needs, 'policy'>,
  inside: Store,
  receipt: Receipt,
): Promise<Receipt | null> {
  let current = receipt;
  while (current.supersededBy !== null) {
    const [next] = await inside.receipts.byIds([current.supersededBy]);
    if (next === undefined) return null;
    current = next;
  }
  const [then, now] = [receipt, current].map(({ facts }) => new Map(Object.entries(facts)));
  const isSame = then !== undefined && now !== undefined && isSameQuestion(policy(), then, now);
  return isSame && stateOf(current) === 'live' ? current : null;
}
