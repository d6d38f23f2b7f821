import { longestNote } from '#domain/guidance-requests/guidance-request.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { longestWords } from '#domain/receipts/receipt.ts';
import type {
  GuidanceField,
  GuidanceProblem,
  NamedPerson,
} from '#usecases/guidance-requests/named-person.ts';
import type { AskedAbout, FoundQuestion } from '#usecases/guidance-requests/question-to-ask.ts';
import { hrefOf } from '../ask/address.ts';
import type { GivenBack } from '../given-back.ts';
import { factRows } from '../receipts/views.ts';
import type { PageModel } from '../render.ts';

type Found = Extract<FoundQuestion, { readonly outcome: 'ok' }>;

type Typed = {
  readonly attempt: string;
  readonly manager: NamedPerson;
  readonly note: string;
  readonly words: string;
};

/** The form that asks a line manager. */
export function askView(pack: Pack, found: Found, typed: Typed, problems: readonly GuidanceProblem[]) {
  const { unclaimed, receipt, effect } = found;
  const given = effect.kind === 'nothing' ? null : effect.with;
  return {
    title: 'Ask your line manager',
    back: backTo(found),
    ...errorsOf(problems),
    ...formParts(pack, found, unclaimed.stated, typed),
    headline: unclaimed.answer.headline,
    headlineThen: given?.headline ?? '',
    note: typed.note,
    longestNote,
    isSaved: receipt !== null,
    otherWay: hrefOf('/answer/draft/line-manager', unclaimed.stated),
  } satisfies PageModel & Record<string, unknown>;
}

/** The page that says that the same was asked before, with other words or of somebody else. */
export function askedOtherwiseView(
  asked: { readonly id: string; readonly managerName: string },
  givenBack: readonly GivenBack[],
) {
  return {
    title: 'You have asked this before',
    managerName: asked.managerName,
    href: `/asked/${asked.id}`,
    givenBack,
  } satisfies PageModel & Record<string, unknown>;
}

/** The form that tells a line manager. */
export function tellView(
  pack: Pack,
  found: Found,
  typed: Omit<Typed, 'note'>,
  problems: readonly GuidanceProblem[],
) {
  return {
    title: 'Tell your line manager',
    back: backTo(found),
    ...errorsOf(problems),
    ...formParts(pack, found, found.standing.stated, typed),
    headline: found.standing.answer.headline,
    isSaved: found.receipt !== null,
  } satisfies PageModel & Record<string, unknown>;
}

/** The page that says what has to be known before a line manager can be asked. */
export function moreQuestionsView(pack: Pack, found: Found) {
  const { unclaimed, effect } = found;
  const guidance = pack.managersGuidance;
  const supposed =
    guidance === null
      ? unclaimed.stated
      : new Map([...unclaimed.stated, [guidance.fact, guidance.goAhead] as const]);
  const missing = effect.kind === 'nothing' ? [] : effect.with.missing;
  return {
    title: 'Answer a few more questions first',
    back: backTo(found),
    missing: missing.map((id) => pack.facts.get(id)?.label ?? id),
    goOn: hrefOf('/check', supposed),
  } satisfies PageModel & Record<string, unknown>;
}

/** The page that says that there is nothing to ask, or to tell. */
export function nothingToAskView(what: 'ask' | 'tell', about: AskedAbout) {
  const sentences = {
    ask: 'A line manager’s go-ahead would not change this answer, so there is nothing to ask them here. The answer says who can help.',
    tell: 'The guidance does not suggest telling your line manager about this answer.',
  };
  const facts = about.kind === 'facts' ? about.facts : {};
  const stated = new Map(
    Object.entries(facts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  return {
    title: what === 'ask' ? 'Your line manager cannot settle this' : 'There is nothing to tell',
    sentence: sentences[what],
    goBack:
      about.kind === 'receipt'
        ? { text: 'Go to the saved answer', href: `/receipts/${encodeURIComponent(about.reference)}` }
        : { text: 'Go to the answer', href: hrefOf('/answer', stated) },
  } satisfies PageModel & Record<string, unknown>;
}

function backTo({ receipt, standing }: Found): { readonly text: string; readonly href: string } {
  return receipt === null
    ? { text: 'The answer', href: hrefOf('/answer', standing.stated) }
    : { text: 'The saved answer', href: `/receipts/${receipt.reference}` };
}

function formParts(
  pack: Pack,
  { receipt }: Found,
  stated: ReadonlyMap<string, string>,
  { attempt, manager, words }: Omit<Typed, 'note'>,
) {
  const question =
    receipt === null
      ? [...stated].map(([name, value]) => ({ name, value }))
      : [{ name: 'receipt', value: receipt.reference }];
  return {
    rows: factRows(pack, Object.fromEntries(stated)),
    hidden: [{ name: 'attempt', value: attempt }, ...question],
    manager,
    consequences: words,
    longestWords,
  };
}

const places: Readonly<Record<GuidanceField, string>> = {
  managerName: '#managerName',
  managerAddress: '#managerAddress',
  note: '#note',
  words: '#words',
  until: '#until-day',
  team: '#team',
  choice: '#choice',
};

/** What is wrong, for the summary at the top and for each field. */
export function errorsOf(problems: readonly GuidanceProblem[]) {
  const of = (field: GuidanceField): string | null =>
    problems.find((problem) => problem.field === field)?.detail ?? null;
  return {
    ...(problems.length === 0
      ? {}
      : { errors: problems.map(({ field, detail }) => ({ text: detail, href: places[field] })) }),
    nameError: of('managerName'),
    addressError: of('managerAddress'),
    noteError: of('note'),
    wordsError: of('words'),
    untilError: of('until'),
    teamError: of('team'),
  };
}
