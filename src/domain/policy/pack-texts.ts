import type { Pack } from './pack.ts';
import type { BlockData } from './pack-files.ts';
import type { Place } from './problem.ts';

/** A text that staff read, and where it stands: the entry and what inside it. */
export type StaffText = {
  readonly text: string;
  readonly where: readonly [at: Place, ...path: (string | number)[]];
  /** The most words that the whole text may have, where that is fewer than for any sentence. */
  readonly mostWords?: number;
};

/** What an answer asks for is read as a checklist, so it has at most this many words. */
export const longestCondition = 15;

/** Every text of the pack that staff read. Names that others gave (documents, links, tools) are not among them. */
export function textsForStaff(pack: Pack): StaffText[] {
  const texts: StaffText[] = [];
  const add = (text: string | null | undefined, ...where: StaffText['where']): void => {
    if (text !== undefined && text !== null) texts.push({ text, where });
  };
  addHead(pack, add);
  for (const { at, title, because } of pack.rules) {
    add(title, at, 'title');
    add(because, at, 'because');
  }
  for (const { at, text } of pack.conditions.values()) {
    texts.push({ text, where: [at, 'text'], mostWords: longestCondition });
  }
  for (const { at, label, values, valuesFrom } of pack.facts.values()) {
    add(label, at, 'label');
    if (valuesFrom !== 'list') continue;
    for (const [index, value] of values.entries()) {
      for (const field of ['label', 'hint', 'phrase'] as const) add(value[field], at, 'values', index, field);
    }
  }
  for (const { at, say, decidedBy } of pack.changes) {
    texts.push({ text: say, where: [at, 'say'], mostWords: longestCondition });
    add(decidedBy, at, 'decidedBy');
  }
  addQuestions(pack, add);
  for (const { at, sections, title, summary } of pack.guidancePages.values()) {
    add(title, at, 'title');
    add(summary, at, 'summary');
    for (const [section, { heading, blocks }] of sections.entries()) {
      add(heading, at, 'sections', section, 'heading');
      for (const [place, block] of blocks.entries())
        addBlock(block, add, [at, 'sections', section, 'blocks', place]);
    }
  }
  addLists(pack, add);
  for (const [index, { eachItsOwn }] of (pack.matrix?.filters ?? []).entries())
    if (pack.matrix !== null) add(eachItsOwn, pack.matrix.at, 'filters', index, 'eachItsOwn');
  for (const { at, label, hint } of pack.matrix?.information ?? []) {
    add(label, at, 'label');
    add(hint, at, 'hint');
  }
  for (const { at, text } of pack.clauses.values()) add(text, at, 'text');
  return texts;
}

type Add = (text: string | null | undefined, ...where: StaffText['where']) => void;

function addHead(pack: Pack, add: Add): void {
  add(pack.useText, pack.at, 'words', 'use');
  for (const [key, text] of pack.headlines) add(text, pack.at, 'words', 'headlines', key);
  add(pack.datedText, pack.at, 'words', 'dated');
  add(pack.silence.because, pack.at, 'silence', 'because');
  for (const [index, { title, asks }] of pack.ways.entries()) {
    add(title, pack.at, 'ways', index, 'title');
    for (const [place, { note }] of asks.entries()) add(note, pack.at, 'ways', index, 'asks', place, 'note');
  }
}

function addQuestions(pack: Pack, add: Add): void {
  for (const page of pack.pages) {
    add(page.title, page.at, 'title');
    add(page.lead, page.at, 'lead');
    for (const { at, text, hint, why, help, options } of page.questions) {
      for (const [field, value] of Object.entries({ text, hint, why, help })) add(value, at, field);
      for (const [index, option] of options.entries()) {
        add(option.label, at, 'options', index, 'label');
        add(option.hint, at, 'options', index, 'hint');
      }
    }
  }
}

function addBlock(block: BlockData, add: Add, where: StaffText['where']): void {
  if ('list' in block)
    for (const [index, { text }] of block.list.entries()) add(text, ...where, 'list', index, 'text');
  else if ('steps' in block) {
    for (const [index, { text }] of block.steps.entries()) add(text, ...where, 'steps', index, 'text');
  } else if ('warning' in block) add(block.warning, ...where, 'warning');
  else if ('text' in block) add(block.text, ...where, 'text');
}

function addLists(pack: Pack, add: Add): void {
  for (const { at, title, intro, items } of pack.checklists.values()) {
    add(title, at, 'title');
    add(intro, at, 'intro');
    for (const [index, { text, hint }] of items.entries()) {
      add(text, at, 'items', index, 'text');
      add(hint, at, 'items', index, 'hint');
    }
  }
  for (const { at, name, for: purpose, note } of pack.contacts.values()) {
    add(name, at, 'name');
    add(purpose, at, 'for');
    add(note, at, 'note');
  }
  for (const { at, name } of pack.organisations.values()) add(name, at, 'name');
  for (const { at, note } of pack.links.values()) add(note, at, 'note');
  for (const { at, note, formerlyListed } of pack.tools.values()) {
    add(note, at, 'note');
    add(formerlyListed?.note, at, 'formerlyListed', 'note');
  }
  for (const { at, question, literal, reading } of pack.readings) {
    for (const [field, value] of Object.entries({ question, literal, reading })) add(value, at, field);
  }
}
