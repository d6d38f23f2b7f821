/** Rows as text in columns; the first column to the left, the others to the right. The first row is the heading. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) =>
        column === 0 ? (row[0] ?? '').padEnd(width) : (row[column] ?? '').padStart(width),
      )
      .join('  ')
      .trimEnd();
  const [heading, ...others] = rows.map(line);
  return [heading, widths.map((width) => '-'.repeat(width)).join('  '), ...others].join('\n');
}

/** A whole number with thousands apart: 1,234,567. */
export function grouped(figure: number): string {
  return Math.round(figure).toLocaleString('en-GB');
}
