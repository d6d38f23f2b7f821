import { describeFailure } from '#domain/policy/checks/rules.ts';
import type { CitingKind } from '#domain/policy/citing.ts';
import type { Coverage, CoveredStatement } from '#domain/policy/coverage.ts';
import { laterParts } from '#domain/policy/coverage.ts';
import { type ExampleRun, factsInWords } from '#domain/policy/examples.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { describeProblem, type PolicyProblem } from '#domain/policy/problem.ts';
import type { CheckedGuidance } from '#usecases/check-guidance.ts';
import { clean } from './terminal.ts';

/** The problems, one a line, then what was looked at and how it stands. */
export function checkAsText({ problems, errors, warnings, counts }: CheckedGuidance): string {
  const looked =
    counts === null
      ? 'the pack cannot be read'
      : Object.entries(counts)
          .map(([what, count]) => `${count} ${count === 1 ? what.replace(/s$/, '') : what}`)
          .join(', ');
  const found = `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  return [...problems.map(problemAsLine), `${looked}: ${found}`, ''].join('\n');
}

/** The same for programs. Whether answers go on in spite of a problem is nothing its author has to know. */
export function checkAsJson({ problems, ...rest }: CheckedGuidance): unknown {
  return { problems: problems.map(({ isFault: _, ...problem }) => problem), ...rest };
}

/** A problem for a terminal: what stands in a pack may hold what would upset one. */
export function problemAsLine(problem: PolicyProblem): string {
  return clean(describeProblem(problem));
}

/** Failed examples in full, then how many there are. */
export function examplesAsText(runs: readonly ExampleRun[]): string {
  const failed = runs.filter(({ failures }) => failures.length > 0);
  const lines = failed.flatMap((run) => [
    `${run.at.file}:${run.at.line}: ${describeFailure(run)}`,
    `  expected: ${run.expected}`,
    `  answered: ${run.actual ?? 'nothing'}, on ${run.on}`,
    `  rules:    ${run.applied.join(', ') || 'none'}`,
    `  facts:    ${factsInWords(run.facts)}`,
  ]);
  const passed = runs.length - failed.length;
  return [...lines.map(clean), `${runs.length} examples: ${passed} passed, ${failed.length} failed`, ''].join(
    '\n',
  );
}

export function examplesAsJson(runs: readonly ExampleRun[]): unknown {
  const passed = runs.filter(({ failures }) => failures.length === 0).length;
  return { passed, failed: runs.length - passed, examples: runs };
}

/** How many statements are placed, by document and by kind of place; with `all` each statement with its places. */
export function coverageAsText(coverage: Coverage, pack: Pack, all: boolean): string {
  const { statements, placedCount } = coverage;
  const documents = [...pack.documents.keys()];
  const countIn = (list: readonly CoveredStatement[]): string[] =>
    [list.length, ...documents.map((id) => list.filter(({ clause }) => clause.document === id).length)].map(
      String,
    );
  const later = laterIn(statements);
  const missing = statements.filter(({ places }) => places.length === 0);
  const rows = [
    ['', 'all', ...documents],
    ['statements', ...countIn(statements)],
    ['placed', ...countIn(statements.filter(({ places }) => places.length > 0))],
    ...kindsIn(statements).map(([kind, held]) => [`  ${kinds[kind]}`, ...countIn(held)]),
    ...later.map(([part, held]) => [
      `  later: ${(laterParts[part] ?? part).toLowerCase()}`,
      ...countIn(held),
    ]),
  ];
  return [
    `${placedCount} of ${statements.length} statements placed`,
    '',
    ...asTable(rows),
    ...(missing.length === 0 ? [] : ['', ...missing.map(({ clause }) => `not placed: ${clause.id}`)]),
    ...(all ? ['', ...statements.flatMap(describeStatement)] : []),
    '',
  ].join('\n');
}

export function coverageAsJson({ statements, placedCount }: Coverage, pack: Pack): unknown {
  const countOf = (list: readonly CoveredStatement[]): number => list.length;
  return {
    placed: placedCount,
    total: statements.length,
    documents: [...pack.documents.values()].map(({ id, title }) => {
      const own = statements.filter(({ clause }) => clause.document === id);
      return { id, title, placed: own.filter(({ places }) => places.length > 0).length, total: own.length };
    }),
    kinds: kindsIn(statements).map(([kind, held]) => ({ kind, statements: countOf(held) })),
    later: laterIn(statements).map(([part, held]) => ({ part, statements: countOf(held) })),
    statements: statements.map(({ clause: { id, document, section, later }, places }) => ({
      id,
      document,
      section,
      places: places.filter(({ kind }) => kind !== 'later'),
      later,
    })),
  };
}

type Kind = Exclude<CitingKind, 'later'>;

const kinds: Readonly<Record<Kind, string>> = {
  rule: 'in rules',
  condition: 'in conditions',
  fact: 'in facts',
  question: 'in questions',
  organisation: 'in organisations',
  silence: 'where no rule permits',
  tool: 'in tools',
  page: 'on pages',
  checklist: 'in checklists',
  contact: 'in contacts',
  link: 'in links',
  reading: 'in readings',
  document: 'in documents',
};

function kindsIn(statements: readonly CoveredStatement[]): [Kind, CoveredStatement[]][] {
  return (Object.keys(kinds) as Kind[]).map((kind) => [
    kind,
    statements.filter(({ places }) => places.some((place) => place.kind === kind)),
  ]);
}

function laterIn(statements: readonly CoveredStatement[]): [string, CoveredStatement[]][] {
  return Object.keys(laterParts).map((part) => [
    part,
    statements.filter(({ clause }) => clause.later.includes(part)),
  ]);
}

function describeStatement({ clause, places }: CoveredStatement): string[] {
  const described = places.map(({ kind, id, title }) => `  ${kind} ${id}: ${title}`);
  return [`${clause.id} ${clause.text}`, ...(described.length === 0 ? ['  nowhere'] : described)];
}

function asTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}

function counted(count: number, noun: string): string {
  return count === 0 ? `no ${noun}` : `${count} ${noun}${count === 1 ? '' : 's'}`;
}
