import type { Option, Pack, Question, QuestionPage } from '../policy/pack.ts';
import {
  firstOfTheBest,
  type Gains,
  gainsOf,
  leastGain,
  type OpenMatter,
  type PageToRank,
} from '../proof/rank-questions.ts';
import { isPermission, severityOf } from '../shared/verdict.ts';
import { anyHolds, type Evaluation, evaluate, type Situation } from './evaluate.ts';
import { addsSomething, findOutcome, type Outcome } from './outcome.ts';
import type { CompiledWhen, Table, TableFact } from './table.ts';

/** The page to show next and those of its questions that can still change the answer. */
export type NextQuestion = {
  readonly page: QuestionPage;
  readonly questions: readonly Question[];
  /** The unstated facts that these questions set and that can still matter, in their order. */
  readonly facts: readonly string[];
};

/** Asked facts that are not stated and that some undecided rule waits for, in the order of the pack. */
export function missingFacts(table: Table, evaluation: Evaluation, rules: readonly number[]): string[] {
  const waiting = new Set<number>();
  for (const rule of rules) {
    for (const { fact, bits } of table.tests[rule] as CompiledWhen) {
      const now = evaluation.possible[fact] as number;
      if ((now & bits) !== 0 && (now & ~bits) !== 0) addRoots(table, evaluation, fact, waiting);
    }
  }
  return table.facts.filter(({ index }) => waiting.has(index)).map(({ fact }) => fact.id);
}

/**
 * The page to ask next, or null where nothing more needs asking: the verdict is settled and either stops the asker or nothing can
 * be added to what it takes. Of the pages that can still matter it is one that was begun, or else the one that is expected to tell
 * most; where several tell about as much, and where nothing can be said about that, the first of them. A question whose answer
 * cannot matter is never asked.
 */
export function nextQuestion(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
  outcome: Outcome,
): NextQuestion | null {
  const relevant = relevantRules(table, outcome);
  if (relevant.length === 0) return null;
  const aboutUnknownTool = situation.tool === null ? findKindQuestion(pack, situation) : null;
  if (aboutUnknownTool !== null) return aboutUnknownTool;
  const pages = openPages(pack, new Set(missingFacts(table, evaluation, relevant)));
  const [first] = pages;
  if (first === undefined) return null;
  // Everything hangs on the tool, so nothing is ranked before it is known.
  if (pages.length === 1 || situation.tool === undefined) return first;
  return mostTelling(table, pack, situation, evaluation, outcome, relevant, pages);
}

/** The pages with a question that sets one of the missing facts, in authored order. */
export function openPages(pack: Pack, missing: ReadonlySet<string>): NextQuestion[] {
  return pack.pages.flatMap((page) => {
    const questions = page.questions.filter((question) => question.facts.some((fact) => missing.has(fact)));
    const facts = questions.flatMap((question) => question.facts.filter((fact) => missing.has(fact)));
    return questions.length === 0 ? [] : [{ page, questions, facts }];
  });
}

function mostTelling(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
  outcome: Outcome,
  relevant: readonly number[],
  pages: readonly NextQuestion[],
): NextQuestion {
  const first = pages[0] as NextQuestion;
  // What has been begun is finished first: nobody likes to be sent to and fro.
  const begun = pages.find(({ page }) => isBegun(pack, situation, evaluation, page));
  if (begun !== undefined) return begun;
  const toRank = pages.map((page) => toBeRanked(table, pack, situation, page));
  const gains = (open: OpenMatter): Gains | null => gainsOf(table, pack, situation, evaluation, toRank, open);
  const ofVerdict = outcome.settled ? null : gains({ kind: 'verdict' });
  if (ofVerdict !== null && Math.max(...ofVerdict.bits) > leastGain)
    return pages[firstOfTheBest(ofVerdict)] ?? first;
  if (!isPermission(outcome.best)) return first;
  const applying = new Set(outcome.rules.flatMap((rule) => table.adds[rule] as readonly number[]));
  const additions = relevant.flatMap((rule) => table.adds[rule] as readonly number[]);
  const ofAdditions = gains({
    kind: 'additions',
    additions: additions.filter((addition) => !applying.has(addition)),
  });
  return ofAdditions === null ? first : (pages[firstOfTheBest(ofAdditions)] ?? first);
}

