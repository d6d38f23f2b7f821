import { evaluate, type Situation } from '#domain/decision/evaluate.ts';
import { fittingOptions, type NextQuestion } from '#domain/decision/next-question.ts';
import type { Table } from '#domain/decision/table.ts';
import { type Option, otherTool, type Pack, type Question } from '#domain/policy/pack.ts';
import { isPermission, type Verdict } from '#domain/shared/verdict.ts';
import { byPriors, lengthOfAskingAll } from './ask-all.ts';
import { type Asking, buildAsking, type Place } from './asking.ts';
import {
  authoredOrder,
  bestOrder,
  type Length,
  type Lengths,
  lengthsOf,
  rankedOrder,
  type Strategy,
} from './length.ts';

/** What somebody asks about, and what is true for them. */
export type AskerStory = {
  readonly id: string;
  readonly tool: string;
  readonly answers: ReadonlyMap<string, string>;
};

export const ends = ['all', 'yes', 'no', 'guidance', 'review'] as const;
export type End = (typeof ends)[number];

export const waysToAsk = ['asking all', 'authored order', 'most telling first', 'fewest possible'] as const;
export type WayToAsk = (typeof waysToAsk)[number];

export type Summary = { readonly mean: number; readonly median: number; readonly max: number };
/** Of everybody who comes to this end: their share, and the pages and facts they are asked, the tool included. */
export type Row = { readonly share: number; readonly pages: Summary; readonly facts: Summary };
export type Rows = Readonly<Record<WayToAsk, Readonly<Record<End, Row | null>>>>;

export type Report = {
  /** Over everybody who asks, as the priors of the pack say. */
  readonly priors: Rows;
  /** Over the journeys, each counted once. `fewest possible` is the shortest for each of them, known only in hindsight. */
  readonly journeys: Rows;
  /** How many more pages than the fewest possible, as a share: of all pages, and of those after the tool. */
  readonly overFewest: Readonly<Record<WayToAsk, { readonly all: number; readonly afterTool: number }>>;
  /** Partial answers over which the fewest possible was worked out. */
  readonly places: number;
  readonly sampled: number;
};

/** Works out how many pages and facts it takes to get an answer, for several ways of asking. */
export function buildReport(table: Table, pack: Pack, stories: readonly AskerStory[]): Report {
  const asking = buildAsking(table, pack);
  const best = bestOrder(asking);
  const starts = startsOf(asking, pack);
  const over = (strategy: Strategy): Lengths => {
    const lengths = lengthsOf(asking, strategy);
    return starts.flatMap(({ place, chance }) =>
      lengths(place).map((length) => ({ ...length, chance: length.chance * chance })),
    );
  };
  const priors = rowsOf({
    'asking all': sampleOfAskingAll(table, pack, starts),
    'authored order': over(authoredOrder),
    'most telling first': over(rankedOrder),
    'fewest possible': over(best.strategy),
  });
  return {
    priors,
    journeys: journeysOf(table, pack, asking, stories),
    overFewest: overFewest(priors),
    places: best.places(),
    sampled: samples,
  };
}

type Start = { readonly place: Place; readonly chance: number };

// Everybody begins with the tool.
function startsOf(asking: Asking, pack: Pack): Start[] {
  const fact = [...pack.facts.values()].find(({ valuesFrom }) => valuesFrom === 'tools');
  const shares = fact === undefined ? undefined : pack.priors?.of.get(fact.id)?.shares;
  if (fact === undefined || shares === undefined)
    throw new Error('the pack does not say which tools are asked about');
  return [...shares].map(([id, chance]) => {
    const name = id === otherTool ? 'a name that nobody knows' : id;
    return { place: asking.placeOf(new Map([[fact.id, name]]), pack.tools.get(id) ?? null), chance };
  });
}

const samples = 4000;

// There are too many complete situations to go through them all, so that some are drawn, always the same ones.
function sampleOfAskingAll(table: Table, pack: Pack, starts: readonly Start[]): Lengths {
  const chance = seededChances(20_181_122);
  const answer = byPriors(table, pack, chance);
  const drawn = starts.flatMap(({ place, chance: share }) => {
    const number = Math.max(1, Math.round(share * samples));
    return Array.from({ length: number }, () => ({
      ...lengthOfAskingAll(table, pack, place.situation, answer),
      chance: share / number,
    }));
  });
  return drawn;
}

