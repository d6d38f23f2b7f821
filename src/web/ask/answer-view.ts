import { factsAboutUse } from '#domain/decision/alternatives.ts';
import type { Addition, Answer, Citation, Reason } from '#domain/decision/answer.ts';
import { organisationOf } from '#domain/decision/answer.ts';
import { type Steps, sortSteps } from '#domain/decision/steps.ts';
import { effectOfGoAhead, type GoAheadEffect } from '#domain/guidance-requests/go-ahead.ts';
import { type UsableContact, usableContact } from '#domain/policy/contacts.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { isPermission, type Verdict } from '#domain/shared/verdict.ts';
import { changeSince, versionTag } from '#domain/versions/version-name.ts';
import type { Standing } from '#usecases/ask-page.ts';
import { suggestsTelling } from '#usecases/guidance-requests/question-to-ask.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { openWords, strengths, verdictWords } from '../words.ts';
import { hrefOf, keptFacts } from './address.ts';
import { type HelpModel, helpView } from './help-view.ts';
import { hasReminders } from './reminders.ts';

export type Action = { readonly text: string; readonly href: string };
type Item = {
  readonly id: string;
  readonly text: string;
  readonly strength: string;
  readonly links: readonly Action[];
  readonly citations: readonly CitationModel[];
};
type CitationModel = {
  readonly text: string;
  readonly clauses: readonly { readonly id: string; readonly href: string }[];
};
type ReasonModel = { readonly because: string; readonly citations: readonly CitationModel[] };
type Row = {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  readonly change: Action | null;
};

/** What the answer page prints. */
export type AnswerModel = PageModel & {
  readonly verdict: Verdict;
  readonly label: string;
  readonly tone: string;
  readonly reason: ReasonModel | null;
  readonly action: Action | null;
  readonly datedText: string;
  /** What the answer rests on that nobody has checked: claims about reviews, authorisations, a manager's go-ahead. */
  readonly claims: readonly string[];
  /** Where a line manager’s go-ahead is only claimed: how to have it put on record. */
  readonly confirm: Action | null;
  readonly isOpen: Action | null;
  readonly changedPolicy: ReturnType<typeof changeSince>;
  readonly isPermission: boolean;
  readonly ask: (UsableContact & { readonly why: string; readonly links: readonly Action[] }) | null;
  readonly onlyLocalRules: boolean;
  readonly findOut: {
    readonly label: string;
    readonly rows: readonly { readonly label: string; readonly verdict: string; readonly href: string }[];
  } | null;
  readonly first: readonly Item[];
  readonly nextSteps: readonly Item[];
  /** What would be needed first, if nothing forbade it. */
  readonly onceAllowed: readonly Item[];
  readonly groups: readonly { readonly title: string; readonly items: readonly Item[] }[];
  readonly standing: readonly Item[];
  /** Ways out, where the answer is not a yes. */
  readonly help: HelpModel | null;
  readonly otherReasons: readonly ReasonModel[];
  readonly given: readonly Row[];
  readonly assumed: readonly Row[];
  readonly readings: readonly { readonly question: string; readonly text: string }[];
  readonly reminders: Action | null;
  readonly address: string;
  /** The address with its host, for paper. */
  readonly fullAddress: string;
  readonly again: Action;
  /** Null while there is nothing to save yet. */
  readonly save: Action | null;
  readonly notHelpful: Action;
  readonly faults: readonly string[];
};

