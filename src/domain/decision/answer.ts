import type { MatchedBy, ToolMatch } from '../catalogue/find-tool.ts';
import { organisationContact, type UsableContact, usableContact } from '../policy/contacts.ts';
import type { Condition, ConditionTime, Fact, Pack, Rule, Strength } from '../policy/pack.ts';
import { type Day, dayInWords } from '../shared/day.ts';
import { isPermission, severityOf, type Verdict } from '../shared/verdict.ts';
import { uniteAdditions } from './additions.ts';
import { findAssumptions, unknownFactsOf } from './assumptions.ts';
import { numbersIn, setBit } from './bit-set.ts';
import { type Evaluation, evaluate, type FactOrigin, reevaluate, type Situation } from './evaluate.ts';
import type { FactProblem } from './fact-problem.ts';
import { fittingOptions, missingFacts, type NextQuestion, nextQuestion } from './next-question.ts';
import { findOutcome, type Outcome } from './outcome.ts';
import type { StatedFacts } from './parse-facts.ts';
import type { Policy } from './policy.ts';
import { effectOf, type QuestionEffect } from './question-effect.ts';
import type { Table, TableFact } from './table.ts';

/** A pointer to a clause of a document. `dated` is when the document was written, in words where it is undated. */
export type Citation = {
  readonly clause: string;
  readonly document: string;
  readonly section: string;
  readonly dated: string;
};

/** A rule that applies, or `no-rule-permits`, with its sentence for the asker. */
export type Reason = {
  readonly rule: string;
  readonly title: string;
  readonly verdict: Verdict | null;
  readonly because: string;
  readonly citations: readonly Citation[];
};

/** Something an answer asks for: a condition, a next step or a standing duty. */
export type Addition = {
  readonly id: string;
  readonly text: string;
  readonly when: ConditionTime;
  readonly strength: Strength;
  readonly contact?: string;
  readonly page?: string;
  readonly tool?: string;
  readonly draft?: NonNullable<Condition['draft']>;
  readonly reminder?: NonNullable<Condition['reminder']>;
  readonly citations: readonly Citation[];
};

/** The next question to ask: the page it stands on, the facts it sets, and why it is asked. */
export type AnswerNext = {
  readonly question: string;
  readonly facts: readonly string[];
  readonly fact: string;
  readonly text: string;
  readonly why: string;
  /** What the answer to it can still change. */
  readonly effect: QuestionEffect | null;
  readonly options: readonly {
    readonly label: string;
    readonly hint?: string;
    readonly sets: Readonly<Record<string, string>>;
  }[];
};

/** For an answer that hangs on one `I don’t know`: what it would be for each value. */
export type FindOut = {
  readonly fact: string;
  readonly label: string;
  readonly outcomes: readonly { readonly value: string; readonly label: string; readonly verdict: Verdict }[];
};

/** A fact that is known, with where it comes from. */
export type Given = { readonly fact: string; readonly value: string; readonly origin: FactOrigin };

/** The explanation of a decision: plain data, the same for every surface. Values of facts are text. */
export type Answer = {
  readonly verdict: Verdict;
  readonly settled: boolean;
  readonly complete: boolean;
  readonly best: Verdict;
  readonly worst: Verdict;
  readonly headline: string;
  readonly tool: {
    readonly id: string | null;
    readonly name: string | null;
    readonly listed: boolean;
    readonly matchedBy: MatchedBy | null;
  };
  readonly given: readonly Given[];
  readonly ignored: readonly string[];
  readonly reasons: readonly Reason[];
  readonly conditions: readonly Addition[];
  readonly nextSteps: readonly Addition[];
  readonly standing: readonly Addition[];
  readonly assumptions: readonly { readonly fact: string; readonly value: string }[];
  readonly missing: readonly string[];
  readonly next: AnswerNext | null;
  readonly faults: readonly { readonly rule: string; readonly detail: string }[];
  /** Whom to ask, where the verdict is `get-guidance`. */
  readonly ask: UsableContact | null;
  readonly findOut: FindOut | null;
  /** Where only rules of the asker's organisation that are not held stand in the way: nothing else does. */
  readonly onlyLocalRules: boolean;
  readonly policy: { readonly id: string; readonly label: string; readonly hash: string };
  readonly on: Day;
};

