// In a process of its own: finds what helps askers, over the pack or a large catalogue. See `help.ts`.
import { findAlternatives } from '#domain/decision/alternatives.ts';
import { findChanges, needsChange } from '#domain/decision/changes.ts';
import { evaluate } from '#domain/decision/evaluate.ts';
import { nextQuestion } from '#domain/decision/next-question.ts';
import { findOutcome } from '#domain/decision/outcome.ts';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import { toolGroups } from '#domain/decision/tool-groups.ts';
import type { Tool } from '#domain/policy/pack.ts';
import { buildToolSearch } from '#store/tool-search.ts';
import { type AnsweredQuestion, answerQuestion } from '#usecases/answer-question.ts';
import { findTools } from '#usecases/find-tools.ts';
import { randomWalk } from './addresses.ts';
import { benchGuidance } from './guidance.ts';
import type { CatalogueWork, PackWork } from './help.ts';
import { timeEach, timeOnce } from './latency.ts';
import { type CatalogueKind, catalogues, policyWithManyTools } from './many-tools.ts';
import { tellFrom } from './own-process.ts';
import { realisticQuestions } from './questions.ts';
import { type Random, seededRandom } from './random.ts';

type Answered = Extract<AnsweredQuestion, { outcome: 'ok' }>;
type Asker = Pick<Answered, 'stated' | 'match' | 'answer' | 'next'>;

const [what, count = ''] = process.argv.slice(2);
const shipped = await benchGuidance();
const day = shipped.today();
const pack = shipped.policy().pack;
// Askers of the pack that ships: it holds everything that they name.
const askers = findAskers(seededRandom(11));
const kind = catalogues.find((one) => one === what);
tellFrom(kind === undefined ? overPack() : overCatalogue(kind, Number(count)));

// Written questions, complete, and people on their way through the questions.
function findAskers(random: Random): Asker[] {
  const complete = realisticQuestions(shipped);
  const walks = Array.from({ length: 200 }, () => randomWalk(shipped, random));
  const onTheWay = walks.flatMap((walk) =>
    [...walk.asked, walk].map(({ facts }) => Object.fromEntries(facts)),
  );
  return [...complete, ...onTheWay].flatMap((facts) => {
    const answered = answerQuestion(shipped, { facts });
    return answered.outcome === 'ok' ? [answered] : [];
  });
}

function overPack(): PackWork {
  return { rankingColdMs: rankingCold(), ranking: timeRanking(), ...timeHelp(shipped.policy()) };
}

// The diagrams for ranking are built when a question is first ranked, and kept for the rules of the day.
function rankingCold(): number {
  const policy = compilePolicy(pack, 'cold');
  const [first] = askersToRank(policy);
  return timeOnce(() => first?.rank());
}

function timeRanking() {
  const seen = new Set<string>();
  // What was ranked before is kept, so each is ranked once.
  const once = askersToRank(compilePolicy(pack, 'warm')).filter(({ key }) => !seen.has(key) && seen.add(key));
  once[0]?.rank();
  return timeEach(once.slice(1), ({ rank }) => rank());
}

function askersToRank(policy: Policy) {
  const table = policy.tableOn(day);
  return askers.flatMap(({ stated, match, next }) => {
    const situation = { stated, tool: match?.tool };
    const evaluation = evaluate(table, pack, situation);
    const outcome = findOutcome(table, evaluation);
    if (situation.tool === undefined || next === null) return [];
    const rank = (): number => nextQuestion(table, pack, situation, evaluation, outcome)?.facts.length ?? 0;
    return [{ key: JSON.stringify([...stated].sort()), rank }];
  });
}

// Twice: the first time is for the compiler of the runtime.
function timeHelp(policy: Policy): Pick<PackWork, 'alternatives' | 'changes'> {
  // The tool as this catalogue has it.
  const here = askers.map(({ match, ...asker }) => ({
    ...asker,
    match: match && { ...match, tool: policy.pack.tools.get(match.tool?.id ?? '') ?? null },
  }));
  const needing = here.filter(({ stated, answer }) => needsChange(policy.pack, stated, answer.best));
  const alternatives = () =>
    timeEach(here, ({ stated, match }) => findAlternatives(policy, stated, match, day).length);
  const changes = () =>
    timeEach(needing, ({ stated, match }) => findChanges(policy, stated, match, day).length);
  alternatives();
  changes();
  return { alternatives: alternatives(), changes: changes() };
}

function overCatalogue(catalogue: CatalogueKind, tools: number): CatalogueWork {
  const policy = policyWithManyTools(shipped.policy(), catalogue, tools, seededRandom(12));
  // The first time the tools are put in groups, and what is held of each is read.
  const [first] = askers.filter(({ stated, answer }) => needsChange(pack, stated, answer.best));
  const firstMs = timeOnce(() => {
    if (first !== undefined) findAlternatives(policy, first.stated, first.match, day);
  });
  const groups = toolGroups(policy.tableOn(day), policy.pack).all.length;
  return { tools: policy.pack.tools.size, groups, firstMs, ...timeHelp(policy), ...timeSearch(policy) };
}

function timeSearch(policy: Policy): Pick<CatalogueWork, 'indexMs' | 'typeahead'> {
  let search = buildToolSearch([]);
  const indexMs = timeOnce(() => {
    search = buildToolSearch(policy.pack.tools.values());
  });
  const needs = { policy: () => policy, today: () => day, search: () => search, texts: () => [] };
  const typed = typedTexts([...policy.pack.tools.values()], seededRandom(13));
  const find = (q: string): number => {
    const found = findTools(needs, { q, limit: 10 });
    return found.outcome === 'ok' ? found.tools.length + found.suggestions.length : 0;
  };
  for (const text of typed.slice(0, 200)) find(text);
  return { indexMs, typeahead: timeEach(typed.slice(200), find) };
}

// What somebody types, letter by letter, from the second letter on; every third makes a mistake on the way.
function typedTexts(tools: readonly Tool[], random: Random): string[] {
  const texts: string[] = [];
  while (texts.length < 2_200) {
    const name = tools[random.below(tools.length)]?.name.toLowerCase() ?? '';
    const mistake = random.below(3) === 0 ? random.below(name.length) : name.length;
    const typed = name.slice(0, mistake) + name.slice(mistake + 1);
    for (let length = 2; length <= typed.length; length++) texts.push(typed.slice(0, length));
  }
  return texts;
}