/** The view of an answer. Everything the page says is worked out here; the template only prints. */
export function answerView(web: Web, standing: Standing, policyInAddress: string | undefined): AnswerModel {
  const { needs, config } = web;
  const { pack } = needs.policy();
  const { answer, stated } = standing;
  const permitted = isPermission(answer.verdict);
  const isOpen = !answer.settled && answer.verdict === 'get-guidance' && answer.ask === null;
  const words = isOpen ? openWords : verdictWords[answer.verdict];
  const organisation = organisationOf(pack, stated);
  const effect = effectOfGoAhead(needs.policy(), standing, answer.on, answer);
  const isClaimed = stated.get(pack.managersGuidance?.fact ?? '') === pack.managersGuidance?.goAhead;
  const tells = answer.settled && suggestsTelling(needs, answer);
  const item = (addition: Addition): Item => {
    const made = itemOf(pack, addition, stated, organisation);
    if (!tells || addition.id !== pack.managersGuidance?.tell) return made;
    return {
      ...made,
      links: [{ text: 'Tell them now', href: hrefOf('/line-manager/tell', stated) }, ...made.links],
    };
  };
  const befores = answer.conditions.filter(({ when, strength }) => when === 'before' && strength === 'must');
  const first = permitted ? befores.slice(0, 3) : [];
  const rest = answer.conditions.filter((condition) => !first.includes(condition));
  const [deciding, ...others] = answer.reasons;
  const steps = sortSteps(pack, answer);
  const address = hrefOf('/answer', stated, { policy: versionTag(answer.policy) });
  const help = permitted ? null : helpView(web, standing);
  // Where nothing could make it right, what would apply then is of no use to anybody.
  const isFinal = answer.verdict === 'not-allowed' && typeof help?.changes?.nothing === 'string';
  return {
    title: answer.headline,
    verdict: answer.verdict,
    label: words.label,
    tone: words.tone,
    back: { text: 'Back', href: lastQuestion(pack, standing) },
    policyLabel: pack.label,
    reason: deciding === undefined ? null : reasonModel(deciding),
    action: firstAction(pack, standing, organisation, { steps, help, effect }),
    datedText: datedText(answer),
    claims: claimsOf(pack, answer),
    confirm:
      isClaimed && effect.kind !== 'nothing'
        ? {
            text: 'Ask your line manager to put it on record',
            href: hrefOf('/answer/draft/line-manager', stated),
          }
        : null,
    isOpen:
      answer.next === null
        ? null
        : {
            text: 'Answer the remaining questions',
            href: hrefOf('/check', stated, { change: answer.next.question }),
          },
    changedPolicy: policyInAddress === undefined ? null : changeSince(policyInAddress, answer.policy),
    isPermission: permitted,
    ask:
      answer.ask === null
        ? null
        : {
            ...answer.ask,
            why: answer.reasons[0]?.because ?? '',
            links: contactLinks(answer.ask, answer.headline),
          },
    onlyLocalRules: answer.onlyLocalRules,
    findOut: findOutModel(answer, standing),
    first: first.map(item),
    nextSteps: byStrength(steps.now).map(item),
    onceAllowed: isFinal ? [] : steps.onceAllowed.map(item),
    groups: isFinal ? [] : groupsOf(rest, item),
    standing: answer.standing.map(item),
    help,
    otherReasons: others.map(reasonModel),
    given: givenRows(pack, standing),
    assumed: assumedRows(pack, standing),
    readings: readingsOf(pack, answer),
    reminders: hasReminders(answer)
      ? { text: 'Put the reminders in your calendar', href: hrefOf('/answer/reminders', stated) }
      : null,
    address,
    fullAddress: `${config.baseUrl}${address}`,
    again: { text: 'Check another tool', href: hrefOf('/', keptFacts(pack, stated)) },
    save: answer.settled ? { text: 'Save this answer', href: hrefOf('/receipts/new', stated) } : null,
    notHelpful: { text: 'This did not help', href: hrefOf('/did-not-help', stated) },
    faults: answer.faults.map(({ rule, detail }) => `${rule}: ${detail}`),
  };
}

function claimsOf(pack: Pack, { given }: Answer): string[] {
  return given.flatMap(({ fact: id, value, origin }) => {
    const fact = pack.facts.get(id);
    if (origin !== 'claimed' || fact === undefined || value === fact.default) return [];
    return [fact.values.find((one) => one.id === value)?.label ?? value];
  });
}

/** Links that reach a contact: email, telephone, page. */
export function contactLinks(contact: UsableContact, subject: string): Action[] {
  const links: Action[] = [];
  if (contact.email !== null)
    links.push({
      text: `Email ${contact.email}`,
      href: `mailto:${contact.email}?subject=${encodeURIComponent(subject)}`,
    });
  if (contact.telephone !== null)
    links.push({
      text: `Call ${contact.telephone}`,
      href: `tel:${contact.telephone.replaceAll(/[^0-9+]/g, '')}`,
    });
  if (contact.link !== null) links.push({ text: `Go to their page`, href: contact.link });
  return links;
}