/** Named as the reason where no rule permits what is asked about. */
export const noRulePermits = 'no-rule-permits';

export type Answered =
  | { readonly ok: true; readonly answer: Answer; readonly nextQuestion: NextQuestion | null }
  | { readonly ok: false; readonly problems: readonly FactProblem[] };

/**
 * Answers a situation under a policy on a day: the verdict with every reason, condition and next step, what was assumed, and
 * what to ask next. `recorded` is what is on record for this very question (`Situation`). A function of its arguments alone: same arguments, same answer.
 */
export function answerSituation(
  policy: Policy,
  stated: ReadonlyMap<string, string>,
  match: ToolMatch | undefined,
  on: Day,
  recorded?: StatedFacts,
): Answered {
  const { pack } = policy;
  const table = policy.tableOn(on);
  const situation: Situation = { stated, tool: match === undefined ? undefined : match.tool, recorded };
  const evaluation = evaluate(table, pack, situation);
  if (evaluation.problems.length > 0) return { ok: false, problems: evaluation.problems };
  const outcome = findOutcome(table, evaluation);
  const words = wordsOf(policy, table);
  const next = nextQuestion(table, pack, situation, evaluation, outcome);
  const severity = severityOf(outcome.verdict);
  const deciding = outcome.rules.filter((rule) => table.severities[rule] === severity);
  const findOut =
    outcome.verdict === 'get-guidance' && outcome.settled
      ? findUnknown(policy, table, situation, evaluation, deciding)
      : null;
  // An answer that is only open, with no rule behind it yet, sends nobody to anybody.
  const isOpen = !outcome.settled && deciding.length === 0;
  const ask = outcome.verdict === 'get-guidance' && !isOpen ? whomToAsk(pack, table, deciding, stated) : null;
  const additions = additionsOf(words, table, outcome);
  const faults = faultsOf(table, outcome);
  const answer: Answer = {
    verdict: outcome.verdict,
    settled: outcome.settled,
    complete: outcome.complete,
    best: outcome.best,
    worst: outcome.worst,
    headline: headlineOf(
      words,
      policy,
      table,
      outcome,
      stated,
      match,
      isOpen
        ? 'open'
        : findOut !== null
          ? 'find-out'
          : isToWait(outcome, additions.nextSteps)
            ? 'wait'
            : null,
      ask,
    ),
    tool: {
      id: match?.tool?.id ?? null,
      name: match?.name ?? null,
      listed: match?.tool?.listed !== undefined,
      matchedBy: match?.matchedBy ?? null,
    },
    given: givenOf(words, table, evaluation, stated),
    ignored: evaluation.ignored,
    reasons: reasonsOf(words, policy, table, outcome, match),
    conditions: additions.conditions,
    nextSteps: additions.nextSteps,
    standing: words.standing,
    assumptions: findAssumptions(table, pack, situation, evaluation, outcome),
    missing: outcome.undecided.length === 0 ? [] : missingFacts(table, evaluation, outcome.undecided),
    next: next === null ? null : nextOf(next, table, pack, situation, evaluation),
    faults,
    ask,
    findOut,
    onlyLocalRules:
      outcome.isPermitted &&
      deciding.length > 0 &&
      deciding.every((rule) => (table.rules[rule] as Rule).ask === organisationContact) &&
      outcome.verdict === 'get-guidance',
    policy: words.policy,
    on,
  };
  return { ok: true, answer, nextQuestion: next };
}

function faultsOf(table: Table, { rules }: Outcome): { rule: string; detail: string }[] {
  const found: { rule: string; detail: string }[] = [];
  for (const number of rules) {
    const { id, faults } = table.rules[number] as Rule;
    for (const detail of faults) found.push({ rule: id, detail });
  }
  return found;
}

function nextOf(
  next: NextQuestion,
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
): AnswerNext {
  const [first] = next.questions;
  return {
    question: next.page.id,
    facts: next.facts,
    fact: next.facts[0] ?? '',
    text: first?.text ?? next.page.title,
    why: first?.why ?? '',
    effect: first === undefined ? null : effectOf(table, pack, situation, first),
    options:
      first === undefined
        ? []
        : fittingOptions(table, pack, situation, evaluation, first).map(({ label, hint, sets }) => ({
            label,
            ...(hint === undefined ? {} : { hint }),
            sets: Object.fromEntries(sets),
          })),
  };
}

