import type { Policy } from '#domain/decision/policy.ts';
import type { Fact, FactValue, Pack } from '#domain/policy/pack.ts';
import { findPicture as findPictureOf, type Picture } from '#domain/proof/picture.ts';
import { TooTangled } from '#domain/proof/proving.ts';
import type { Day } from '#domain/shared/day.ts';
import { catalogueFact, valueForTool } from './catalogue-facts.ts';

/** The kinds of tool that a picture can be of. */
export type PictureKinds = { readonly fact: Fact; readonly kinds: readonly FactValue[] };

export type FoundPicture =
  | { readonly outcome: 'ok'; readonly picture: Picture }
  /** The rules whose diagrams grow most, the worst first. */
  | { readonly outcome: 'tangled'; readonly rules: readonly string[] };

/** The kinds of tool of a pack; null where it tells none apart. */
export function pictureKinds(pack: Pack): PictureKinds | null {
  const fact = catalogueFact(pack, 'kind');
  return fact === undefined ? null : { fact, kinds: fact.values };
}

/** The kind with this id; without an id the one of which the guidance names most tools. Undefined: there is no such kind. */
export function chooseKind(pack: Pack, { fact, kinds }: PictureKinds, id?: string): FactValue | undefined {
  if (id !== undefined) return kinds.find((kind) => kind.id === id);
  const listed = [...pack.tools.values()].filter((tool) => tool.listed !== undefined);
  const countOf = (kind: FactValue) =>
    listed.filter((tool) => valueForTool(tool, fact)?.id === kind.id).length;
  return kinds.toSorted((a, b) => countOf(b) - countOf(a))[0];
}

/** How the facts lead to verdicts for one kind of tool, by the rules in force on a day. It takes a tenth of a second. */
export function findPicture(
  { pack, tableOn }: Pick<Policy, 'pack' | 'tableOn'>,
  today: Day,
  kind: string,
): FoundPicture {
  const fact = pictureKinds(pack)?.fact.id ?? '';
  try {
    return { outcome: 'ok', picture: findPictureOf(tableOn(today), pack, fact, kind) };
  } catch (error) {
    if (!(error instanceof TooTangled)) throw error;
    return { outcome: 'tangled', rules: error.rules };
  }
}