function firstAction(
  pack: Pack,
  { answer, stated }: Standing,
  organisation: string | undefined,
  {
    steps,
    help,
    effect,
  }: { readonly steps: Steps; readonly help: HelpModel | null; readonly effect: GoAheadEffect },
): Action | null {
  switch (answer.verdict) {
    case 'allowed':
    case 'allowed-with-conditions': {
      const step = answer.nextSteps[0];
      if (step?.page !== undefined && step.strength !== 'good idea')
        return { text: step.text.replace(/\.$/, ''), href: `/guidance/${step.page}` };
      if (answer.conditions.some(({ when, strength }) => when === 'before' && strength === 'must'))
        return { text: 'See what you must do before you start', href: '#before' };
      if (answer.conditions.length > 0) return { text: 'See the conditions', href: '#conditions' };
      return { text: 'See what always applies', href: '#standing' };
    }
    case 'request-review':
      return answer.nextSteps.some(({ draft }) => draft === 'review-request')
        ? { text: 'Ask for a security review', href: hrefOf('/answer/draft/review-request', stated) }
        : linkOfStep(pack, steps.now, stated, organisation);
    case 'get-guidance': {
      if (answer.ask === null)
        return { text: 'Answer the remaining questions', href: hrefOf('/check', stated) };
      if (answer.findOut !== null) return { text: 'See what each answer would mean', href: '#find-out' };
      // Whom the headline names comes first; a line manager stands among the steps.
      if (answer.ask?.isOrganisation && answer.nextSteps.some(({ draft }) => draft === 'organisation'))
        return {
          text: `Ask ${answer.ask?.name ?? 'them'}`,
          href: hrefOf('/answer/draft/organisation', stated),
        };
      if (effect.kind !== 'nothing')
        return { text: 'Ask your line manager', href: hrefOf('/answer/draft/line-manager', stated) };
      if (answer.ask?.isPerson)
        return { text: `Write to ${answer.ask.phrase}`, href: hrefOf('/answer/draft/line-manager', stated) };
      const [link] = answer.ask === null ? [] : contactLinks(answer.ask, answer.headline);
      return link ?? null;
    }
    case 'not-allowed': {
      // What the rules that forbid it ask for, else what would make it right, else what to use instead.
      const isMust = ({ strength }: Addition) => strength === 'must';
      const change = help?.changes?.enough.find(({ note }) => note === null);
      const [contact] = contactLinks(usableContact(pack, pack.defaultContact, organisation), answer.headline);
      return (
        linkOfStep(pack, steps.deciding.filter(isMust), stated, organisation) ??
        (change === undefined ? null : { text: change.text, href: change.href }) ??
        (help !== null && help.instead.length > 0
          ? { text: 'See what you can use instead', href: '#instead' }
          : null) ??
        linkOfStep(pack, steps.deciding, stated, organisation) ??
        contact ??
        null
      );
    }
    default:
      return answer.verdict satisfies never;
  }
}

function linkOfStep(
  pack: Pack,
  steps: readonly Addition[],
  stated: ReadonlyMap<string, string>,
  organisation: string | undefined,
): Action | null {
  // Whoever has the topic comes before whoever takes any question.
  const isGeneral = ({ contact }: Addition) => Number(contact === pack.defaultContact);
  for (const step of byStrength(steps.toSorted((a, b) => isGeneral(a) - isGeneral(b)))) {
    const [link] = itemOf(pack, step, stated, organisation).links;
    if (link !== undefined) return { text: step.text.replace(/\.$/, ''), href: link.href };
  }
  return null;
}

function itemOf(
  pack: Pack,
  addition: Addition,
  stated: ReadonlyMap<string, string>,
  organisation: string | undefined,
): Item {
  const links: Action[] = [];
  if (addition.draft !== undefined)
    links.push({ text: 'Write it now', href: hrefOf(`/answer/draft/${addition.draft}`, stated) });
  if (addition.contact !== undefined && addition.draft === undefined)
    links.push(...contactLinks(usableContact(pack, addition.contact, organisation), addition.text));
  if (addition.tool !== undefined)
    links.push({
      text: `Check ${pack.tools.get(addition.tool)?.name ?? addition.tool}`,
      href: hrefOf('/check', new Map([...meanwhileFacts(pack, stated), ['tool', addition.tool]])),
    });
  if (addition.page !== undefined && pack.guidancePages.has(addition.page))
    links.push({
      text: pack.guidancePages.get(addition.page)?.title ?? 'Read more',
      href: `/guidance/${addition.page}`,
    });
  return {
    id: addition.id,
    text: addition.text,
    strength: addition.strength,
    links,
    citations: citationModels(addition.citations),
  };
}

function meanwhileFacts(pack: Pack, stated: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...factsAboutUse(pack, stated)].filter(([fact]) => !pack.meanwhile.sets.has(fact)));
}

function groupsOf(
  conditions: readonly Addition[],
  item: (addition: Addition) => Item,
): AnswerModel['groups'] {
  const titles = { before: 'Before you start', while: 'While you use it', after: 'When you finish' } as const;
  return (['before', 'while', 'after'] as const).flatMap((when) => {
    const items = byStrength(conditions.filter((condition) => condition.when === when)).map(item);
    return items.length === 0 ? [] : [{ title: titles[when], items }];
  });
}