// What the surfaces print of rules and conditions never changes under one policy, so it is made once.
type Words = {
  readonly policy: Answer['policy'];
  readonly reasons: readonly Reason[];
  readonly toolReasons: Map<string, Reason>;
  /** For each fact what was last given of it, by the number of its value: most questions say the same of most facts. */
  readonly givens: readonly (Given | undefined)[][];
  readonly additions: readonly { readonly kind: Condition['kind']; readonly addition: Addition }[];
  readonly standing: readonly Addition[];
  /** By their template and what somebody wants to do, both of which the pack holds. */
  readonly headlines: Map<string, Map<string, readonly string[]>>;
  readonly silence: Reason;
  readonly silenceSteps: readonly number[];
};

const wordsOfTable = new WeakMap<Table, Words>();

function wordsOf(policy: Policy, table: Table): Words {
  const known = wordsOfTable.get(table);
  if (known !== undefined) return known;
  const { pack } = policy;
  const additions = table.additions.map((id) => {
    const condition = pack.conditions.get(id) as Condition;
    return { kind: condition.kind, addition: additionOf(pack, condition) };
  });
  const made: Words = {
    policy: { id: pack.id, label: pack.label, hash: policy.hash },
    reasons: table.rules.map((rule) => reasonOf(pack, rule, rule.cites)),
    toolReasons: new Map(),
    givens: table.facts.map(({ values }) => values.map(() => undefined)),
    additions,
    standing: additions.filter(({ kind }) => kind === 'standing').map(({ addition }) => addition),
    headlines: new Map(),
    silence: silenceOf(pack),
    silenceSteps: pack.silence.adds.flatMap((id) => {
      const place = table.additions.indexOf(id);
      return place < 0 ? [] : [place];
    }),
  };
  wordsOfTable.set(table, made);
  return made;
}

/** The reason where no rule permits what is asked about. */
export function silenceOf(pack: Pack): Reason {
  return {
    rule: noRulePermits,
    title: 'No rule permits this',
    verdict: 'get-guidance',
    because: pack.silence.because,
    citations: citationsOf(pack, pack.silence.cites),
  };
}

/** Citations of clauses as readers see them. Unknown clauses are left out; `policy check` reports them. */
export function citationsOf(pack: Pack, clauses: readonly string[]): Citation[] {
  return clauses.flatMap((id) => {
    const clause = pack.clauses.get(id);
    if (clause === undefined) return [];
    const document = pack.documents.get(clause.document);
    return [
      {
        clause: id,
        document: document?.title ?? clause.document,
        section: clause.section,
        dated: document?.datedText ?? '',
      },
    ];
  });
}

/** A condition as the surfaces show it. */
export function additionOf(pack: Pack, condition: Condition): Addition {
  const { id, text, when, strength, contact, page, tool, draft, reminder } = condition;
  return {
    id,
    text,
    when,
    strength,
    ...(contact === undefined ? {} : { contact }),
    ...(page === undefined ? {} : { page }),
    ...(tool === undefined ? {} : { tool }),
    ...(draft === undefined ? {} : { draft }),
    ...(reminder === undefined ? {} : { reminder }),
    citations: citationsOf(pack, condition.cites),
  };
}

function reasonOf(pack: Pack, rule: Rule, cites: readonly string[]): Reason {
  return {
    rule: rule.id,
    title: rule.title,
    verdict: rule.verdict,
    because: rule.because,
    citations: citationsOf(pack, cites),
  };
}

function reasonsOf(
  words: Words,
  policy: Policy,
  table: Table,
  outcome: Outcome,
  match: ToolMatch | undefined,
): Reason[] {
  const reasons: Reason[] = isSilent(table, outcome) ? [words.silence] : [];
  for (const number of outcome.rules) {
    const rule = table.rules[number] as Rule;
    const listed = match?.tool?.listed;
    if (!rule.citesTool || listed === undefined) {
      reasons.push(words.reasons[number] as Reason);
      continue;
    }
    const key = `${rule.id} ${match?.tool?.id}`;
    let reason = words.toolReasons.get(key);
    if (reason === undefined) {
      reason = reasonOf(policy.pack, rule, [...rule.cites, ...listed.cites]);
      words.toolReasons.set(key, reason);
    }
    reasons.push(reason);
  }
  return reasons;
}

