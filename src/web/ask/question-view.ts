import type { Fact, Option, QuestionPage } from '#domain/policy/pack.ts';
import { isPermission } from '#domain/shared/verdict.ts';
import type { AskedQuestion, Standing } from '#usecases/ask-page.ts';
import { showInstead } from '#usecases/find-what-helps.ts';
import type { Needs } from '#usecases/needs.ts';
import { whyAsked } from '#usecases/why-asked.ts';
import type { PageModel } from '../render.ts';
import { verdictWords } from '../words.ts';
import { hrefOf, type Query } from './address.ts';

/** What a question page prints. */
export type QuestionPageModel = PageModel & {
  readonly isSingle: boolean;
  readonly lead?: string;
  readonly action: string;
  /** What tells the page that its own form was sent. */
  readonly sentAs: string;
  readonly hidden: readonly { readonly name: string; readonly value: string }[];
  readonly questions: readonly QuestionModel[];
  readonly about: string | null;
  readonly bestNow: {
    readonly text: string;
    readonly href: string;
    readonly meanwhile: readonly { readonly name: string; readonly href: string }[];
  } | null;
};

type QuestionModel = {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly hint?: string;
  readonly why: string;
  readonly help?: string;
  readonly isInline: boolean;
  readonly items: readonly {
    readonly value: string;
    readonly text: string;
    readonly hint?: string;
    readonly checked: boolean;
    readonly isDivider: boolean;
  }[];
  readonly error: string | null;
};

/** The key of an option in a form: the facts it sets. */
export function keyOf(option: Option): string {
  return [...option.sets].map(([fact, value]) => `${fact}:${value}`).join(',');
}

/** The view of one question page. `isSent` marks a form that came back with something left out. */
export function questionView(
  needs: Needs,
  standing: Standing,
  page: QuestionPage,
  shown: readonly AskedQuestion[],
  query: Query,
  isSent: boolean,
): QuestionPageModel {
  const { pack } = needs.policy();
  const questions = shown.map((one) => questionModel(one, shown, query, isSent));
  const own = new Set(shown.flatMap(({ question }) => question.facts));
  const errors = questions.flatMap(({ id, error }) =>
    error === null ? [] : [{ text: error, href: `#${id}` }],
  );
  const isSingle = questions.length === 1;
  return {
    title: isSingle ? (questions[0]?.text ?? page.title) : page.title,
    ...(errors.length > 0 ? { errors } : {}),
    isSingle,
    ...(page.lead === undefined ? {} : { lead: page.lead }),
    back: { text: 'Back', href: backFrom(needs, standing, page) },
    policyLabel: pack.label,
    action: `/check/${page.id}`,
    sentAs: page.id,
    hidden: [...standing.stated].filter(([fact]) => !own.has(fact)).map(([name, value]) => ({ name, value })),
    questions,
    about: standing.match === undefined ? null : standing.match.name,
    bestNow: bestNow(needs, standing),
  };
}

function questionModel(
  { question, options, chosen, effect }: AskedQuestion,
  all: readonly AskedQuestion[],
  query: Query,
  isSent: boolean,
): QuestionModel {
  const name = `answer.${question.id}`;
  const sent = query[name];
  const items = options.map((option, index) => ({
    value: keyOf(option),
    text: option.label,
    ...(option.hint === undefined ? {} : { hint: option.hint }),
    checked: typeof sent === 'string' ? sent === keyOf(option) : option === chosen,
    isDivider:
      index > 1 &&
      index === options.length - 1 &&
      [...option.sets.values()].includes('unknown') &&
      options.length > 3,
  }));
  const isYesNo =
    options.length <= 3 && options.every((option) => option.hint === undefined && option.label.length < 14);
  const isMissing = isSent && !items.some(({ checked }) => checked);
  return {
    id: question.id,
    name,
    text: question.text,
    ...(question.hint === undefined ? {} : { hint: question.hint }),
    why: `${question.why} ${whyAsked(effect)}`.trim(),
    ...(question.help === undefined ? {} : { help: question.help }),
    isInline: isYesNo && all.length > 1,
    items,
    error: isMissing ? `Choose an answer to “${question.text}”` : null,
  };
}

// The page before: the last one in order that has an answer, or the first page of all.
function backFrom(needs: Needs, { stated }: Standing, page: QuestionPage): string {
  const { pack } = needs.policy();
  const before = pack.pages.slice(0, pack.pages.indexOf(page));
  const earlier = before
    .filter(({ questions }) =>
      questions.some(({ facts }) =>
        facts.some((fact) => stated.has(fact) && pack.facts.get(fact)?.valuesFrom !== 'tools'),
      ),
    )
    .at(-1);
  return earlier === undefined ? hrefOf('/', stated) : hrefOf(`/check/${earlier.id}`, stated);
}

// Said as soon as the answer cannot be a yes any more: what it will be at best, and what to do today.
function bestNow(needs: Needs, standing: Standing): QuestionPageModel['bestNow'] {
  const { answer, stated } = standing;
  if (answer.settled || isPermission(answer.best)) return null;
  return {
    text: verdictWords[answer.best].atBest,
    href: hrefOf('/answer', stated),
    meanwhile: showInstead(needs, standing, 2).map(({ tool }) => ({
      name: tool.name,
      href: `/tools/${tool.id}`,
    })),
  };
}

/** The view of the page that changes one assumption. */
export function assumedView(
  needs: Needs,
  standing: Standing,
  fact: Fact,
  isSent: boolean,
): QuestionPageModel {
  const { pack } = needs.policy();
  const now = standing.stated.get(fact.id) ?? fact.default;
  const text = `Change what we assumed about “${fact.label}”`;
  const assumed = fact.values.find(({ id }) => id === fact.default)?.label;
  const error = isSent ? 'Choose what is right' : null;
  return {
    title: text,
    ...(error === null ? {} : { errors: [{ text: error, href: `#${fact.id}` }] }),
    isSingle: true,
    back: { text: 'Back', href: hrefOf('/answer', standing.stated) },
    policyLabel: pack.label,
    action: `/check/assumed/${fact.id}`,
    hidden: [...standing.stated]
      .filter(([name]) => name !== fact.id)
      .map(([name, value]) => ({ name, value })),
    sentAs: fact.id,
    questions: [
      {
        id: fact.id,
        name: `answer.${fact.id}`,
        text,
        hint: `${assumed === undefined ? 'We assumed one of these.' : `We assumed “${assumed}”.`} Choose another answer if that is not right.`,
        why: 'The answer or its conditions could change with it.',
        isInline: false,
        items: fact.values.map(({ id, label, hint }) => ({
          value: id,
          text: label,
          ...(hint === undefined ? {} : { hint }),
          checked: id === now,
          isDivider: false,
        })),
        error,
      },
    ],
    about: standing.match?.name ?? null,
    bestNow: null,
  };
}
