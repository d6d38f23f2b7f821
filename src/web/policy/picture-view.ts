import type { FactValue, Pack } from '#domain/policy/pack.ts';
import type { Picture, PictureStep } from '#domain/proof/picture.ts';
import { dayInWords } from '#domain/shared/day.ts';
import type { PictureKinds } from '#usecases/find-picture.ts';
import { shown } from '#usecases/shown.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';
import { verdictWords } from '../words.ts';
import type { Layout } from './picture-layout.ts';
import { groupsInOrder, inset, lineHeight, type Plan, type PlannedBox, stepText } from './picture-plan.ts';
import type { DrawnPicture } from './pictures.ts';

export type PictureModel = PageModel & {
  readonly filter: {
    readonly name: string;
    readonly label: string;
    readonly items: readonly { readonly value: string; readonly text: string; readonly selected: boolean }[];
    readonly error: string | null;
  };
  readonly kind: string | null;
  readonly on: string;
  /** Titles of the rules that are too tangled to draw; null where they are not. */
  readonly tangled: readonly string[] | null;
  readonly hasFailed: boolean;
  readonly drawing: DrawingModel | null;
  readonly groups: readonly GroupModel[];
  readonly adding: readonly StepModel[];
};

type GroupModel = {
  readonly heading: string;
  readonly steps: readonly StepModel[];
};

type StepModel = {
  /** The sentence that the box in the picture holds. */
  readonly text: string;
  readonly rules: readonly { readonly title: string; readonly cites: readonly CitationModel[] }[];
};

type CitationModel = { readonly id: string; readonly href: string };

type DrawingModel = {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly note: string | null;
  readonly boxes: readonly BoxModel[];
  readonly lines: readonly { readonly points: string; readonly tone: string }[];
};

type BoxModel = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly sort: PlannedBox['sort'];
  readonly tone: string;
  readonly lines: readonly { readonly text: string; readonly x: number; readonly y: number }[];
};

/** What was asked for: a kind of tool with its picture, or text that is no kind. */
export type AskedPicture =
  | { readonly kind: FactValue; readonly drawn: DrawnPicture }
  | { readonly kind: null; readonly given: string };

/** The page of the picture: the form, the drawing where there is one, and the same in words. */
export function pictureView(web: Web, { fact, kinds }: PictureKinds, asked: AskedPicture): PictureModel {
  const { pack } = web.needs.policy();
  const { kind } = asked;
  const drawn = asked.kind === null ? null : asked.drawn;
  const error =
    asked.kind === null ? `“${shown(asked.given)}” is not a kind of tool. Choose one from the list` : null;
  return {
    title: 'The rules as a picture',
    policyLabel: pack.label,
    ...(error === null ? {} : { errors: [{ text: error, href: '#kind' }] }),
    filter: {
      name: 'kind',
      label: fact.label,
      items: kinds.map(({ id, label }) => ({ value: id, text: label, selected: id === kind?.id })),
      error,
    },
    kind: kind?.label ?? null,
    on: dayInWords(web.needs.today()),
    tangled: drawn?.outcome === 'tangled' ? drawn.rules.map((id) => titleOf(pack, id)) : null,
    hasFailed: drawn?.outcome === 'failed',
    drawing: drawn?.outcome === 'ok' && kind !== null ? drawingModel(kind, drawn.plan, drawn.layout) : null,
    groups: drawn?.outcome === 'ok' ? groupsOf(pack, drawn.picture) : [],
    adding: drawn?.outcome === 'ok' ? drawn.picture.adding.map((step) => stepModel(pack, step)) : [],
  };
}

function groupsOf(pack: Pack, picture: Picture): GroupModel[] {
  return groupsInOrder(picture).map(({ verdict, steps }) => ({
    heading: verdictWords[verdict].label,
    steps: steps.map((step) => stepModel(pack, step)),
  }));
}

function stepModel(pack: Pack, step: PictureStep | null): StepModel {
  const rules = step?.rules ?? [{ title: pack.silence.because, cites: pack.silence.cites }];
  return {
    text: stepText(pack, step),
    rules: rules.map(({ title, cites }) => ({ title, cites: citesOf(cites) })),
  };
}

function citesOf(cites: readonly string[]): CitationModel[] {
  return cites.map((id) => ({ id, href: `/statements#${id}` }));
}

function titleOf(pack: Pack, id: string): string {
  return pack.rules.find((rule) => rule.id === id)?.title ?? id;
}

// A tall box says what it is at every screen's height or so.
function textTops(height: number, lines: number): number[] {
  const every = 360;
  const last = height - lines * lineHeight - 2 * inset;
  return Array.from({ length: Math.max(1, Math.ceil(last / every)) }, (_, index) => index * every);
}

function drawingModel({ label }: FactValue, plan: Plan, layout: Layout): DrawingModel {
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    width: layout.width,
    height: layout.height,
    title: `How facts lead to answers: ${label}`,
    description:
      'On the left are facts, in the middle what they can be, and on the right the answers, strictest first. The same stands in words below.',
    note: plan.note,
    boxes: plan.boxes.map(({ id, sort, tone, width, height, text }) => {
      const { x, y } = layout.placeOf.get(id) ?? { x: 0, y: 0 };
      const lines = textTops(height, text.length).flatMap((top) =>
        text.map((line, index) => ({
          text: line,
          x: round(x + inset),
          y: round(y + top + inset + 12 + index * lineHeight),
        })),
      );
      return { x: round(x), y: round(y), width, height, sort, tone, lines };
    }),
    lines: layout.corners.map((corners, index) => ({
      points: corners.map(({ x, y }) => `${round(x)},${round(y)}`).join(' '),
      tone: plan.lines[index]?.tone ?? 'plain',
    })),
  };
}