function isBegun(
  pack: Pack,
  { stated }: Situation,
  { ignored }: Evaluation,
  { questions }: QuestionPage,
): boolean {
  return questions.some(({ facts }) =>
    facts.some(
      (fact) => pack.facts.get(fact)?.origin === 'asked' && stated.has(fact) && !ignored.includes(fact),
    ),
  );
}

// A question may set facts beside the missing ones, which nobody would otherwise be asked about.
function toBeRanked(table: Table, pack: Pack, { stated }: Situation, page: NextQuestion): PageToRank {
  const numberOf = (fact: string): number => table.factNumber.get(fact) ?? -1;
  const beside = page.questions
    .flatMap(({ facts }) => facts)
    .filter((id) => pack.facts.get(id)?.origin === 'assumed' && pack.priors?.of.has(id) && !stated.has(id));
  return { facts: page.facts.map(numberOf), beside: beside.map(numberOf) };
}

// Of a name that the catalogue does not know, the first question is what kind of thing it is.
function findKindQuestion(pack: Pack, { stated }: Situation): NextQuestion | null {
  for (const page of pack.pages) {
    const questions = page.questions.filter((question) => isAboutUnknownTools(pack, question));
    const facts = questions.flatMap((question) => question.facts.filter((fact) => !stated.has(fact)));
    if (facts.length > 0) return { page, questions, facts };
  }
  return null;
}

/** Whether a question asks what the catalogue would say, which only a tool outside it leaves open. */
export function isAboutUnknownTools(pack: Pack, question: Question): boolean {
  return question.facts.some((fact) => pack.facts.get(fact)?.origin === 'catalogue');
}

/** The undecided rules that can still change the verdict or, where the answer is a yes, what it takes. */
export function relevantRules(table: Table, outcome: Outcome): number[] {
  const { settled, verdict, undecided, rules, best } = outcome;
  if (settled) {
    if (!isPermission(verdict)) return [];
    return undecided.filter((rule) => addsSomething(table, rule, rules));
  }
  const certain = Math.max(-1, ...rules.map((rule) => table.severities[rule] as number));
  // Where nothing can permit any more, what only asks for as much changes nothing.
  const floor = isPermission(best) ? certain : Math.max(certain, severityOf(best));
  const guidance = severityOf('get-guidance');
  return undecided.filter((rule) => {
    const severity = table.severities[rule] as number;
    if (severity > floor) return true;
    if (severity >= 0 && severity < guidance && !outcome.isPermitted && floor < guidance) return true;
    return isPermission(best) && addsSomething(table, rule, rules);
  });
}

// What has to be asked before a fact is known: itself, or what its value or applicability hangs on.
function addRoots(table: Table, evaluation: Evaluation, index: number, into: Set<number>): void {
  if (into.has(index)) return;
  const entry = table.facts[index] as TableFact;
  const applies = anyHolds(entry.applies, evaluation.possible);
  if (applies === 1) {
    addRootsOf(table, evaluation, entry.applies, into);
    return;
  }
  if (evaluation.origins[index] !== null) {
    // A register fact or a derived one may be open while what it hangs on is.
    for (const { when } of entry.table) addRootsOf(table, evaluation, [when], into);
    const holders = evaluation.possible[table.factNumber.get(entry.fact.follows ?? '') ?? -1] ?? 0;
    for (const { when, holder } of entry.records)
      if ((holders & holder) !== 0) addRootsOf(table, evaluation, [when], into);
    return;
  }
  if (entry.fact.follows !== undefined) {
    addRoots(table, evaluation, table.factNumber.get(entry.fact.follows) ?? index, into);
    return;
  }
  if (entry.fact.origin === 'asked') {
    const asked = anyHolds(entry.askedWhen, evaluation.possible);
    if (asked === 2) into.add(index);
    else if (asked === 1) addRootsOf(table, evaluation, entry.askedWhen, into);
    return;
  }
  // Nothing is known of the tool yet, so its kind is open.
  if (entry.fact.origin === 'catalogue')
    addRoots(table, evaluation, table.factNumber.get('tool') ?? index, into);
}

