import { organisationContact } from './contacts.ts';
import { type Fact, notApplicable, otherTool, type Pack } from './pack.ts';
import { fileKinds } from './pack-files.ts';

/** A JSON Schema for one kind of file of a pack. `name` is its file below `.schemas`. */
export type PackSchema = { readonly name: string; readonly text: string };

type Schema = { readonly [keyword: string]: unknown };
type Kind = (typeof fileKinds)[number]['kind'];

/** Where the schemas of a pack stand, inside its folder. */
export const schemaFolder = '.schemas';

/**
 * JSON Schemas for the files of this pack, with its own names filled in, so that an editor completes facts, values,
 * conditions, clauses, contacts, tools and pages. Same pack, same text.
 */
export function schemasOf(pack: Pack): PackSchema[] {
  const definitions = definitionsOf(pack);
  return fileKinds.map(({ kind, schema }) => {
    const used = new Set<string>();
    const filled = new Filler(kind, used).fill(JSON.parse(JSON.stringify(schema)) as Schema);
    const needed = Object.entries(definitions).filter(([name]) => used.has(name));
    const whole = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: `${kind} of the guidance pack ${pack.id}`,
      ...filled,
      ...(needed.length === 0 ? {} : { definitions: Object.fromEntries(needed) }),
    };
    return { name: schemaNameOf(kind), text: `${JSON.stringify(whole, undefined, 2)}\n` };
  });
}

/** The first line of a file of a pack, which tells an editor its schema; undefined for a file without a place there. */
export function schemaComment(file: string): string | undefined {
  const kind = fileKinds.find(({ pattern }) => pattern.test(file))?.kind;
  if (kind === undefined) return undefined;
  return `# yaml-language-server: $schema=${file.includes('/') ? '../' : ''}${schemaFolder}/${schemaNameOf(kind)}`;
}

function schemaNameOf(kind: Kind): string {
  return `${kind}.schema.json`;
}

function definitionsOf(pack: Pack): Readonly<Record<string, Schema>> {
  const facts = [...pack.facts.values()];
  const names = (ids: Iterable<string>): Schema => ({ enum: [...ids] });
  return {
    clause: names(pack.clauses.keys()),
    condition: names(pack.conditions.keys()),
    rule: names(pack.rules.map(({ id }) => id)),
    contact: names(pack.contacts.keys()),
    contactOrOrganisation: names([...pack.contacts.keys(), organisationContact]),
    page: names(pack.guidancePages.keys()),
    tool: names(pack.tools.keys()),
    checklist: names(pack.checklists.keys()),
    link: names(pack.links.keys()),
    document: names(pack.documents.keys()),
    fact: names(pack.facts.keys()),
    when: perFact(facts, (fact) => oneOrMany([...valuesOf(pack, fact), ...fact.groups.keys()])),
    facts: perFact(facts, (fact) =>
      fact.valuesFrom === 'tools'
        ? { type: 'string' }
        : { enum: [...valuesOf(pack, fact), ...fact.reads.map(({ text }) => text)] },
    ),
    fits: perFact(facts, (fact) => ({ type: 'array', items: { enum: valuesOf(pack, fact) } })),
  };
}

function perFact(facts: readonly Fact[], schemaFor: (fact: Fact) => Schema): Schema {
  const properties = Object.fromEntries(facts.map((fact) => [fact.id, schemaFor(fact)]));
  return { type: 'object', properties, additionalProperties: false };
}

function oneOrMany(values: readonly unknown[]): Schema {
  return { anyOf: [{ enum: values }, { type: 'array', items: { enum: values }, minItems: 1 }] };
}

// YAML reads `true` as a boolean, so that is what an editor has to offer for a yes.
function valuesOf(pack: Pack, { values, valuesFrom }: Fact): (string | boolean)[] {
  const ids = valuesFrom === 'tools' ? [...pack.tools.keys(), otherTool] : values.map(({ id }) => id);
  return [...ids.map((id) => (id === 'true' ? true : id === 'false' ? false : id)), notApplicable];
}

// Fields that hold one name, and fields that hold a list of them, by what the name is of.
const single: Readonly<Record<string, string>> = {
  ask: 'contactOrOrganisation',
  contact: 'contactOrOrganisation',
  defaultContact: 'contact',
  reviewContact: 'contact',
  fallback: 'contact',
  page: 'page',
  tool: 'tool',
  checklist: 'checklist',
  document: 'document',
  follows: 'fact',
  by: 'fact',
  fact: 'fact',
  tell: 'condition',
};
const listed: Readonly<Record<string, string>> = {
  cites: 'clause',
  adds: 'condition',
  tags: 'condition',
  shownWith: 'rule',
  shows: 'clause',
  toWeigh: 'checklist',
  advice: 'contactOrOrganisation',
  tools: 'tool',
  facts: 'fact',
  neverChanges: 'fact',
  aboutTool: 'fact',
  leavesOut: 'tool',
  notFor: 'when',
  applies: 'when',
  askedWhen: 'when',
};
const maps: Readonly<Record<string, string>> = {
  when: 'when',
  facts: 'facts',
  sets: 'facts',
  with: 'facts',
  neverMilderThan: 'facts',
  fits: 'fits',
};

class Filler {
  readonly #kind: Kind;
  readonly #used: Set<string>;

  constructor(kind: Kind, used: Set<string>) {
    this.#kind = kind;
    this.#used = used;
  }

  fill(schema: Schema): Schema {
    const filled: Record<string, unknown> = {};
    for (const [keyword, value] of Object.entries(schema)) {
      if (keyword === 'properties')
        filled[keyword] = this.#properties(value as Readonly<Record<string, Schema>>);
      else if (keyword === 'items') filled[keyword] = this.fill(value as Schema);
      else if (keyword === 'anyOf') filled[keyword] = (value as Schema[]).map((one) => this.fill(one));
      else filled[keyword] = value;
    }
    return filled;
  }

  #properties(properties: Readonly<Record<string, Schema>>): Readonly<Record<string, Schema>> {
    return Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, this.#property(name, schema)]),
    );
  }

  #property(name: string, schema: Schema): Schema {
    const items = schema.items as Schema | undefined;
    if (schema.type === 'string') return this.#refer(this.#nameOf(name)) ?? schema;
    // A list of facts with values, such as the file of facts itself, is no list of names.
    if (items !== undefined && items.properties === undefined) {
      const reference = this.#refer(listed[name]);
      if (reference !== undefined) return { ...schema, items: reference };
    }
    if (schema.patternProperties !== undefined) return this.#refer(maps[name]) ?? schema;
    return this.fill(schema);
  }

  #nameOf(name: string): string | undefined {
    // A contact's link is an address; a page's is one of the pack's links.
    if (name === 'link') return this.#kind === 'page' ? 'link' : undefined;
    return name === 'contact' && this.#kind === 'organisations' ? 'contact' : single[name];
  }

  #refer(name: string | undefined): Schema | undefined {
    if (name === undefined) return undefined;
    this.#used.add(name);
    return { $ref: `#/definitions/${name}` };
  }
}
