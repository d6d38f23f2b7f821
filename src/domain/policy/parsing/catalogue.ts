import type { Organisation, Tool } from '../pack.ts';
import type { OrganisationData, ToolData } from '../pack-files.ts';
import { textMap } from './known-facts.ts';
import type { Entry } from './pack-reader.ts';
import type { Parsing } from './parsing.ts';

/** One organisation, with its local rules. */
export function parseOrganisation(
  { known }: Parsing,
  { data, at, file, path }: Entry<OrganisationData>,
): Organisation {
  return {
    at,
    id: data.id,
    name: data.name,
    contact: data.contact,
    isUnknown: data.isUnknown ?? false,
    cites: data.cites ?? [],
    records: data.records.map((record, index) => {
      const here = [...path, 'records', index];
      if (known.factName(record.fact, { file: file.name, line: file.lineOf(here) }))
        known.value(record.fact, String(record.value), { file: file.name, line: file.lineOf(here) });
      return {
        fact: record.fact,
        value: String(record.value),
        when: known.when(record.when ?? {}, file, [...here, 'when']).when,
      };
    }),
  };
}

/** One tool, with what the catalogue holds of it. */
export function parseTool({ known }: Parsing, { data, at, file, path }: Entry<ToolData>): Tool {
  for (const [fact, value] of Object.entries(data.facts ?? {})) {
    const place = { file: file.name, line: file.lineOf([...path, 'facts']) };
    if (known.factName(fact, place)) known.value(fact, String(value), place);
  }
  for (const [fact, values] of Object.entries(data.fits ?? {})) {
    const place = { file: file.name, line: file.lineOf([...path, 'fits']) };
    if (known.factName(fact, place)) for (const value of values) known.value(fact, String(value), place);
  }
  return {
    at,
    id: data.id,
    name: data.name,
    ...(data.phrase === undefined ? {} : { phrase: data.phrase }),
    facts: textMap(data.facts ?? {}),
    ...(data.listed === undefined ? {} : { listed: data.listed }),
    task: data.task,
    fits: new Map(Object.entries(data.fits ?? {}).map(([fact, values]) => [fact, values.map(String)])),
    aliases: data.aliases ?? [],
    oldNames: data.oldNames ?? [],
    newNames: data.newNames ?? [],
    domains: data.domains ?? [],
    get: new Map(Object.entries(data.get ?? {})),
    ...(data.formerlyListed === undefined ? {} : { formerlyListed: data.formerlyListed }),
    ...(data.note === undefined ? {} : { note: data.note }),
  };
}
