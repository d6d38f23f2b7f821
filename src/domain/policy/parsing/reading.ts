import type { Checklist, Condition, Contact, Pack, Page, Reading } from '../pack.ts';
import type { ConditionData, PageData } from '../pack-files.ts';
import type { Entry, PackReader } from './pack-reader.ts';

/** The conditions, next steps and standing duties that rules add. */
export function parseConditions(reader: PackReader): Map<string, Condition> {
  const idOf = (entry: Entry<ConditionData>) => entry.data.id;
  return new Map(
    [...reader.unique('conditions', 'conditions', idOf, 'condition')].map(([id, { data, at }]) => [
      id,
      {
        ...data,
        acknowledged: new Map(Object.entries(data.acknowledged ?? {})),
        cites: data.cites ?? [],
        at,
      } as Condition,
    ]),
  );
}

/** Whom to ask. */
export function parseContacts(reader: PackReader): Map<string, Contact> {
  type ContactData = Omit<Contact, 'isPerson'> & { kind?: string };
  return new Map(
    [...reader.unique('contacts', 'contacts', (entry: Entry<ContactData>) => entry.data.id, 'contact')].map(
      ([id, { data, at }]) => [
        id,
        {
          ...data,
          at,
          isPerson: data.kind === 'person',
          topics: data.topics ?? [],
          email: data.email ?? null,
          telephone: data.telephone ?? null,
          link: data.link ?? null,
          cites: data.cites ?? [],
        },
      ],
    ),
  );
}

/** The checklists, each with its items. */
export function parseChecklists(reader: PackReader): Map<string, Checklist> {
  const idOf = (entry: Entry<Checklist>) => entry.data.id;
  return new Map(
    [...reader.unique('checklists', 'checklists', idOf, 'checklist')].map(([id, { data, at }]) => [
      id,
      {
        ...data,
        cites: data.cites ?? [],
        items: data.items.map((item) => ({ ...item, cites: item.cites ?? [] })),
        at,
      },
    ]),
  );
}

/** The pages to read. */
export function parseGuidancePages(reader: PackReader): Map<string, Page> {
  const pages = new Map<string, Page>();
  for (const file of reader.files('page')) {
    const data = file.data as PageData;
    const earlier = pages.get(data.id);
    if (earlier !== undefined)
      reader.problem(
        { file: file.name, line: file.lineOf(['id']) },
        `duplicate page id \`${data.id}\``,
        `The first one is in ${earlier.at.file}.`,
      );
    else
      pages.set(data.id, {
        at: reader.at(file, []),
        id: data.id,
        title: data.title,
        summary: data.summary,
        group: data.group as Page['group'],
        sections: data.sections,
      });
  }
  return pages;
}

/** How the owner of the guidance reads what can be read in several ways. */
export function parseReadings(reader: PackReader): Reading[] {
  const idOf = (entry: Entry<Reading>) => entry.data.id;
  return [...reader.unique('readings', 'readings', idOf, 'reading').values()].map(({ data, at }) => ({
    ...data,
    cites: data.cites ?? [],
    at,
  }));
}

/** Words that no sentence of the pack may use. */
export function parseWordsToAvoid(reader: PackReader): Pack['wordsToAvoid'] {
  return reader
    .list<{ avoid: string; use?: string; except?: string[] }>('words', 'words')
    .map(({ data, at }) => ({ ...data, except: data.except ?? [], at }));
}