function isSilent(table: Table, outcome: Outcome): boolean {
  if (!outcome.settled || outcome.verdict !== 'get-guidance') return false;
  const guidance = severityOf('get-guidance');
  return !outcome.rules.some((rule) => table.severities[rule] === guidance);
}

function additionsOf(
  words: Words,
  table: Table,
  outcome: Outcome,
): { conditions: Addition[]; nextSteps: Addition[] } {
  const { additionWords } = table;
  if (present.length < additionWords) present = new Int32Array(additionWords);
  uniteAdditions(table, outcome.rules, present);
  if (isSilent(table, outcome)) for (const number of words.silenceSteps) setBit(present, 0, number);
  const conditions: Addition[] = [];
  const nextSteps: Addition[] = [];
  for (const number of numbersIn(present, additionWords)) {
    const { kind, addition } = words.additions[number] as Words['additions'][number];
    if (kind === 'condition') conditions.push(addition);
    else if (kind === 'next-step') nextSteps.push(addition);
  }
  return { conditions, nextSteps };
}

// One set for all calls: it is used up before the next.
let present = new Int32Array(8);

function givenOf(
  words: Words,
  table: Table,
  evaluation: Evaluation,
  stated: ReadonlyMap<string, string>,
): Given[] {
  const given: Given[] = [];
  for (let index = 0; index < table.facts.length; index++) {
    const origin = evaluation.origins[index];
    if (origin === null || origin === undefined) continue;
    const { fact, naBit, values } = table.facts[index] as TableFact;
    const bits = evaluation.possible[index] as number;
    if (bits === naBit) continue;
    // Several: stated, and the fact may not apply. And what was typed as the name of a tool is none of its values.
    const number =
      (bits & (bits - 1)) === 0 && fact.valuesFrom !== 'tools' ? 31 - Math.clz32(bits) : noNumber;
    const value = number === noNumber ? stated.get(fact.id) : values[number];
    if (value !== undefined) given.push(oneGiven(words, index, number, fact.id, value, origin));
  }
  return given;
}

function oneGiven(
  { givens }: Words,
  index: number,
  number: number,
  fact: string,
  value: string,
  origin: FactOrigin,
): Given {
  const known = number === noNumber ? undefined : givens[index]?.[number];
  if (known?.origin === origin) return known;
  const made: Given = { fact, value, origin };
  const ofFact = givens[index];
  if (ofFact !== undefined && number !== noNumber) ofFact[number] = made;
  return made;
}

const noNumber = -1;

// A manager is named only where every deciding rule leaves it to the manager; otherwise the team that can settle it.
function whomToAsk(
  pack: Pack,
  table: Table,
  deciding: readonly number[],
  stated: ReadonlyMap<string, string>,
): UsableContact {
  const asks = deciding.map((rule) => (table.rules[rule] as Rule).ask ?? pack.defaultContact);
  const wanted =
    asks.find((id) => pack.contacts.get(id)?.isPerson !== true) ?? asks[0] ?? pack.defaultContact;
  return usableContact(pack, wanted, organisationOf(pack, stated));
}

/** The organisation that is stated, whatever the fact is called in this pack. */
export function organisationOf(pack: Pack, stated: ReadonlyMap<string, string>): string | undefined {
  for (const fact of pack.facts.values()) if (fact.valuesFrom === 'organisations') return stated.get(fact.id);
  return undefined;
}

function findUnknown(
  policy: Policy,
  table: Table,
  situation: Situation,
  evaluation: Evaluation,
  deciding: readonly number[],
): FindOut | null {
  if (deciding.length === 0) return null;
  const unknown = new Set<string>();
  for (const rule of deciding) {
    const facts = unknownFactsOf(table, policy.pack, rule, situation, evaluation);
    if (facts.length === 0) return null;
    for (const fact of facts) unknown.add(fact);
  }
  const [only] = unknown;
  const fact = policy.pack.facts.get(only ?? '');
  if (unknown.size !== 1 || fact === undefined) return null;
  return {
    fact: fact.id,
    label: fact.label,
    outcomes: outcomesFor(policy, table, situation, evaluation, fact),
  };
}

