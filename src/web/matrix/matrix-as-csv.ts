import { stringify } from 'csv-stringify/sync';
import type { Policy } from '#domain/decision/policy.ts';
import { shortHash } from '#domain/versions/version-name.ts';
import type { FoundMatrix } from '#usecases/find-matrix.ts';
import { openWords, verdictWords } from '../words.ts';

/**
 * The matrix as a table for a spreadsheet (RFC 4180): a row for each tool, a column for each kind of information, then what the
 * answers are for, so that a row copied elsewhere still says so. A cell that begins like a formula has a `'` before it.
 */
export function matrixAsCsv(
  { pack, hash }: Policy,
  { filters, information, groups, on }: FoundMatrix,
): string {
  const head = [
    'Kind of tool',
    'Tool',
    'Id',
    ...information.map(({ label }) => label),
    ...filters.map(({ fact }) => fact.label),
    'Guidance',
    'Fingerprint',
    'On',
  ];
  const rows = groups.flatMap(({ kind, rows: own }) =>
    own.map(({ tool, own: mainly, cells }) => [
      kind?.label ?? '',
      tool.name,
      tool.id,
      ...cells.map(({ verdict, settled }) => (settled ? verdictWords[verdict] : openWords).label),
      ...filters.map(({ fact, value }) => {
        const id = value?.id ?? mainly.get(fact.id);
        return fact.values.find((one) => one.id === id)?.label ?? '';
      }),
      pack.label,
      shortHash(hash),
      on,
    ]),
  );
  return stringify([head, ...rows], { bom: true, record_delimiter: 'windows', escape_formulas: true });
}
