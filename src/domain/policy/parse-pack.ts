import { otherTool, type Pack, type Way } from './pack.ts';
import type { OrganisationData, PackData, ToolData } from './pack-files.ts';
import { parseOrganisation, parseTool } from './parsing/catalogue.ts';
import { parseChanges, parseFactList, readFacts } from './parsing/facts.ts';
import { KnownFacts, textMap } from './parsing/known-facts.ts';
import { parseMatrix } from './parsing/matrix.ts';
import { type Entry, PackReader } from './parsing/pack-reader.ts';
import type { Parsing } from './parsing/parsing.ts';
import { parseGaps, parsePromises } from './parsing/promises.ts';
import { parsePriors, parseQuestionPages } from './parsing/questions.ts';
import {
  parseChecklists,
  parseConditions,
  parseContacts,
  parseGuidancePages,
  parseReadings,
  parseWordsToAvoid,
} from './parsing/reading.ts';
import { parseRules } from './parsing/rules.ts';
import { parseClauses, parseDocuments, parseLinks } from './parsing/sources.ts';
import type { PolicyFile, PolicyProblem } from './problem.ts';

export type ParsedPack = {
  /** Null where so much is wrong that no question could be answered. */
  readonly pack: Pack | null;
  readonly problems: readonly PolicyProblem[];
};

/**
 * Turns the files of a guidance pack into a pack. Every mistake is reported with its file and line. A rule with an unknown
 * name in it is kept and marked as faulty, so that answers become more careful and never milder.
 */
export function parsePack(files: readonly PolicyFile[]): ParsedPack {
  const reader = new PackReader(files);
  const { problems } = reader;
  // A pack that misses a file may miss the rule that forbids, so nothing is answered from what is left of it.
  if (problems.length > 0) return { pack: null, problems };
  const main = reader.only('pack');
  const facts = reader.only('facts');
  if (main === undefined || facts === undefined || reader.files('rules').length === 0) {
    reader.problem(
      { file: 'pack.yaml', line: 1 },
      'the folder holds no guidance pack',
      'It needs pack.yaml, facts.yaml and at least one file in rules.',
    );
    return { pack: null, problems };
  }
  const toolId = (entry: Entry<ToolData>) => entry.data.id;
  const tools = reader.unique('tools', 'tools', toolId, 'tool');
  const organisationId = (entry: Entry<OrganisationData>) => entry.data.id;
  const organisations = reader.unique('organisations', 'organisations', organisationId, 'organisation');
  const known = new KnownFacts(reader, [...tools.keys(), otherTool]);
  const parsing: Parsing = { reader, known };
  // Everything below names facts.
  readFacts(parsing, facts, { tools, organisations });
  const pack: Pack = {
    ...headOf(parsing, main),
    facts: known.facts,
    changes: parseChanges(parsing, facts),
    neverChanges: parseFactList(parsing, facts, 'neverChanges'),
    aboutTool: parseFactList(parsing, facts, 'aboutTool'),
    rules: parseRules(parsing),
    conditions: parseConditions(reader),
    pages: parseQuestionPages(parsing),
    organisations: new Map([...organisations].map(([id, entry]) => [id, parseOrganisation(parsing, entry)])),
    tools: new Map([...tools].map(([id, entry]) => [id, parseTool(parsing, entry)])),
    clauses: parseClauses(reader),
    documents: parseDocuments(reader),
    links: parseLinks(reader),
    contacts: parseContacts(reader),
    checklists: parseChecklists(reader),
    guidancePages: parseGuidancePages(reader),
    readings: parseReadings(reader),
    promises: parsePromises(parsing),
    gaps: parseGaps(parsing),
    priors: parsePriors(parsing),
    matrix: parseMatrix(parsing),
    wordsToAvoid: parseWordsToAvoid(reader),
    upkeep: reader.upkeep,
  };
  return { pack, problems };
}

// What stands in pack.yaml.
function headOf({ reader, known }: Parsing, file: PolicyFile) {
  const { words, meanwhile, ways, managersGuidance, ...head } = file.data as PackData;
  return {
    at: reader.at(file, []),
    placeIn: (at, path) => reader.placeIn(at, path),
    id: head.id,
    label: head.label,
    languages: head.languages,
    department: head.department,
    defaultContact: head.defaultContact,
    reviewContact: head.reviewContact,
    useText: words.use,
    headlines: new Map(Object.entries(words.headlines)),
    silence: head.silence,
    datedText: words.dated,
    meanwhile: {
      tools: meanwhile.tools,
      sets: textMap(meanwhile.sets),
      leavesOut: new Set(meanwhile.leavesOut),
      notFor: (meanwhile.notFor ?? []).map(
        (when, index) => known.when(when, file, ['meanwhile', 'notFor', index]).when,
      ),
    },
    managersGuidance:
      managersGuidance === undefined
        ? null
        : {
            ...managersGuidance,
            none: String(managersGuidance.none),
            goAhead: String(managersGuidance.goAhead),
            refusal: String(managersGuidance.refusal),
          },
    ways: ways.map((way, index): Way => {
      const here = ['ways', index];
      for (const { fact } of way.asks)
        known.factName(fact, { file: file.name, line: file.lineOf([...here, 'asks']) });
      return {
        id: way.id,
        title: way.title,
        facts: textMap(way.facts),
        asks: way.asks,
        steps: way.steps.map((step, place) => ({
          tool: step.tool,
          when: known.when(step.when, file, [...here, 'steps', place, 'when']).when,
        })),
      };
    }),
  } satisfies Partial<Pack>;
}
