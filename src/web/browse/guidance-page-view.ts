import type { Pack, Page } from '#domain/policy/pack.ts';
import { dayInWords } from '#domain/shared/day.ts';
import type { PageModel } from '../render.ts';
import { words } from '../words.ts';
import { type SectionModel, sectionsOf } from './blocks.ts';
import { citesOfPage, guidanceHref } from './guidance-address.ts';
import { page, type View } from './page.ts';
import { documentsOf } from './sources.ts';

export type GuidancePageModel = PageModel & {
  readonly summary: string;
  /** The documents that the page rests on, with their dates. */
  readonly documents: readonly string[];
  /** When its owner last read it through, in words. */
  readonly confirmed: string | null;
  readonly sections: readonly SectionModel[];
  readonly hasContents: boolean;
  /** Where the page belongs to something that people do here. */
  readonly start: { readonly text: string; readonly href: string } | null;
};

/** A guidance page of the pack. */
export const guidancePageView: View = (web, { params: { id = '' } }) => {
  const { pack } = web.needs.policy();
  const wanted = pack.guidancePages.get(id);
  if (wanted === undefined) return { kind: 'nothing' };
  const href = guidanceHref(id);
  if (href !== `/guidance/${id}`) return { kind: 'elsewhere', href };
  return page<GuidancePageModel>(web, 'guidance-page', {
    ...guidancePageModel(pack, wanted),
    breadcrumbs: [
      { text: 'Home', href: '/' },
      { text: 'Guidance', href: '/guidance' },
    ],
    section: words.navigation.find((item) => item.href === href)?.href ?? '/guidance',
  });
};

/** What every guidance page shows, wherever it stands. */
export function guidancePageModel(pack: Pack, wanted: Page): GuidancePageModel {
  const way = pack.ways.find(({ id }) => id === wanted.id);
  const upkeep = pack.upkeep.find(({ at }) => at.file === wanted.at.file);
  return {
    title: wanted.title,
    summary: wanted.summary,
    documents: documentsOf(pack, citesOfPage(pack, wanted)),
    confirmed: upkeep === undefined ? null : dayInWords(upkeep.lastConfirmed),
    sections: sectionsOf(pack, wanted),
    hasContents: wanted.sections.length > 3,
    start: way === undefined ? null : { text: way.title, href: '/share' },
  };
}
