import type { Pack } from '#domain/policy/pack.ts';
import { dayInWords } from '#domain/shared/day.ts';
import type { Verdict } from '#domain/shared/verdict.ts';
import { leastShown } from '#domain/usage/small-counts.ts';
import type { Standing } from '#usecases/ask-page.ts';
import type { Counted, UsageShown } from '#usecases/usage/show-usage.ts';
import { hrefOf } from '../ask/address.ts';
import type { PageModel } from '../render.ts';
import { verdictWords } from '../words.ts';
import { dayChart } from './chart.ts';

type Shown = Exclude<UsageShown, { readonly outcome: 'not-allowed' }>;
type Row = { readonly text: string; readonly href: string | null; readonly times: string };
type Table = {
  readonly title: string;
  readonly what: string;
  readonly rows: readonly Row[];
  readonly hidden: number;
};

/** The page of what is asked: a chart with its table, and what was asked most. */
export function usageView(pack: Pack, typed: { readonly from: string; readonly to: string }, shown: Shown) {
  const title = 'What is asked';
  const back = { text: 'Your account', href: '/me' };
  if (shown.outcome === 'problems') {
    const errors = shown.problems.map(({ field, detail }) => ({ text: detail, href: `#${field}` }));
    const errorOf = (field: 'from' | 'to') =>
      shown.problems.find((one) => one.field === field)?.detail ?? null;
    return { title, back, errors, typed, fromError: errorOf('from'), toError: errorOf('to'), usage: null };
  }
  const { from, to, total, perDay, byTool, byVerdict, byOrganisation, byRule, unknownNames, unhelpful } =
    shown;
  const tables: Table[] = [
    table('By answer', 'Answer', byVerdict, (key) => ({
      text: verdictWords[key as Verdict]?.label ?? key,
      href: null,
    })),
    table('By tool', 'Tool', byTool, (key) => ({
      text: pack.tools.get(key)?.name ?? key,
      href: `/tools/${key}`,
    })),
    table('By organisation', 'Organisation', byOrganisation, (key) => ({
      text: key === '' ? 'Not said' : (pack.organisations.get(key)?.name ?? key),
      href: null,
    })),
    table('Names that nobody knows', 'Name', { shown: unknownNames, hidden: 0 }, (key) => ({
      text: key,
      href: `/find?${new URLSearchParams({ q: key })}`,
    })),
    table('By deciding rule', 'Rule', byRule, (key) => ({
      text: pack.rules.find(({ id }) => id === key)?.title ?? key,
      href: null,
    })),
  ];
  return {
    title,
    back,
    typed: { from, to },
    fromError: null,
    toError: null,
    usage: {
      span: `${dayInWords(from)} to ${dayInWords(to)}`,
      total: total === null ? null : grouped(total),
      least: leastShown,
      chart: dayChart(perDay),
      days: perDay.flatMap(({ day, times }) =>
        times === null ? [] : [{ day: dayInWords(day), times: grouped(times) }],
      ),
      tables,
      unhelpful: unhelpful.map(({ day, facts, verdict, policy }) => ({
        day: dayInWords(day),
        answer: verdictWords[verdict as Verdict]?.label ?? verdict,
        policy,
        href: hrefOf('/answer', new Map(Object.entries(facts).filter(([, value]) => !value.startsWith('(')))),
        facts: Object.entries(facts).map(
          ([fact, value]) => `${pack.facts.get(fact)?.label ?? fact}: ${valueName(pack, fact, value)}`,
        ),
      })),
    },
  };
}

function table(
  title: string,
  what: string,
  { shown, hidden }: Counted,
  nameOf: (key: string) => Omit<Row, 'times'>,
): Table {
  return {
    title,
    what,
    rows: shown.slice(0, 20).map(({ key, times }) => ({ ...nameOf(key), times: grouped(times) })),
    hidden,
  };
}

// As a page of asking calls it; a value that the pack does not know any more is shown as it was.
function valueName(pack: Pack, fact: string, value: string): string {
  const known = pack.facts.get(fact);
  if (known?.valuesFrom === 'tools') return pack.tools.get(value)?.name ?? value;
  return known?.values.find(({ id }) => id === value)?.label ?? value;
}

// As GOV.UK writes numbers: 3,750.
function grouped(times: number): string {
  return times.toLocaleString('en-GB');
}

/** The page with which somebody says that an answer did not help. */
export function unhelpfulView(pack: Pack, { stated, match, answer }: Standing, isSent: boolean) {
  return {
    title: isSent ? 'Thank you' : 'This did not help',
    back: { text: 'The answer', href: hrefOf('/answer', stated) },
    isSent,
    headline: answer.headline,
    facts: [...stated].map(([id, value]) => ({
      label: pack.facts.get(id)?.label ?? id,
      value: pack.facts.get(id)?.valuesFrom === 'tools' ? (match?.name ?? value) : valueName(pack, id, value),
    })),
    hidden: [...stated].map(([name, value]) => ({ name, value })),
    letter: hrefOf('/feedback', stated),
    isUnknownTool: match !== undefined && match.tool === null,
  } satisfies PageModel & Record<string, unknown>;
}