function addRootsOf(
  table: Table,
  evaluation: Evaluation,
  whens: readonly CompiledWhen[],
  into: Set<number>,
): void {
  for (const when of whens) {
    for (const { fact, bits } of when) {
      const now = evaluation.possible[fact] as number;
      if ((now & ~bits) !== 0 && (now & bits) !== 0) addRoots(table, evaluation, fact, into);
    }
  }
}

/** A question as it is shown: with the options that fit what is known, most usual first, and the chosen one if any. */
export type ShownQuestion = {
  readonly question: Question;
  readonly options: readonly Option[];
  readonly chosen: Option | null;
};

/**
 * The questions of one page that can still matter, given everything stated on other pages. A question that was answered stays
 * on its page, so that it can be changed even where it no longer matters.
 */
export function questionsOnPage(
  table: Table,
  pack: Pack,
  situation: Situation,
  page: QuestionPage,
): ShownQuestion[] {
  const own = new Set(page.questions.flatMap(({ facts }) => facts));
  const others = new Map([...situation.stated].filter(([fact]) => !own.has(fact)));
  const evaluation = evaluate(table, pack, { ...situation, stated: others });
  const full = evaluate(table, pack, situation);
  // One question of a page may open another one on it.
  const missing = new Set([...stillMissing(table, evaluation), ...stillMissing(table, full)]);
  return page.questions.flatMap((question) => {
    const isStated = question.facts.some(
      (fact) => situation.stated.has(fact) && !full.ignored.includes(fact),
    );
    const isAboutUnknownTool =
      situation.tool === null && question.facts.some((fact) => pack.facts.get(fact)?.origin === 'catalogue');
    if (!isStated && !isAboutUnknownTool && !question.facts.some((fact) => missing.has(fact))) return [];
    const options = fittingOptions(table, pack, situation, evaluation, question);
    const chosen =
      options.find(({ sets }) =>
        [...sets].every(
          ([fact, value]) => (situation.stated.get(fact) ?? pack.facts.get(fact)?.default) === value,
        ),
      ) ?? null;
    return [{ question, options, chosen: isStated ? chosen : null }];
  });
}

function stillMissing(table: Table, evaluation: Evaluation): string[] {
  return missingFacts(table, evaluation, relevantRules(table, findOutcome(table, evaluation)));
}

/** The options of a question that fit what is known of the tool, most usual first. */
export function fittingOptions(
  table: Table,
  pack: Pack,
  situation: Situation,
  evaluation: Evaluation,
  question: Question,
): Option[] {
  const all = optionsOf(question, pack);
  const first = table.facts[table.factNumber.get(question.facts[0] ?? '') ?? -1];
  if (first === undefined) return [...all];
  const possible = evaluation.possible[first.index] as number;
  const valueIn = ({ sets }: Option): string => sets.get(first.fact.id) ?? '';
  const fitting = all.filter((option) => {
    const bit = 1 << (first.numberOf.get(valueIn(option)) ?? 31);
    return (possible & bit) !== 0 || (possible & first.allBits) === 0 || first.fact.origin !== 'asked';
  });
  const usual = situation.tool?.fits.get(first.fact.id);
  if (usual === undefined) return fitting;
  return fitting.sort((a, b) => usual.indexOf(valueIn(a)) - usual.indexOf(valueIn(b)));
}

/** The options of a question: its own, or the values of its one fact. */
export function optionsOf(question: Pick<Question, 'options' | 'facts'>, pack: Pack): readonly Option[] {
  if (question.options.length > 0) return question.options;
  const fact = pack.facts.get(question.facts[0] ?? '');
  if (fact === undefined || fact.valuesFrom === 'tools') return [];
  return fact.values.map(({ id, label, hint }) => ({
    label,
    ...(hint === undefined ? {} : { hint }),
    sets: new Map([[fact.id, id]]),
  }));
}
