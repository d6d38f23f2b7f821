import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { longestProposalWords, notComparableName } from '#domain/versions/proposal.ts';
import { versionName } from '#domain/versions/version-name.ts';
import type { AffectedReceipts } from '#usecases/versions/affected-receipts.ts';
import type { MostAsked } from '#usecases/versions/most-asked.ts';
import type { PublishingProblem } from '#usecases/versions/publish-version.ts';
import type { VersionToShow } from '#usecases/versions/show-version.ts';
import { hrefOf } from '../ask/address.ts';
import { instantInWords } from '../instant.ts';
import type { PageModel } from '../render.ts';
import { verdictWords } from '../words.ts';
import { differenceView } from './difference-view.ts';
import type { Look, LookState } from './looks.ts';
import { proposalText, publicationText, stateWords } from './version-words.ts';

/** What somebody typed into a form of the page, and what is wrong with it. */
export type Typed = {
  readonly form: 'propose' | 'decide';
  readonly words: string;
  readonly acknowledged: readonly string[];
  readonly day: string;
  readonly month: string;
  readonly year: string;
  readonly problems: readonly PublishingProblem[];
};

type Parts = {
  readonly shown: VersionToShow;
  readonly actor: Actor;
  /** Null: there is nothing to compare it with, because it is in force or nothing is. */
  readonly look: LookState | null;
  readonly typed: Typed | null;
};

/** The page of one version: what it would change, what becomes of it, and the forms for that. */
export function versionView({ shown, actor, look, typed }: Parts) {
  const { version, loaded, base, on, proposals } = shown;
  const path = `/policy/versions/${version.hash}`;
  const open = version.proposal;
  const isOwn = open !== null && actor.kind === 'person' && open.proposedBy === actor.id;
  const there = look?.kind === 'there' ? look.look : null;
  const faults = there?.review.faults ?? [];
  const difference = there === null ? null : differenceOf(there, shown, path);
  const canPropose =
    may(actor, 'propose-version') && open === null && difference !== null && faults.length === 0;
  const errors = inOrder(typed?.problems ?? []).map((one) => errorOf(one, difference));
  return {
    title: `Guidance ${versionName(version)}`,
    back: { text: 'Versions of the guidance', href: '/policy/versions' },
    ...(errors.length === 0 ? {} : { errors }),
    path,
    hash: version.hash,
    state: stateWords[version.state],
    isReadable: loaded.guidance.ready !== null,
    kept: instantInWords(version.keptAt),
    publications: version.publications.map(publicationText),
    proposals: proposals.filter(({ state }) => state !== 'open').map(pastProposal),
    isWorking: look?.kind === 'working',
    hasFailed: look?.kind === 'failed',
    base: base === null ? null : { name: versionName(base), href: `/policy/versions/${base.hash}` },
    on: on === null ? null : dayInWords(on),
    faults,
    difference,
    asked: there?.mostAsked?.map((one) => askedModel(one, path, there.review.from)) ?? null,
    receipts: there === null || there.receipts === null ? null : receiptsModel(there.receipts),
    canPropose,
    open:
      open === null
        ? null
        : {
            id: open.id,
            text: proposalText(open),
            words: open.words,
            acknowledged: open.acknowledged,
            isOutdated: open.isOutdated,
            canDecide: may(actor, 'agree-to-version') && !isOwn && !open.isOutdated,
            canWithdraw: isOwn && may(actor, 'propose-version'),
            isOwn,
          },
    longestWords: longestProposalWords,
    typed: {
      words: typed?.words ?? '',
      acknowledged: typed?.acknowledged ?? [],
      day: typed?.day ?? partOf(on, 2),
      month: typed?.month ?? partOf(on, 1),
      year: typed?.year ?? partOf(on, 0),
    },
    onError: detailOf(typed, 'on'),
    wordsError: detailOf(typed, 'words'),
    acknowledgedErrors: (typed?.problems ?? []).flatMap(({ name }) => name ?? []),
  } satisfies PageModel & Record<string, unknown>;
}

function differenceOf({ review }: Look, { base, loaded }: VersionToShow, path: string) {
  const [before, after] = [base?.guidance.ready?.policy.pack, loaded.guidance.ready?.policy.pack];
  if (review.difference.outcome === 'not-comparable' || before === undefined || after === undefined)
    return {
      notComparable:
        review.difference.outcome === 'not-comparable'
          ? review.difference.message
          : 'one of them cannot be read',
      name: notComparableName,
      changes: null,
    };
  const changes = differenceView(review.difference.diff, {
    before,
    after,
    situationPath: `${path}/situation`,
  });
  return { notComparable: null, name: null, changes };
}

const fields: readonly PublishingProblem['field'][] = ['version', 'acknowledged', 'on', 'words'];

// As they stand on the page.
function inOrder(problems: readonly PublishingProblem[]): PublishingProblem[] {
  return problems.toSorted((a, b) => fields.indexOf(a.field) - fields.indexOf(b.field));
}

function errorOf(
  { field, detail, name }: PublishingProblem,
  difference: ReturnType<typeof differenceOf> | null,
) {
  if (field === 'on') return { text: detail, href: '#on-day' };
  if (field === 'words') return { text: detail, href: '#words' };
  if (name === undefined) return { text: detail, href: '#main-content' };
  const change = difference?.changes?.loosenings.find((one) => one.name === name);
  return change === undefined
    ? { text: 'Say that you mean it although the two cannot be compared', href: '#acknowledge-all' }
    : { text: `Say whether you mean that ${change.title}`, href: `#${change.id}` };
}

function detailOf(typed: Typed | null, field: PublishingProblem['field']): string | null {
  return typed?.problems.find((one) => one.field === field)?.detail ?? null;
}

function partOf(on: string | null, index: number): string {
  const part = on?.split('-')[index];
  return part === undefined ? '' : String(Number(part));
}

const outcomeWords = {
  open: 'It waits for a second person',
  agreed: 'Agreed to',
  refused: 'Refused',
  withdrawn: 'Withdrawn',
  outdated: 'Outdated: another version was published meanwhile',
} as const;

function pastProposal(one: VersionToShow['proposals'][number]) {
  const { proposerName, proposedAt, words, state, deciderName, decidedAt, decisionWords } = one;
  const by = state === 'agreed' || state === 'refused' ? ` by ${deciderName ?? 'somebody'}` : '';
  return {
    proposed: `Proposed by ${proposerName === '' ? 'somebody' : proposerName} on ${instantInWords(proposedAt)}`,
    words,
    outcome: `${outcomeWords[state]}${by}${decidedAt === null ? '' : ` on ${instantInWords(decidedAt)}`}`,
    decisionWords,
  };
}

function askedModel(
  { facts, tool, organisation, times, before, after }: MostAsked,
  path: string,
  day: string,
) {
  const label = (verdict: typeof before): string =>
    verdict === null ? 'No answer' : verdictWords[verdict].label;
  return {
    text: organisation === '' ? tool : `${tool}, ${organisation}`,
    href: hrefOf(`${path}/situation`, Object.entries(facts), { _day: day }),
    times,
    before: label(before),
    after: label(after),
    isOther: before !== after,
  };
}

function receiptsModel({ live, affected, references, notice }: AffectedReceipts) {
  return { live, affected, references, more: affected - references.length, notice };
}
