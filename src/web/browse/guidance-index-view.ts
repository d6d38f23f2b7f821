import type { Page } from '#domain/policy/pack.ts';
import type { PageModel } from '../render.ts';
import { guidanceHref } from './guidance-address.ts';
import { page, type View } from './page.ts';

export type GuidanceIndexModel = PageModel & {
  readonly documents: readonly string[];
  /** Whether the pack has a table of which tool is for which information. */
  readonly hasMatrix: boolean;
  readonly groups: readonly { readonly title: string; readonly pages: readonly Entry[] }[];
};

type Entry = { readonly title: string; readonly href: string; readonly summary: string };

const groupTitles: readonly (readonly [group: Page['group'], title: string])[] = [
  ['guidance', 'Using tools for work'],
  ['video', 'Video calls'],
  ['help', 'Getting help'],
];

/** Every guidance page, by group. */
export const guidanceIndexView: View = (web) => {
  const { pack } = web.needs.policy();
  const pages = [...pack.guidancePages.values()];
  return page<GuidanceIndexModel>(web, 'guidance-index', {
    title: 'Guidance',
    hasMatrix: pack.matrix !== null,
    section: '/guidance',
    documents: [...pack.documents.values()].map(({ title, datedText }) => `${title} (${datedText})`),
    groups: groupTitles.map(([group, title]) => ({
      title,
      pages: pages.filter((one) => one.group === group).map(entryOf),
    })),
  });
};

function entryOf({ id, title, summary }: Page): Entry {
  return { title, href: guidanceHref(id), summary };
}
