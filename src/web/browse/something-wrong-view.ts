import type { Pack, Page } from '#domain/policy/pack.ts';
import type { PageModel } from '../render.ts';
import { type SectionModel, sectionsOf } from './blocks.ts';
import { type ContactModel, contactModel, type Letter } from './contact-model.ts';
import { citesOfPage } from './guidance-address.ts';
import { page, type View } from './page.ts';
import { documentsOf } from './sources.ts';

export type SomethingWrongModel = PageModel & {
  readonly contact: ContactModel;
  readonly ready: readonly string[];
  readonly sections: readonly SectionModel[];
  readonly documents: readonly string[];
  readonly links: readonly { readonly text: string; readonly href: string }[];
};

const ready = [
  'Which tool it was.',
  'What information is involved, and how it is marked.',
  'What happened, and when.',
  'Who could have seen the information.',
  'How we can reach you.',
];

/** The contact first, then what to do. It asks nothing: who comes here has no time for questions. */
export const somethingWrongView: View = (web) => {
  const { pack } = web.needs.policy();
  const wanted = pack.guidancePages.get('went-wrong');
  return page<SomethingWrongModel>(web, 'something-wrong', {
    title: 'Something has gone wrong',
    section: '/something-wrong',
    contact: contactModel(pack, firstContact(wanted) ?? pack.defaultContact, letter),
    ready,
    sections: wanted === undefined ? [] : withoutContacts(pack, wanted),
    documents: wanted === undefined ? [] : documentsOf(pack, citesOfPage(pack, wanted)),
    links: [
      { text: 'I already use a tool that I should not', href: '/already-use-it' },
      { text: 'Who to ask about something else', href: '/help' },
    ],
  });
};

const letter: Letter = {
  subject: 'Something has gone wrong',
  body: `${ready.map((line) => `${line.replace(/\.$/, '')}:\n\n`).join('')}`,
};

function firstContact(wanted: Page | undefined): string | undefined {
  const blocks = wanted?.sections.flatMap((section) => section.blocks) ?? [];
  return blocks.flatMap((block) => ('contact' in block ? [block.contact] : []))[0];
}

// The contact stands at the top already.
function withoutContacts(pack: Pack, wanted: Page): SectionModel[] {
  return sectionsOf(pack, wanted).map((section) => ({
    ...section,
    blocks: section.blocks.filter(({ kind }) => kind !== 'contacts'),
  }));
}
