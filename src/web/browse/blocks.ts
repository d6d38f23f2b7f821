import type { Checklist, Link, Pack, Page } from '#domain/policy/pack.ts';
import type { BlockData } from '#domain/policy/pack-files.ts';
import { type ContactModel, contactModel } from './contact-model.ts';
import { checklistAnchor } from './guidance-address.ts';
import { type SourceModel, sourcesOf } from './sources.ts';

/** A section of a guidance page as the template prints it. `anchor` is unique on the page. */
export type SectionModel = {
  readonly heading: string;
  readonly anchor: string;
  readonly blocks: readonly BlockModel[];
};

export type BlockModel =
  | { readonly kind: 'text' | 'warning'; readonly text: string; readonly sources: readonly SourceModel[] }
  | {
      readonly kind: 'list' | 'steps';
      readonly items: readonly string[];
      readonly sources: readonly SourceModel[];
    }
  | {
      readonly kind: 'checklist';
      readonly checklist: ChecklistModel;
      readonly sources: readonly SourceModel[];
    }
  | { readonly kind: 'contacts'; readonly contacts: readonly ContactModel[] }
  | { readonly kind: 'link'; readonly link: LinkModel; readonly sources: readonly SourceModel[] };

export type ChecklistModel = {
  readonly anchor: string;
  /** Null where the heading of the section says the same. */
  readonly title: string | null;
  readonly intro: string | null;
  readonly items: readonly { readonly text: string; readonly hint: string | null }[];
};

/** A link of the pack. Where its address is not held, `ask` is whom to ask for it. */
export type LinkModel = {
  readonly title: string;
  readonly text: string | null;
  readonly href: string | null;
  readonly host: string | null;
  readonly ask: ContactModel | null;
};

/** The sections of a guidance page, ready to print. */
export function sectionsOf(pack: Pack, page: Page): SectionModel[] {
  const anchors = new Set<string>();
  return page.sections.map(({ heading, blocks }) => {
    const anchor = uniqueAnchor(heading, anchors);
    return {
      heading,
      anchor,
      blocks: joinSources(joinContacts(blocks.flatMap((block) => blockModel(pack, block, heading) ?? []))),
    };
  });
}

// What the block names but the pack does not hold is left out; `policy check` reports it.
function blockModel(pack: Pack, block: BlockData, heading: string): BlockModel | undefined {
  if ('contact' in block) return { kind: 'contacts', contacts: [contactModel(pack, block.contact)] };
  if ('list' in block) return { kind: 'list', ...itemsOf(pack, block.list) };
  if ('steps' in block) return { kind: 'steps', ...itemsOf(pack, block.steps) };
  const sources = sourcesOf(pack, block.cites ?? []);
  if ('warning' in block) return { kind: 'warning', text: block.warning, sources };
  if ('checklist' in block) {
    const checklist = pack.checklists.get(block.checklist);
    return checklist === undefined
      ? undefined
      : { kind: 'checklist', ...checklistModel(pack, checklist, heading) };
  }
  if ('link' in block) {
    const link = pack.links.get(block.link);
    return link === undefined
      ? undefined
      : { kind: 'link', link: linkModel(pack, link, block.text), sources };
  }
  return { kind: 'text', text: block.text, sources };
}

function itemsOf(
  pack: Pack,
  items: readonly { readonly text: string; readonly cites?: readonly string[] }[],
) {
  const cites = items.flatMap((item) => item.cites ?? []);
  return { items: items.map(({ text }) => text), sources: sourcesOf(pack, cites) };
}

function checklistModel(pack: Pack, { id, title, intro, items, cites }: Checklist, heading: string) {
  const checklist: ChecklistModel = {
    anchor: checklistAnchor(id),
    title: title === heading ? null : title,
    intro: intro ?? null,
    items: items.map(({ text, hint }) => ({ text, hint: hint ?? null })),
  };
  return { checklist, sources: sourcesOf(pack, [...cites, ...items.flatMap((item) => item.cites)]) };
}

function linkModel(pack: Pack, { title, url }: Link, text: string | undefined): LinkModel {
  return {
    title,
    text: text ?? null,
    href: url,
    host: url === null ? null : new URL(url).host,
    ask: url === null ? contactModel(pack, pack.defaultContact, { subject: `Where is “${title}”?` }) : null,
  };
}

// Contacts that follow one another are one list.
function joinContacts(blocks: readonly BlockModel[]): BlockModel[] {
  const joined: BlockModel[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    if (block.kind === 'contacts' && last?.kind === 'contacts') {
      joined[joined.length - 1] = { kind: 'contacts', contacts: [...last.contacts, ...block.contacts] };
    } else joined.push(block);
  }
  return joined;
}

// Blocks that follow one another and come from the same section of a document name it once, below the last of them.
function joinSources(blocks: readonly BlockModel[]): BlockModel[] {
  const joined: BlockModel[] = [];
  for (const block of blocks) {
    const last = joined.at(-1);
    const earlier = last === undefined ? undefined : onlySource(last);
    const source = onlySource(block);
    if (last === undefined || earlier === undefined || source === undefined || earlier.text !== source.text) {
      joined.push(block);
      continue;
    }
    const more = source.clauses.filter(({ id }) => !earlier.clauses.some((one) => one.id === id));
    joined[joined.length - 1] = { ...last, sources: [] } as BlockModel;
    joined.push({
      ...block,
      sources: [{ ...earlier, clauses: [...earlier.clauses, ...more] }],
    } as BlockModel);
  }
  return joined;
}

function onlySource(block: BlockModel): SourceModel | undefined {
  if (block.kind === 'contacts' || block.kind === 'checklist') return undefined;
  return block.sources.length === 1 ? block.sources[0] : undefined;
}

function uniqueAnchor(heading: string, taken: Set<string>): string {
  const plain =
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'section';
  let anchor = plain;
  for (let number = 2; taken.has(anchor); number++) anchor = `${plain}-${number}`;
  taken.add(anchor);
  return anchor;
}
