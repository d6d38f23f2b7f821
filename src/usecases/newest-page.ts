/**
 * The page in what a store found, which is one entry more than the page where there are more: `next` is the id of its last one, to be given
 * as `before` for the page after it; null on the last page.
 */
export function newestPage<Entry extends { readonly id: string }>(
  found: readonly Entry[],
  length: number,
): { readonly page: readonly Entry[]; readonly next: string | null } {
  const page = found.slice(0, length);
  return { page, next: found.length > length ? (page.at(-1)?.id ?? null) : null };
}
