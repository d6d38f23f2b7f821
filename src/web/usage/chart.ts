import { scaleLinear, scalePoint } from 'd3-scale';
import { dayInWords } from '#domain/shared/day.ts';

/** A chart of columns, one for each day, as what a template prints: rectangles and lines with their places. */
export type DayChart = {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly title: string;
  }[];
  readonly lines: readonly { readonly y: number; readonly text: string }[];
  readonly days: readonly {
    readonly x: number;
    readonly text: string;
    readonly anchor: 'start' | 'middle' | 'end';
  }[];
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
};

const [width, height] = [960, 260];
const [left, right, top, bottom] = [56, 8, 12, 36];

/** Lays out a chart. Days without a count have no column. */
export function dayChart(days: readonly { readonly day: string; readonly times: number | null }[]): DayChart {
  const most = Math.max(5, ...days.map(({ times }) => times ?? 0));
  const y = scaleLinear()
    .domain([0, most])
    .nice(4)
    .range([height - bottom, top]);
  const x = scalePoint<string>()
    .domain(days.map(({ day }) => day))
    .range([left, width - right])
    .padding(0.6);
  const step = Math.max(1, x.step());
  const column = Math.max(1, Math.min(28, step * 0.7));
  const every = Math.max(1, Math.ceil(days.length / 6));
  return {
    width,
    height,
    left,
    right: width - right,
    bottom: height - bottom,
    columns: days.flatMap(({ day, times }) =>
      times === null
        ? []
        : [
            {
              x: round((x(day) ?? 0) - column / 2),
              y: round(y(times)),
              width: round(column),
              height: round(y(0) - y(times)),
              title: `${dayInWords(day)}: about ${times.toLocaleString('en-GB')}`,
            },
          ],
    ),
    lines: y.ticks(4).map((tick) => ({ y: round(y(tick)), text: tick.toLocaleString('en-GB') })),
    days: days.flatMap(({ day }, at) =>
      at % every === 0 ? [{ x: round(x(day) ?? 0), text: shortDay(day), anchor: 'middle' as const }] : [],
    ),
  };
}

function shortDay(day: string): string {
  const [date = '', month = ''] = dayInWords(day).split(' ');
  return `${date} ${month.slice(0, 3)}`;
}

function round(place: number): number {
  return Math.round(place * 10) / 10;
}
