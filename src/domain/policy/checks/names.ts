import { citationsIn } from '../citing.ts';
import { organisationContact } from '../contacts.ts';
import { notApplicable, type Pack } from '../pack.ts';
import type { BlockData } from '../pack-files.ts';
import type { PolicyProblem } from '../problem.ts';
import { inBackticks, unknownName, type Where } from './finding.ts';

/** Names of clauses, conditions, tools, contacts, pages, checklists, links and rules that the pack does not hold. */
export function checkNames(pack: Pack): PolicyProblem[] {
  return [
    ...citationsIn(pack).flatMap(({ clauses, at, path }) =>
      clauses.flatMap((clause, index) =>
        unknownName(pack, [at, ...path, index], 'clause', clause, pack.clauses),
      ),
    ),
    ...checkHead(pack),
    ...checkRules(pack),
    ...checkConditions(pack),
    ...checkContacts(pack),
    ...checkPages(pack),
    ...checkReadings(pack),
    ...checkDeviceKinds(pack),
  ];
}

function checkHead(pack: Pack): PolicyProblem[] {
  const { at, silence, meanwhile, ways, defaultContact, reviewContact } = pack;
  return [
    ...unknownName(pack, [at, 'defaultContact'], 'contact', defaultContact, pack.contacts),
    ...unknownName(pack, [at, 'reviewContact'], 'contact', reviewContact, pack.contacts),
    ...silence.adds.flatMap((id, index) => condition(pack, [at, 'silence', 'adds', index], id)),
    ...meanwhile.tools.flatMap((id, index) => tool(pack, [at, 'meanwhile', 'tools', index], id)),
    ...[...meanwhile.leavesOut].flatMap((id, index) => tool(pack, [at, 'meanwhile', 'leavesOut', index], id)),
    ...factValues(pack, [at, 'meanwhile', 'sets'], meanwhile.sets),
    ...ways.flatMap((way, index) => [
      ...factValues(pack, [at, 'ways', index, 'facts'], way.facts),
      ...way.steps.flatMap((step, place) =>
        tool(pack, [at, 'ways', index, 'steps', place, 'tool'], step.tool),
      ),
    ]),
    ...[...pack.headlines.keys()].flatMap((key) =>
      unknownName(pack, [at, 'words', 'headlines', key], 'headline', key, headlineKeys),
    ),
  ];
}

// The five verdicts, where guidance comes in four kinds: from whom it is, or the one thing to find out first.
const headlineKeys = new Set([
  'allowed',
  'allowed-with-conditions',
  'ask',
  'open',
  'find-out',
  'wait',
  'help',
  'request-review',
  'not-allowed',
]);

function checkRules(pack: Pack): PolicyProblem[] {
  return pack.rules.flatMap(({ at, adds, ask, examples }) => [
    ...adds.flatMap((id, index) => condition(pack, [at, 'adds', index], id)),
    ...(ask === undefined ? [] : contact(pack, [at, 'ask'], ask)),
    ...examples.flatMap((example) =>
      example.tags.flatMap((id, index) => condition(pack, [example.at, 'tags', index], id)),
    ),
  ]);
}

function checkConditions(pack: Pack): PolicyProblem[] {
  return [...pack.conditions.values()].flatMap((one) => [
    ...(one.contact === undefined ? [] : contact(pack, [one.at, 'contact'], one.contact)),
    ...(one.tool === undefined ? [] : tool(pack, [one.at, 'tool'], one.tool)),
    ...(one.page === undefined
      ? []
      : unknownName(pack, [one.at, 'page'], 'page', one.page, pack.guidancePages)),
  ]);
}

function checkContacts(pack: Pack): PolicyProblem[] {
  return [
    ...[...pack.contacts.values()].flatMap(({ at, fallback }) =>
      fallback === undefined ? [] : unknownName(pack, [at, 'fallback'], 'contact', fallback, pack.contacts),
    ),
    ...[...pack.organisations.values()].flatMap(({ at, contact: id }) =>
      unknownName(pack, [at, 'contact'], 'contact', id, pack.contacts),
    ),
  ];
}

function checkPages(pack: Pack): PolicyProblem[] {
  return [...pack.guidancePages.values()].flatMap(({ at, sections }) =>
    sections.flatMap(({ blocks }, section) =>
      blocks.flatMap((block, place) => checkBlock(pack, [at, 'sections', section, 'blocks', place], block)),
    ),
  );
}

function checkBlock(pack: Pack, where: Where, block: BlockData): PolicyProblem[] {
  if ('checklist' in block) {
    return unknownName(pack, [...where, 'checklist'], 'checklist', block.checklist, pack.checklists);
  }
  if ('contact' in block) return contact(pack, [...where, 'contact'], block.contact);
  if ('link' in block) return unknownName(pack, [...where, 'link'], 'link', block.link, pack.links);
  return [];
}

function checkReadings(pack: Pack): PolicyProblem[] {
  const rules = new Set(pack.rules.map(({ id }) => id));
  return pack.readings.flatMap(({ at, shownWith }) =>
    shownWith.flatMap((id, index) => unknownName(pack, [at, 'shownWith', index], 'rule', id, rules)),
  );
}

// How to get a tool is told by kind of device, which is a value of some fact of the pack.
function checkDeviceKinds(pack: Pack): PolicyProblem[] {
  const lists = [...pack.facts.values()].filter(({ valuesFrom }) => valuesFrom === 'list');
  const values = new Set(lists.flatMap((fact) => fact.values.map(({ id }) => id)));
  return [...pack.tools.values()].flatMap(({ at, get }) =>
    [...get.keys()].flatMap((kind) => unknownName(pack, [at, 'get', kind], 'kind of device', kind, values)),
  );
}

function condition(pack: Pack, where: Where, id: string): PolicyProblem[] {
  return unknownName(pack, where, 'condition', id, pack.conditions);
}

function tool(pack: Pack, where: Where, id: string): PolicyProblem[] {
  return unknownName(pack, where, 'tool', id, pack.tools);
}

function contact(pack: Pack, where: Where, id: string): PolicyProblem[] {
  return unknownName(pack, where, 'contact', id, new Set([...pack.contacts.keys(), organisationContact]));
}

/** Facts with values, such as `{ purpose: share-transfer }`, of which a name or a value is unknown. */
export function factValues(pack: Pack, where: Where, facts: ReadonlyMap<string, string>): PolicyProblem[] {
  return [...facts].flatMap(([id, value]) => {
    const fact = pack.facts.get(id);
    if (fact === undefined) return unknownName(pack, [...where, id], 'fact', id, pack.facts);
    return unknownValue(pack, [...where, id], id, value);
  });
}

/** Nothing where `value` is one of the fact's. A fact whose values are tools takes any name. */
export function unknownValue(pack: Pack, where: Where, factId: string, value: string): PolicyProblem[] {
  const fact = pack.facts.get(factId);
  if (fact === undefined || fact.valuesFrom === 'tools') return [];
  const known = new Set([...fact.values.map(({ id }) => id), notApplicable]);
  const [problem] = unknownName(pack, where, 'value', value, known);
  if (problem === undefined) return [];
  const help = problem.help ?? `It can be ${inBackticks(known)}.`;
  return [{ ...problem, message: `unknown value \`${value}\` of \`${factId}\``, help }];
}
