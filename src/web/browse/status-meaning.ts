import type { Pack } from '#domain/policy/pack.ts';
import { catalogueFact } from '#usecases/catalogue-facts.ts';
import { guidanceHref, pagesAbout } from './guidance-address.ts';

/** The guidance page that explains the words for a status: the one about the clauses that the fact itself cites. */
export function meaningsHref(pack: Pack): string | null {
  const [best] = pagesAbout(pack, catalogueFact(pack, 'status')?.cites ?? [], 1);
  return best === undefined ? null : guidanceHref(best.id);
}
