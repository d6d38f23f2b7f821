import type { Option, Pack, Question, QuestionPage } from '../policy/pack.ts';
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
 * The next question in authored order, or null where nothing more needs asking: the verdict is settled and either stops the
 * asker or nothing can be added to what it takes. A question whose answer cannot matter is never asked.
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
  const missing = new Set(missingFacts(table, evaluation, relevant));
  for (const page of pack.pages) {
    const questions = page.questions.filter((question) => question.facts.some((fact) => missing.has(fact)));
    if (questions.length > 0)
      return {
        page,
        questions,
        facts: questions.flatMap(({ facts }) => facts.filter((fact) => missing.has(fact))),
      };
  }
  return null;
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

// The undecided rules that can still change the verdict or, where the answer is a yes, what it takes.
function relevantRules(table: Table, outcome: Outcome): number[] {
  const { settled, verdict, undecided, rules, best } = outcome;
  if (settled) {
    if (!isPermission(verdict)) return [];
    return undecided.filter((rule) => addsSomething(table, rule, rules));
  }
  const floor = Math.max(-1, ...rules.map((rule) => table.severities[rule] as number));
  const guidance = severityOf('get-guidance');
  return undecided.filter((rule) => {
    const severity = table.severities[rule] as number;
    if (severity > floor) return true;
    if (severity >= 0 && severity < guidance) return !outcome.isPermitted && floor < guidance;
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
  const outcome = findOutcome(table, evaluation);
  return outcome.settled && !isPermission(outcome.verdict)
    ? []
    : missingFacts(table, evaluation, outcome.undecided);
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
