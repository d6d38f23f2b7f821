import { type Fact, notApplicable, otherTool, type Pack } from '#domain/policy/pack.ts';
import type { Picture, PictureStep, PictureTest } from '#domain/proof/picture.ts';
import { severityOf, type Verdict } from '#domain/shared/verdict.ts';
import { verdictWords } from '../words.ts';
import type { Box, Line } from './picture-layout.ts';
import { textLines } from './text-lines.ts';

/** The steps of a picture as boxes and lines, before they have places. */
export type Plan = {
  readonly boxes: readonly PlannedBox[];
  readonly lines: readonly PlannedLine[];
  /** What must hold too where a box has a star; null where no box has one. */
  readonly note: string | null;
};

export type PlannedBox = Box & {
  readonly sort: 'fact' | 'step' | 'verdict';
  readonly tone: string;
  readonly text: readonly string[];
};
type PlannedLine = Line & { readonly tone: string };

const widths = { fact: 180, step: 460, verdict: 150 } as const;
const columns = { fact: 0, step: 1, verdict: 2 } as const;
/** From one line of text in a box to the next, and from the edge of a box to its text. */
export const lineHeight = 20;
export const inset = 10;
/** Between two boxes of a column, and above the first and below the last step of a verdict. */
const gap = 12;
const margin = 8;

/**
 * What the picture is made of: facts on the left, what they lead by in the middle, verdicts on the right, strictest first. A verdict is
 * as tall as all its steps, so that nobody has to follow a line to see where a step leads.
 */
export function planPicture(pack: Pack, picture: Picture): Plan {
  const groups = groupsInOrder(picture);
  const order = factsInOrder(groups);
  const common = commonTest(groups);
  const placed = groups.map(({ verdict, steps }) => {
    const { tone } = verdictWords[verdict];
    const own = steps.map((step, index) => ({
      fact: step?.test?.fact ?? null,
      box: planned('step', `step-${verdict}-${index}`, tone, stepLines(pack, step, common)),
    }));
    return { verdict, tone, steps: own };
  });
  const facts = order.map((fact) => {
    const label = pack.facts.get(fact)?.label ?? fact;
    return planned('fact', `fact-${fact}`, 'plain', textLines(label, widths.fact - 2 * inset, true));
  });
  const lines = placed.flatMap(({ verdict, tone, steps }) =>
    steps.flatMap(({ fact, box }) => [
      ...(fact === null ? [] : [{ from: `fact-${fact}`, to: box.id, tone }]),
      { from: box.id, to: `verdict-${verdict}`, tone },
    ]),
  );
  const steps = placed.flatMap((group) => group.steps.map(({ box }) => box));
  const ends = placed.map(({ verdict, steps: own }) =>
    verdictBox(
      verdict,
      own.map(({ box }) => box),
    ),
  );
  const note = common === null ? null : testText(pack, common);
  return { boxes: [...facts, ...steps, ...ends], lines, note };
}

/** A verdict with the steps that lead to it. */
type Group = { readonly verdict: Verdict; readonly steps: readonly (PictureStep | null)[] };

/**
 * The steps of a picture by verdict, strictest first, as they stand in it: by the place of their fact. Null stands for what no rule
 * permits, which is a matter to ask about.
 */
export function groupsInOrder({ verdicts: groups, hasSilence }: Picture): readonly Group[] {
  const whole = hasSilence ? withSilence(groups) : groups;
  const order = factsInOrder(whole);
  return whole.map(({ verdict, steps }) => ({
    verdict,
    steps: steps.toSorted((a, b) => placeOf(order, a) - placeOf(order, b)),
  }));
}

function withSilence(groups: readonly Group[]): Group[] {
  const asking = groups.find(({ verdict }) => verdict === 'get-guidance');
  const milder = (verdict: Verdict) => severityOf(verdict) < severityOf('get-guidance');
  return [
    ...groups.filter(({ verdict }) => verdict !== 'get-guidance' && !milder(verdict)),
    { verdict: 'get-guidance', steps: [...(asking?.steps ?? []), null] },
    ...groups.filter(({ verdict }) => milder(verdict)),
  ];
}

