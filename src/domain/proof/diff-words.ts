import { canonicalText } from '../policy/canonical.ts';
import {
  type Fact,
  mostValues,
  type Organisation,
  otherTool,
  type Pack,
  type Rule,
  type Tool,
  type When,
} from '../policy/pack.ts';

/** Thrown where two packs cannot be told in the same words. The message says why. */
export class NotComparable extends Error {}

/** Tools that are looked at together: those of which both packs record the same, or some of which they do not (`moved`). */
export type ToolGroup = {
  readonly names: readonly string[];
  /** With every tool that no rule of either pack names and of which both record the same. */
  readonly hasOthers: boolean;
  readonly isMoved: boolean;
};

/** Every tool is in one group, so that what is counted in each can be added up. */
export function groupTools(before: Pack, after: Pack): ToolGroup[] {
  const moved = movedTools(before, after);
  const isMoved = new Set(moved);
  const named = [...new Set([...namedTools(before), ...namedTools(after)])].filter((id) => !isMoved.has(id));
  const groups = inChunks(named).map((names, index) => ({ names, hasOthers: index === 0, isMoved: false }));
  return [
    ...(groups.length === 0 ? [{ names: [], hasOthers: true, isMoved: false }] : groups),
    ...inChunks(moved).map((names) => ({ names, hasOthers: false, isMoved: true })),
  ];
}

/** The tools of which the packs record different values for facts that both have. */
export function movedTools(before: Pack, after: Pack): string[] {
  if (toolFact(before) === undefined || toolFact(after) === undefined) return [];
  return [...new Set([...before.tools.keys(), ...after.tools.keys()])].filter((id) =>
    [...before.facts.keys()].some(
      (fact) =>
        after.facts.has(fact) &&
        before.tools.get(id)?.facts.get(fact) !== after.tools.get(id)?.facts.get(fact),
    ),
  );
}

/**
 * A pack in the words of both: its facts have the values of both, and of the tools it tells apart only those of the group.
 * What it says of a situation that it could describe before stays the same. Throws `NotComparable`.
 */
export function inWordsOfBoth(pack: Pack, before: Pack, after: Pack, group: ToolGroup): Pack {
  const widen = widener(pack, group);
  const facts = new Map<string, Fact>();
  for (const [id, fact] of pack.facts) {
    facts.set(id, {
      ...fact,
      values: valuesOfBoth(id, before, after, group),
      applies: fact.applies.map(widen),
      askedWhen: fact.askedWhen.map(widen),
      table: fact.table.map((row) => ({ ...row, when: widen(row.when) })),
    });
  }
  const organisations = new Map<string, Organisation>();
  for (const [id, organisation] of pack.organisations) {
    const records = organisation.records.map((record) => ({ ...record, when: widen(record.when) }));
    organisations.set(id, { ...organisation, records });
  }
  return {
    ...pack,
    facts,
    organisations,
    tools: toolsOf(pack, before, after, group),
    rules: widenedRules(pack, group),
  };
}

/** The rules of a pack in the words of both, as in `inWordsOfBoth`. */
export function widenedRules(pack: Pack, group: ToolGroup): Rule[] {
  const widen = widener(pack, group);
  return pack.rules.map((rule) => ({ ...rule, when: widen(rule.when) }));
}

/** The values of a fact that only the other pack has. Tools are left out: there is a word for those that are not named. */
export function foreignValues(pack: Pack, other: Pack, id: string): string[] {
  const own = pack.facts.get(id);
  const theirs = other.facts.get(id);
  if (own === undefined || theirs === undefined || own.valuesFrom === 'tools') return [];
  return theirs.values.flatMap((value) => (own.values.some((one) => one.id === value.id) ? [] : [value.id]));
}

/** Everything about a pack that decides which situations can happen, as text. Same text, same situations. */
export function situationsKey({ facts, tools, organisations }: Pack): string {
  return canonicalText({
    facts: [...facts.values()].map((fact) => ({
      ...fact,
      values: fact.values.map(({ id }) => id),
      label: undefined,
      groups: undefined,
      cites: undefined,
      keep: undefined,
      reads: undefined,
      askedWhen: undefined,
    })),
    tools: [...tools.values()].map((tool) => [tool.id, tool.facts, tool.fits]),
    organisations: [...organisations.values()].map(({ id, records }) => [id, records]),
  });
}

/** The fact that says which tool is meant. */
export function toolFact(pack: Pack): Fact | undefined {
  return [...pack.facts.values()].find(({ valuesFrom }) => valuesFrom === 'tools');
}