function outcomesFor(
  { pack }: Policy,
  table: Table,
  situation: Situation,
  evaluation: Evaluation,
  fact: Fact,
): FindOut['outcomes'] {
  const entry = table.facts[table.factNumber.get(fact.id) ?? -1] as TableFact;
  return fact.values.flatMap(({ id, label }) => {
    if (id === 'unknown' || pack.organisations.get(id)?.isUnknown) return [];
    const { possible, problems } = reevaluate(table, pack, situation, evaluation, entry, id);
    if (problems.length > 0) return [];
    return [{ value: id, label, verdict: findOutcome(table, { possible }).best }];
  });
}

// Where a review has been asked for, or refused, asking for one is not what to do.
function isToWait({ verdict }: Outcome, nextSteps: readonly Addition[]): boolean {
  return verdict === 'request-review' && !nextSteps.some(({ draft }) => draft === 'review-request');
}

function headlineOf(
  words: Words,
  policy: Policy,
  table: Table,
  outcome: Outcome,
  stated: ReadonlyMap<string, string>,
  match: ToolMatch | undefined,
  special: 'open' | 'find-out' | 'wait' | null,
  ask: UsableContact | null,
): string {
  const { pack } = policy;
  const { verdict, rules } = outcome;
  const isAboutUse = match !== undefined || stated.size > 1;
  const asking = isAboutUse ? 'ask' : 'help';
  const key = special ?? (verdict === 'get-guidance' ? asking : verdict);
  const template = pack.headlines.get(key) ?? pack.headlines.get(verdict) ?? verdict;
  const tool = match?.tool?.phrase ?? match?.name ?? 'it';
  const contact = ask?.phrase ?? '';
  let filled = '';
  for (const part of partsOf(words, template, phraseOf(pack, stated)))
    filled += part === '{tool}' ? tool : part === '{contact}' ? contact : part;
  const text = `${filled.charAt(0).toUpperCase()}${filled.slice(1)}`;
  const dated = match?.tool?.listed?.on;
  const isDatedPermission =
    isPermission(verdict) &&
    dated !== undefined &&
    rules.some((rule) => (table.rules[rule] as Rule).citesTool);
  return isDatedPermission ? `${text} (${pack.datedText.replace('{date}', dayInWords(dated ?? ''))})` : text;
}

// What somebody wants to do, in words: the phrase of the first stated value that has one.
function phraseOf(pack: Pack, stated: ReadonlyMap<string, string>): string {
  const phrases = phrasesOf(pack);
  for (const [id, value] of stated) {
    const phrase = phrases.get(id)?.get(value);
    if (phrase !== undefined) return phrase;
  }
  return pack.useText;
}

const phrasesOfPack = new WeakMap<Pack, ReadonlyMap<string, ReadonlyMap<string, string>>>();
function phrasesOf(pack: Pack): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const known = phrasesOfPack.get(pack);
  if (known !== undefined) return known;
  const made = new Map<string, ReadonlyMap<string, string>>();
  for (const { id, values } of pack.facts.values()) {
    const phrases = values.flatMap((value) =>
      value.phrase === undefined ? [] : [[value.id, value.phrase] as const],
    );
    if (phrases.length > 0) made.set(id, new Map(phrases));
  }
  phrasesOfPack.set(pack, made);
  return made;
}

// A headline for a use, cut where the tool and the contact go. Not `replace`, for which a `$` in the name of a tool has a meaning.
function partsOf({ headlines }: Words, template: string, use: string): readonly string[] {
  const ofTemplate = headlines.get(template) ?? new Map<string, readonly string[]>();
  headlines.set(template, ofTemplate);
  const known = ofTemplate.get(use);
  if (known !== undefined) return known;
  const made = template
    .split('{use}')
    .join(use)
    .split(/(\{tool\}|\{contact\})/);
  ofTemplate.set(use, made);
  return made;
}