// Each fact stands about where its lines lead, so that fewer of them cross.
function factsInOrder(groups: readonly Group[]): string[] {
  const places = new Map<string, number[]>();
  for (const [place, step] of groups.flatMap(({ steps }) => steps).entries()) {
    const fact = step?.test?.fact;
    if (fact !== undefined) places.set(fact, [...(places.get(fact) ?? []), place]);
  }
  const middle = (all: readonly number[]) => all.reduce((sum, place) => sum + place, 0) / all.length;
  return [...places].toSorted(([, a], [, b]) => middle(a) - middle(b)).map(([fact]) => fact);
}

// A step about no fact, such as what no rule permits, comes last.
function placeOf(order: readonly string[], step: PictureStep | null): number {
  return step?.test === null || step === null ? order.length : order.indexOf(step.test.fact);
}

function stepLines(pack: Pack, step: PictureStep | null, common: PictureTest | null): string[] {
  const width = widths.step - 2 * inset;
  const tests =
    step === null ? [] : testsOf(step).filter((test) => test === step.test || !isSame(test, common));
  if (step === null || tests.length === 0) return textLines(stepText(pack, step), width);
  const star = tests.length < testsOf(step).length ? ' *' : '';
  return tests.flatMap((test, index) => {
    const text = testText(pack, test);
    return textLines(index === 0 ? `${text}${star}` : `and ${text}`, width);
  });
}

const fewestForStar = 4;

// Most rules are about work alone. To say so in every box would hide what the boxes differ in.
function commonTest(groups: readonly Group[]): PictureTest | null {
  const all = groups.flatMap(({ steps }) => steps).flatMap((step) => step?.others ?? []);
  const countOf = (test: PictureTest) => all.filter((other) => isSame(other, test)).length;
  const [first] = all.toSorted((a, b) => countOf(b) - countOf(a));
  return first === undefined || countOf(first) < fewestForStar ? null : first;
}

function isSame(a: PictureTest, b: PictureTest | null): boolean {
  return a.fact === b?.fact && a.isExcept === b.isExcept && a.values.join() === b.values.join();
}

function verdictBox(verdict: Verdict, steps: readonly PlannedBox[]): PlannedBox {
  const { label, tone } = verdictWords[verdict];
  const text = textLines(label, widths.verdict - 2 * inset, true);
  const box = planned('verdict', `verdict-${verdict}`, tone, text);
  const arrivals = new Map<string, number>();
  let bottom = margin;
  for (const { id, height } of steps) {
    arrivals.set(id, bottom + height / 2);
    bottom += height + gap;
  }
  return { ...box, height: Math.max(box.height, bottom - gap + margin), arrivals };
}

function planned(sort: PlannedBox['sort'], id: string, tone: string, text: readonly string[]): PlannedBox {
  const height = text.length * lineHeight + 2 * inset - 4;
  return { id, sort, tone, text, column: columns[sort], width: widths[sort], height };
}

const silenceText = 'No rule permits it';

/** What a step is about, as one sentence without a stop. */
export function stepText(pack: Pack, step: PictureStep | null): string {
  return step === null
    ? silenceText
    : testsOf(step)
        .map((test) => testText(pack, test))
        .join(', and ') || 'Always';
}

function testsOf({ test, others }: PictureStep): readonly PictureTest[] {
  return test === null ? others : [test, ...others];
}

function testText(pack: Pack, test: PictureTest): string {
  return `${pack.facts.get(test.fact)?.label ?? test.fact}: ${valuesText(pack, test)}`;
}

function valuesText(pack: Pack, { fact: id, values, isExcept }: PictureTest): string {
  const fact = pack.facts.get(id);
  // One value ends where its line does; of several it must be seen where each ends.
  const isAlone = values.length === 1 && !isExcept;
  const labels = values.map((value) => {
    const label = valueLabel(pack, fact, value);
    return isAlone ? label : `“${label}”`;
  });
  const last = labels.at(-1) ?? '';
  const list = labels.length < 2 ? last : `${labels.slice(0, -1).join(', ')} or ${last}`;
  return isExcept ? `anything but ${list}` : list;
}

function valueLabel(pack: Pack, fact: Fact | undefined, value: string): string {
  if (value === notApplicable) return 'does not apply';
  if (value === otherTool) return 'a tool that no rule names';
  if (fact?.valuesFrom === 'tools') return pack.tools.get(value)?.name ?? value;
  return fact?.values.find(({ id }) => id === value)?.label ?? value;
}