function byStrength(additions: readonly Addition[]): Addition[] {
  return additions.toSorted((a, b) => strengths.indexOf(a.strength) - strengths.indexOf(b.strength));
}

function reasonModel({ because, citations }: Reason): ReasonModel {
  return { because, citations: citationModels(citations) };
}

// Clauses of one section stand together: the section is what people look up, the clause what an auditor does.
// Rules and conditions always bring the same ones, so these are arranged once.
const arrangedCitations = new WeakMap<readonly Citation[], readonly CitationModel[]>();
function citationModels(citations: readonly Citation[]): readonly CitationModel[] {
  const known = arrangedCitations.get(citations);
  if (known !== undefined) return known;
  const made = arrangeCitations(citations);
  arrangedCitations.set(citations, made);
  return made;
}

function arrangeCitations(citations: readonly Citation[]): CitationModel[] {
  const sections = new Map<string, { id: string; href: string }[]>();
  for (const { clause, document, section, dated } of citations) {
    const text = `${document}, ${section} (${dated})`;
    const held = sections.get(text) ?? [];
    held.push({ id: clause, href: `/statements#${clause}` });
    sections.set(text, held);
  }
  return [...sections].map(([text, clauses]) => ({ text, clauses }));
}

function datedText(answer: Answer): string {
  const [citation] = answer.reasons[0]?.citations ?? [];
  const today = `Answer of ${dayInWords(answer.on)}`;
  return citation === undefined ? today : `${today}, from ${citation.document} (${citation.dated})`;
}

function findOutModel(answer: Answer, { stated }: Standing): AnswerModel['findOut'] {
  if (answer.findOut === null) return null;
  const { fact, label, outcomes } = answer.findOut;
  const rows = outcomes.map(({ value, label: name, verdict }) => ({
    label: name,
    verdict: verdictWords[verdict].label,
    href: hrefOf('/check', new Map([...stated, [fact, value]])),
  }));
  return { label, rows };
}

function lastQuestion(pack: Pack, { stated }: Standing): string {
  const answered = pack.pages.filter(({ questions }) =>
    questions.some(({ facts }) =>
      facts.some((fact) => stated.has(fact) && pack.facts.get(fact)?.valuesFrom !== 'tools'),
    ),
  );
  const last = answered.at(-1);
  return last === undefined ? hrefOf('/', stated) : hrefOf(`/check/${last.id}`, stated);
}

function givenRows(pack: Pack, { answer, stated, match }: Standing): Row[] {
  return answer.given.flatMap(({ fact: id, value, origin }) => {
    const fact = pack.facts.get(id);
    if (fact === undefined || (origin !== 'asked' && origin !== 'claimed')) return [];
    const text =
      fact.valuesFrom === 'tools'
        ? (match?.name ?? value)
        : (fact.values.find((one) => one.id === value)?.label ?? value);
    const page = pack.pages.find(({ questions }) => questions.some(({ facts }) => facts.includes(id)));
    const href =
      fact.valuesFrom === 'tools'
        ? hrefOf('/', stated)
        : page === undefined
          ? hrefOf(`/check/assumed/${id}`, stated)
          : hrefOf(`/check/${page.id}`, stated);
    return [
      {
        label: fact.label,
        value: text,
        ...(origin === 'claimed' ? { note: 'you told us' } : {}),
        change: { text: 'Change', href },
      },
    ];
  });
}

function assumedRows(pack: Pack, { answer, stated }: Standing): Row[] {
  return answer.assumptions.flatMap(({ fact: id, value }) => {
    const fact = pack.facts.get(id);
    if (fact === undefined) return [];
    const text = fact.values.find((one) => one.id === value)?.label ?? 'None';
    return [
      {
        label: fact.label,
        value: text,
        change: { text: 'Change', href: hrefOf(`/check/assumed/${id}`, stated) },
      },
    ];
  });
}

function readingsOf(pack: Pack, answer: Answer): AnswerModel['readings'] {
  const applied = new Set(answer.reasons.map(({ rule }) => rule));
  return pack.readings
    .filter(({ shownWith }) => shownWith.some((rule) => applied.has(rule)))
    .map(({ question, reading, literal, setOn }) => ({
      question,
      text:
        reading === null
          ? literal
          : `${reading}${setOn === undefined ? '' : ` (set on ${dayInWords(setOn)})`}`,
    }));
}
