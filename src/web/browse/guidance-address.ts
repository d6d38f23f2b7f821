import type { Pack, Page } from '#domain/policy/pack.ts';

/** Guidance pages with an address of their own, because people look for them first. */
const ownAddresses: Readonly<Record<string, string>> = { help: '/help', 'went-wrong': '/something-wrong' };

/** Where a guidance page stands. */
export function guidanceHref(id: string): string {
  return ownAddresses[id] ?? `/guidance/${id}`;
}

/** Where a checklist stands: on the first guidance page that shows it. Undefined where none does. */
export function checklistHref(pack: Pack, id: string): string | undefined {
  for (const page of pack.guidancePages.values()) {
    if (blocksOf(page).some((block) => 'checklist' in block && block.checklist === id))
      return `${guidanceHref(page.id)}#${checklistAnchor(id)}`;
  }
  return undefined;
}

export function checklistAnchor(id: string): string {
  return `checklist-${id}`;
}

/** Every clause that a guidance page cites, its checklists included. */
export function citesOfPage(pack: Pack, page: Page): string[] {
  return blocksOf(page).flatMap((block) => {
    const own = 'cites' in block ? (block.cites ?? []) : [];
    if ('list' in block) return block.list.flatMap(({ cites }) => cites ?? []);
    if ('steps' in block) return block.steps.flatMap(({ cites }) => cites ?? []);
    if (!('checklist' in block)) return own;
    const list = pack.checklists.get(block.checklist);
    return [...own, ...(list?.cites ?? []), ...(list?.items.flatMap(({ cites }) => cites) ?? [])];
  });
}

/** The guidance pages that say most about these clauses, at most `limit`, the best first. */
export function pagesAbout(pack: Pack, clauses: Iterable<string>, limit: number): Page[] {
  const wanted = new Set(clauses);
  const rated = [...pack.guidancePages.values()].map((page) => {
    const shared = citesOfPage(pack, page).filter((id) => wanted.has(id));
    return { page, clauses: new Set(shared).size, times: shared.length };
  });
  // Of two pages that hold as many of them, the one that comes back to them more often is more about them.
  return rated
    .filter(({ clauses: held }) => held > 0)
    .sort((a, b) => b.clauses - a.clauses || b.times - a.times)
    .slice(0, limit)
    .map(({ page }) => page);
}

function blocksOf(page: Page): Page['sections'][number]['blocks'] {
  return page.sections.flatMap(({ blocks }) => blocks);
}
