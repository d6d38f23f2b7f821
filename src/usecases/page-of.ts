/** Which part of a list is wanted: at most `limit` entries, beginning after the page that gave `cursor`. */
export type Paging = { readonly limit: number; readonly cursor?: string };

/** A mistake in how a list was asked for. `parameter` is its name (`cursor`, `kind`). */
export type ListProblem = {
  readonly parameter: string;
  readonly detail: string;
  readonly suggestion?: string;
};

/** Part of a list. `nextCursor` asks for the part after it; null at the end. */
export type Page<T> = { readonly entries: readonly T[]; readonly nextCursor: string | null };

export type Paged<T> =
  | { readonly ok: true; readonly page: Page<T> }
  | { readonly ok: false; readonly problems: readonly ListProblem[] };

/**
 * Cuts one page out of a list. A cursor names the last entry of the page before, so that a page stays right when entries
 * are added or taken away elsewhere. It is opaque: nothing but this function reads it.
 */
export function pageOf<T>(
  list: readonly T[],
  idOf: (entry: T) => string,
  { limit, cursor }: Paging,
): Paged<T> {
  const last = cursor === undefined ? undefined : readCursor(cursor);
  const start = last === undefined ? 0 : list.findIndex((entry) => idOf(entry) === last) + 1;
  if (last !== undefined && start === 0) return { ok: false, problems: [wrongCursor] };
  const entries = list.slice(start, start + limit);
  const end = entries.at(-1);
  const hasMore = end !== undefined && start + limit < list.length;
  return { ok: true, page: { entries, nextCursor: hasMore ? writeCursor(idOf(end)) : null } };
}

/** For a cursor that is none of a list. */
export const wrongCursor: ListProblem = {
  parameter: 'cursor',
  detail: 'this cursor does not belong to this list',
  suggestion: 'leave `cursor` out to begin at the start, then take `nextCursor` from each answer',
};

const mark = 'after:';

function writeCursor(id: string): string {
  return Buffer.from(`${mark}${id}`).toString('base64url');
}

// What is not a cursor of ours becomes an id that no list has.
function readCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  return text.startsWith(mark) ? text.slice(mark.length) : '';
}