function seededChances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function journeysOf(table: Table, pack: Pack, asking: Asking, stories: readonly AskerStory[]): Rows {
  const lengths = stories.map((story) => {
    const tool = pack.tools.get(story.tool) ?? null;
    const fact = [...pack.facts.values()].find(({ valuesFrom }) => valuesFrom === 'tools');
    // A place stands for everybody with the same questions before them, so their own facts are kept beside it.
    const at = (stated: ReadonlyMap<string, string>): Standing => ({
      situation: { stated, tool },
      place: asking.placeOf(stated, tool),
    });
    const step: Step = ({ situation }, page) => {
      const answers = page.questions.flatMap((question) => [
        ...answerIn(table, pack, story, situation, question),
      ]);
      return at(new Map([...situation.stated, ...answers]));
    };
    const start = at(new Map([[fact?.id ?? '', story.tool]]));
    const all = lengthOfAskingAll(table, pack, start.situation, (situation, question) =>
      answerIn(table, pack, story, situation, question),
    );
    return {
      'asking all': all,
      'authored order': follow(start, authoredOrder, step),
      'most telling first': follow(start, rankedOrder, step),
      'fewest possible': shortest(start, step),
    };
  });
  const each = (way: WayToAsk): Lengths =>
    lengths.map((one) => ({ ...one[way], chance: 1 / stories.length }));
  return rowsOf({
    'asking all': each('asking all'),
    'authored order': each('authored order'),
    'most telling first': each('most telling first'),
    'fewest possible': each('fewest possible'),
  });
}

type Standing = { readonly situation: Situation; readonly place: Place };
type Step = (standing: Standing, page: NextQuestion) => Standing;

function follow(start: Standing, strategy: Strategy, step: Step): Length {
  let standing = start;
  let pages = 0;
  let facts = 0;
  for (;;) {
    const { place } = standing;
    if (place.verdict !== null) return { verdict: place.verdict, pages, facts };
    const page = strategy(place);
    pages++;
    facts += page.facts.length;
    standing = step(standing, page);
  }
}

function shortest(standing: Standing, step: Step): Length {
  const { place } = standing;
  if (place.verdict !== null) return { verdict: place.verdict, pages: 0, facts: 0 };
  const ways = place.pages.map((page) => {
    const { verdict, pages, facts } = shortest(step(standing, page), step);
    return { verdict, pages: pages + 1, facts: facts + page.facts.length };
  });
  return ways.reduce((best, way) => (way.pages < best.pages ? way : best));
}

// The option that is true; what a story leaves open is as most people would have it.
function answerIn(
  table: Table,
  pack: Pack,
  story: AskerStory,
  situation: Situation,
  question: Question,
): Option['sets'] {
  const evaluation = evaluate(table, pack, situation);
  const options = fittingOptions(table, pack, situation, evaluation, question);
  const isTrue = (truth: (fact: string) => string | undefined) =>
    options.find(({ sets }) => [...sets].every(([fact, value]) => truth(fact) === value));
  const told = isTrue((fact) => story.answers.get(fact) ?? pack.facts.get(fact)?.default);
  const usual = isTrue((fact) => pack.facts.get(fact)?.ordinary ?? pack.facts.get(fact)?.default);
  return (told ?? usual ?? options[0])?.sets ?? new Map();
}

function overFewest(rows: Rows): Report['overFewest'] {
  const meanOf = (way: WayToAsk): number => rows[way].all?.pages.mean ?? 0;
  const fewest = meanOf('fewest possible');
  const over = (way: WayToAsk) => ({
    all: meanOf(way) / fewest - 1,
    afterTool: (meanOf(way) - 1) / (fewest - 1) - 1,
  });
  return {
    'asking all': over('asking all'),
    'authored order': over('authored order'),
    'most telling first': over('most telling first'),
    'fewest possible': over('fewest possible'),
  };
}

function rowsOf(lengths: Readonly<Record<WayToAsk, Lengths>>): Rows {
  const rowsFor = (own: Lengths) => ({
    all: rowOf(own),
    yes: rowOf(own.filter(({ verdict }) => endOf(verdict) === 'yes')),
    no: rowOf(own.filter(({ verdict }) => endOf(verdict) === 'no')),
    guidance: rowOf(own.filter(({ verdict }) => endOf(verdict) === 'guidance')),
    review: rowOf(own.filter(({ verdict }) => endOf(verdict) === 'review')),
  });
  return {
    'asking all': rowsFor(lengths['asking all']),
    'authored order': rowsFor(lengths['authored order']),
    'most telling first': rowsFor(lengths['most telling first']),
    'fewest possible': rowsFor(lengths['fewest possible']),
  };
}

function endOf(verdict: Verdict): End {
  if (isPermission(verdict)) return 'yes';
  return verdict === 'not-allowed' ? 'no' : verdict === 'request-review' ? 'review' : 'guidance';
}

// The page and the fact of the tool count too.
function rowOf(lengths: Lengths): Row | null {
  const share = lengths.reduce((sum, { chance }) => sum + chance, 0);
  if (share === 0) return null;
  return {
    share,
    pages: summaryOf(lengths.map(({ pages, chance }) => ({ value: pages + 1, chance: chance / share }))),
    facts: summaryOf(lengths.map(({ facts, chance }) => ({ value: facts + 1, chance: chance / share }))),
  };
}

function summaryOf(values: readonly { readonly value: number; readonly chance: number }[]): Summary {
  const sorted = values.toSorted((a, b) => a.value - b.value);
  let before = 0;
  const median = sorted.find(({ chance }) => {
    before += chance;
    return before >= 0.5 - 1e-9;
  });
  return {
    mean: sorted.reduce((sum, { value, chance }) => sum + value * chance, 0),
    median: median?.value ?? 0,
    max: sorted.at(-1)?.value ?? 0,
  };
}