// One place is for the tools that are not named.
function inChunks(names: readonly string[]): string[][] {
  const size = mostValues - 1;
  return Array.from({ length: Math.ceil(names.length / size) }, (_, chunk) =>
    names.slice(chunk * size, (chunk + 1) * size),
  );
}

function namedTools(pack: Pack): string[] {
  return (toolFact(pack)?.values ?? []).map(({ id }) => id).filter((id) => id !== otherTool);
}

function valuesOfBoth(id: string, before: Pack, after: Pack, group: ToolGroup): Fact['values'] {
  const own = before.facts.get(id);
  const theirs = after.facts.get(id);
  if (own?.valuesFrom === 'tools' || theirs?.valuesFrom === 'tools')
    return [...group.names, otherTool].map((name) => ({ id: name, label: name }));
  const values = new Map([...(own?.values ?? []), ...(theirs?.values ?? [])].map((one) => [one.id, one]));
  if (values.size > mostValues)
    throw new NotComparable(
      `the two packs cannot be compared: \`${id}\` has ${values.size} values in both together, and ${mostValues} is the most`,
    );
  return [...values.values()];
}

// A tool that only the other pack holds is a name that nobody knows, of which nothing is recorded.
function toolsOf(pack: Pack, before: Pack, after: Pack, group: ToolGroup): Map<string, Tool> {
  const tools = new Map<string, Tool>();
  for (const id of group.names) {
    const own = pack.tools.get(id);
    const any = own ?? after.tools.get(id) ?? before.tools.get(id);
    if (any !== undefined) tools.set(id, own ?? { ...any, facts: new Map(), fits: new Map() });
  }
  if (!group.hasOthers) return tools;
  const apart = new Set([...movedTools(before, after), ...namedTools(before), ...namedTools(after)]);
  for (const [id, tool] of pack.tools) if (!apart.has(id)) tools.set(id, tool);
  return tools;
}

// To this pack the tools that only the other one tells apart are among all the others.
function widener(pack: Pack, { names }: ToolGroup): (when: When) => When {
  const own = new Set(namedTools(pack));
  const others = names.filter((name) => !own.has(name));
  const id = toolFact(pack)?.id ?? '';
  return (when) => {
    const given = when.get(id);
    if (others.length === 0 || given?.has(otherTool) !== true) return when;
    return new Map(when).set(id, new Set([...given, ...others]));
  };
}

/** A sentence for each thing that only one of two packs has a word for, or that only one of them records. */
export function differencesInWords(before: Pack, after: Pack): string[] {
  const ids = [...new Set([...before.facts.keys(), ...after.facts.keys()])];
  const moved = movedTools(before, after);
  return ids.flatMap((id) => {
    if (!before.facts.has(id))
      return [`The fact \`${id}\` is new: what stood before is compared with each of its values.`];
    if (!after.facts.has(id))
      return [`The fact \`${id}\` is gone: each of its values is compared with what stands without it.`];
    return [...valuesInWords(before, after, id), ...recordsInWords(before, after, id, moved)];
  });
}

function valuesInWords(before: Pack, after: Pack, id: string): string[] {
  const gained = foreignValues(before, after, id).map((value) => `\`${value}\``);
  const lost = foreignValues(after, before, id).map((value) => `\`${value}\``);
  return [
    ...(gained.length === 0
      ? []
      : [`\`${id}\` gains ${gained.join(', ')}: there is no answer before to compare with.`]),
    ...(lost.length === 0
      ? []
      : [`\`${id}\` loses ${lost.join(', ')}: there is no answer after to compare with.`]),
  ];
}

// What is not recorded may be claimed, and nobody knows what somebody would.
function recordsInWords(before: Pack, after: Pack, id: string, moved: readonly string[]): string[] {
  const without = (pack: Pack, other: Pack): string[] =>
    moved.filter((tool) => !pack.tools.get(tool)?.facts.has(id) && other.tools.get(tool)?.facts.has(id));
  const sentence = (tools: readonly string[], { facts }: Pack, when: string): string[] => {
    const usual = facts.get(id)?.default;
    return tools.length === 0 || usual === undefined
      ? []
      : [
          `\`${id}\` is ${when} recorded for ${tools.join(', ')}: without a record it counts as \`${usual}\`.`,
        ];
  };
  return [
    ...sentence(without(after, before), after, 'no longer'),
    ...sentence(without(before, after), before, 'now'),
  ];
}
