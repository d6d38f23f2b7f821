import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { nearestName } from '../shared/nearest-name.ts';
import type {
  Checklist,
  Clause,
  Condition,
  Contact,
  Document,
  Fact,
  FactValue,
  Gap,
  InformationKind,
  Link,
  MatrixFilter,
  MatrixPlan,
  Option,
  Organisation,
  Pack,
  Page,
  PolicyPromise,
  PossibleChange,
  Prior,
  Priors,
  Question,
  QuestionPage,
  Reading,
  Rule,
  Tool,
  Upkeep,
  Way,
  When,
} from './pack.ts';
import { notApplicable, otherTool } from './pack.ts';
import {
  type ClauseData,
  type ConditionData,
  type FactData,
  fileKinds,
  type InformationKindData,
  type MatrixFilterData,
  type OrganisationData,
  type PackData,
  type PageData,
  type PossibleChangeData,
  type PriorData,
  type QuestionPageData,
  type RuleData,
  type ToolData,
} from './pack-files.ts';
import type { Place, PolicyFile, PolicyProblem } from './problem.ts';

export type ParsedPack = {
  /** Null where so much is wrong that no question could be answered. */
  readonly pack: Pack | null;
  readonly problems: readonly PolicyProblem[];
};

type Kind = (typeof fileKinds)[number]['kind'];
type Entry<T> = {
  readonly data: T;
  readonly at: Place;
  readonly file: PolicyFile;
  readonly path: readonly (string | number)[];
};
type Scalar = string | boolean;
type Path = readonly (string | number)[];
type FactsData = {
  readonly changes?: readonly PossibleChangeData[];
  readonly neverChanges?: readonly string[];
  readonly aboutTool?: readonly string[];
};

/**
 * Turns the files of a guidance pack into a pack. Every mistake is reported with its file and line. A rule with an unknown
 * name in it is kept and marked as faulty, so that answers become more careful and never milder.
 */
export function parsePack(files: readonly PolicyFile[]): ParsedPack {
  return new PackParser(files).parse();
}

// One parse is one walk over all files with a shared list of problems; this class is that walk's memory.
class PackParser {
  readonly #problems: PolicyProblem[] = [];
  readonly #byKind = new Map<Kind, PolicyFile[]>();
  readonly #upkeep: Upkeep[] = [];
  readonly #origins = new WeakMap<Place, { readonly file: PolicyFile; readonly path: Path }>();
  readonly #facts = new Map<string, Fact>();
  #groups = new Map<string, ReadonlyMap<string, readonly string[]>>();
  #toolIds: readonly string[] = [];

  constructor(files: readonly PolicyFile[]) {
    for (const file of files) this.#place(file);
  }

  parse(): ParsedPack {
    // A pack that misses a file may miss the rule that forbids, so nothing is answered from what is left of it.
    if (this.#problems.length > 0) return { pack: null, problems: this.#problems };
    const main = this.#only('pack');
    const facts = this.#only('facts');
    if (main === undefined || facts === undefined || this.#byKind.get('rules') === undefined) {
      this.#problem(
        { file: 'pack.yaml', line: 1 },
        'the folder holds no guidance pack',
        'It needs pack.yaml, facts.yaml and at least one file in rules.',
      );
      return { pack: null, problems: this.#problems };
    }
    const head = main.data as PackData;
    const tools = this.#unique('tools', 'tools', (entry: Entry<ToolData>) => entry.data.id, 'tool');
    const organisations = this.#unique(
      'organisations',
      'organisations',
      (entry: Entry<OrganisationData>) => entry.data.id,
      'organisation',
    );
    this.#toolIds = [...tools.keys(), otherTool];
    this.#readFacts(facts, tools, organisations);
    const pack: Pack = {
      at: this.#at(main, []),
      placeIn: (at, path) => this.#placeIn(at, path),
      id: head.id,
      label: head.label,
      languages: head.languages,
      department: head.department,
      defaultContact: head.defaultContact,
      reviewContact: head.reviewContact,
      useText: head.words.use,
      headlines: new Map(Object.entries(head.words.headlines)),
      silence: head.silence,
      datedText: head.words.dated,
      meanwhile: {
        tools: head.meanwhile.tools,
        sets: textMap(head.meanwhile.sets),
        leavesOut: new Set(head.meanwhile.leavesOut),
        notFor: (head.meanwhile.notFor ?? []).map(
          (when, index) => this.#when(when, main, ['meanwhile', 'notFor', index]).when,
        ),
      },
      ways: head.ways.map((way, index) => this.#way(way, main, index)),
      facts: this.#facts,
      changes: this.#changes(facts),
      neverChanges: this.#factList(facts, 'neverChanges'),
      aboutTool: this.#factList(facts, 'aboutTool'),
      rules: this.#rules(),
      conditions: new Map(
        [
          ...this.#unique(
            'conditions',
            'conditions',
            (entry: Entry<ConditionData>) => entry.data.id,
            'condition',
          ),
        ].map(([id, entry]) => [
          id,
          {
            ...entry.data,
            acknowledged: new Map(Object.entries(entry.data.acknowledged ?? {})),
            cites: entry.data.cites ?? [],
            at: entry.at,
          } as Condition,
        ]),
      ),
      pages: this.#questionPages(),
      organisations: new Map([...organisations].map(([id, entry]) => [id, this.#organisation(entry)])),
      tools: new Map([...tools].map(([id, entry]) => [id, this.#tool(entry)])),
      clauses: this.#clauses(),
      documents: this.#documents(),
      links: new Map(
        [...this.#unique('sources', 'links', (entry: Entry<Link>) => entry.data.id, 'link')].map(
          ([id, entry]) => [id, { ...entry.data, cites: entry.data.cites ?? [], at: entry.at }],
        ),
      ),
      contacts: this.#contacts(),
      checklists: new Map(
        [
          ...this.#unique(
            'checklists',
            'checklists',
            (entry: Entry<Checklist>) => entry.data.id,
            'checklist',
          ),
        ].map(([id, entry]) => [
          id,
          {
            ...entry.data,
            cites: entry.data.cites ?? [],
            items: entry.data.items.map((item) => ({ ...item, cites: item.cites ?? [] })),
            at: entry.at,
          },
        ]),
      ),
      guidancePages: this.#guidancePages(),
      readings: [
        ...this.#unique('readings', 'readings', (entry: Entry<Reading>) => entry.data.id, 'reading').values(),
      ].map((entry) => ({ ...entry.data, cites: entry.data.cites ?? [], at: entry.at })),
      promises: this.#promises(),
      gaps: this.#gaps(),
      priors: this.#priors(),
      matrix: this.#matrix(),
      wordsToAvoid: this.#list<{ avoid: string; use?: string; except?: string[] }>('words', 'words').map(
        (entry) => ({ ...entry.data, except: entry.data.except ?? [], at: entry.at }),
      ),
      upkeep: this.#upkeep,
    };
    return { pack, problems: this.#problems };
  }

  #place(file: PolicyFile): void {
    const known = fileKinds.find(({ pattern }) => pattern.test(file.name));
    if (known === undefined) {
      this.#problem(
        { file: file.name, line: 1 },
        'this file has no place in a guidance pack',
        this.#didYouMean(file.name, [
          'pack.yaml',
          'facts.yaml',
          'questions.yaml',
          'conditions.yaml',
          'organisations.yaml',
          'contacts.yaml',
          'sources.yaml',
          'checklists.yaml',
          'readings.yaml',
          'priors.yaml',
          'matrix.yaml',
          'words-to-avoid.yaml',
        ]),
      );
      return;
    }
    if (!this.#hasShape(file, known.schema)) return;
    const head = file.data as { owner: string; lastConfirmed: string; reviewBy: string };
    this.#upkeep.push({
      at: this.#at(file, []),
      what: file.name,
      owner: head.owner,
      lastConfirmed: head.lastConfirmed,
      reviewBy: head.reviewBy,
    });
    this.#byKind.set(known.kind, [...(this.#byKind.get(known.kind) ?? []), file]);
  }

  #hasShape(file: PolicyFile, schema: TSchema): boolean {
    const checker = checkerOf(schema);
    if (checker.Check(file.data)) return true;
    const seen = new Set<string>();
    for (const error of checker.Errors(file.data)) {
      const path = error.instancePath
        .split('/')
        .slice(1)
        .map((part) =>
          /^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~'),
        );
      const described = describeShapeError(error, path, schema);
      if (described === undefined) continue;
      const at = { file: file.name, line: file.lineOf(described.path) };
      if (seen.has(`${at.line}`)) continue;
      seen.add(`${at.line}`);
      this.#problem(at, described.message, described.help);
    }
    return false;
  }

  #only(kind: Kind): PolicyFile | undefined {
    return this.#byKind.get(kind)?.[0];
  }

  #list<T>(kind: Kind, field: string): Entry<T>[] {
    return (this.#byKind.get(kind) ?? []).flatMap((file) =>
      ((file.data as Record<string, unknown>)[field] as T[]).map((data, index) =>
        this.#entry<T>(file, [field, index], data),
      ),
    );
  }

  #entry<T>(file: PolicyFile, path: readonly (string | number)[], data: T): Entry<T> {
    const own = data as { reviewBy?: string; lastConfirmed?: string; owner?: string; id?: string };
    const at = this.#at(file, path);
    if (own.reviewBy !== undefined || own.lastConfirmed !== undefined) {
      const head = file.data as { owner: string; lastConfirmed: string; reviewBy: string };
      this.#upkeep.push({
        at,
        what: own.id ?? file.name,
        owner: own.owner ?? head.owner,
        lastConfirmed: own.lastConfirmed ?? head.lastConfirmed,
        reviewBy: own.reviewBy ?? head.reviewBy,
      });
    }
    return { data, at, file, path };
  }

  #unique<T>(
    kind: Kind,
    field: string,
    idOf: (entry: Entry<T>) => string,
    noun: string,
  ): Map<string, Entry<T>> {
    const entries = new Map<string, Entry<T>>();
    for (const entry of this.#list<T>(kind, field)) {
      const earlier = entries.get(idOf(entry));
      if (earlier !== undefined)
        this.#problem(
          entry.at,
          `duplicate ${noun} id \`${idOf(entry)}\``,
          `The first one is in ${earlier.at.file}, line ${earlier.at.line}.`,
        );
      else entries.set(idOf(entry), entry);
    }
    return entries;
  }

  #readFacts(
    file: PolicyFile,
    tools: ReadonlyMap<string, Entry<ToolData>>,
    organisations: ReadonlyMap<string, Entry<OrganisationData>>,
  ): void {
    const entries = this.#unique('facts', 'facts', (entry: Entry<FactData>) => entry.data.id, 'fact');
    const named = namedTools(this.#byKind, tools);
    for (const [id, { data }] of entries) {
      this.#groups.set(
        id,
        new Map(Object.entries(data.groups ?? {}).map(([name, values]) => [name, values.map(String)])),
      );
    }
    const values = new Map<string, readonly FactValue[]>();
    for (const [id, { data }] of entries) values.set(id, valuesOf(data, named, organisations));
    for (const [id, entry] of entries) {
      const { data } = entry;
      const own = values.get(id) ?? [];
      this.#facts.set(id, {
        at: entry.at,
        id,
        label: data.label,
        origin: data.origin,
        values: own,
        isBoolean: data.values === 'yes-no' || data.values === 'yes-no-unknown',
        groups: this.#groups.get(id) ?? new Map(),
        valuesFrom: data.values === 'tools' || data.values === 'organisations' ? data.values : 'list',
        ...(data.default === undefined ? {} : { default: String(data.default) }),
        ...(data.ordinary === undefined ? {} : { ordinary: String(data.ordinary) }),
        ...(data.mayBeStated === undefined ? {} : { mayBeStated: new Set(data.mayBeStated.map(String)) }),
        isOnlyForOutside:
          data.origin === 'catalogue' &&
          data.mayBeStated !== undefined &&
          data.mayBeStated.length < own.length,
        mayBeNotApplicable: data.mayBeNotApplicable ?? false,
        keep: data.keep ?? false,
        ...(data.follows === undefined ? {} : { follows: data.follows }),
        asksNothingMore: new Set((data.asksNothingMore ?? []).map(String)),
        askedWhen: [],
        applies: [],
        ...(data.fits === undefined
          ? {}
          : {
              fits: {
                by: data.fits.by,
                values: new Map(
                  Object.entries(data.fits.values).map(([value, list]) => [value, list.map(String)]),
                ),
              },
            }),
        reads: (data.reads ?? []).map(({ text, sets }) => ({ text, sets: textMap(sets) })),
        table: [],
        cites: data.cites ?? [],
      });
    }
    // Applicability names other facts, so it can be read only when all are known.
    for (const [id, { data, path, at }] of entries) {
      const fact = this.#facts.get(id);
      if (fact === undefined) continue;
      const whens = (field: 'applies' | 'askedWhen') =>
        (data[field] ?? []).map((when, index) => this.#when(when, file, [...path, field, index]).when);
      const table = (data.table ?? []).map((row, index) => ({
        when: this.#when(row.when, file, [...path, 'table', index, 'when']).when,
        value: String(row.value),
      }));
      this.#facts.set(id, { ...fact, applies: whens('applies'), askedWhen: whens('askedWhen'), table });
      for (const field of ['default', 'ordinary'] as const) {
        const value = fact[field];
        if (value !== undefined && value !== notApplicable)
          this.#value(id, value, { file: file.name, line: file.lineOf([...path, field]) });
      }
      for (const [name, members] of this.#groups.get(id) ?? []) {
        for (const member of members) this.#value(id, member, this.#at(file, [...path, 'groups', name]));
      }
      if (fact.follows !== undefined) this.#factName(fact.follows, this.#placeIn(at, ['follows']));
    }
  }

  #changes(file: PolicyFile): PossibleChange[] {
    return ((file.data as FactsData).changes ?? []).map((data, index) => {
      const path = ['changes', index];
      const { fact, to, say, from, decidedBy } = data;
      return {
        at: this.#at(file, path),
        fact,
        to: String(to),
        say,
        ...(from === undefined ? {} : { from: this.#valueSet(fact, from, file, [...path, 'from']).values }),
        when: this.#when(data.when ?? {}, file, [...path, 'when']).when,
        with: textMap(data.with ?? {}),
        ...(decidedBy === undefined ? {} : { decidedBy }),
      };
    });
  }

  #factList(file: PolicyFile, field: 'neverChanges' | 'aboutTool'): ReadonlySet<string> {
    const names = (file.data as FactsData)[field] ?? [];
    return new Set(
      names.filter((name, index) =>
        this.#factName(name, { file: file.name, line: file.lineOf([field, index]) }),
      ),
    );
  }

  #rules(): Rule[] {
    return [
      ...this.#unique('rules', 'rules', (entry: Entry<RuleData>) => entry.data.id, 'rule').values(),
    ].map((entry) => {
      const { data, file, path } = entry;
      const earlier = this.#problems.length;
      const { when, faults } = this.#when(data.when, file, [...path, 'when']);
      for (let at = earlier; at < this.#problems.length; at++) {
        this.#problems[at] = { ...(this.#problems[at] as PolicyProblem), isFault: true };
      }
      return {
        at: entry.at,
        id: data.id,
        title: data.title,
        topic: (file.data as { topic: string }).topic,
        when,
        verdict: data.verdict ?? null,
        because: data.because,
        adds: data.adds ?? [],
        ...(data.ask === undefined ? {} : { ask: data.ask }),
        cites: data.cites ?? [],
        citesTool: data.citesTool ?? false,
        acknowledged: new Map(Object.entries(data.acknowledged ?? {})),
        ...(data.from === undefined ? {} : { from: data.from }),
        ...(data.to === undefined ? {} : { to: data.to }),
        examples: (data.examples ?? []).map((example, index) => ({
          at: this.#at(file, [...path, 'examples', index]),
          name: example.name,
          facts: example.facts,
          verdict: example.verdict,
          tags: example.tags ?? [],
          applies: example.applies ?? true,
        })),
        faults,
      };
    });
  }

  #promises(): PolicyPromise[] {
    type Whens = 'when' | 'neverMilderThan';
    type PromiseData = Partial<Omit<PolicyPromise, 'at' | Whens>> &
      Pick<PolicyPromise, 'id' | 'text'> & {
        when: Record<string, unknown>;
        neverMilderThan?: Record<string, unknown>;
      };
    const idOf = (entry: Entry<PromiseData>) => entry.data.id;
    return [...this.#unique('promises', 'promises', idOf, 'promise').values()].map(
      ({ data, at, file, path }) => ({
        at,
        id: data.id,
        text: data.text,
        when: this.#when(data.when, file, [...path, 'when']).when,
        ifVerdict: data.ifVerdict ?? [],
        anyTool: data.anyTool ?? false,
        always: data.always ?? [],
        never: data.never ?? [],
        adds: data.adds ?? [],
        shows: data.shows ?? [],
        cited: data.cited ?? false,
        neverMilderThan: this.#when(data.neverMilderThan ?? {}, file, [...path, 'neverMilderThan']).when,
        keeps: data.keeps ?? [],
        cites: data.cites ?? [],
      }),
    );
  }

  #gaps(): Gap[] {
    type GapData = Omit<Gap, 'at' | 'when'> & { when: Record<string, unknown> };
    const idOf = (entry: Entry<GapData>) => entry.data.id;
    return [...this.#unique('promises', 'gaps', idOf, 'gap').values()].map(({ data, at, file, path }) => ({
      ...data,
      at,
      when: this.#when(data.when, file, [...path, 'when']).when,
      cites: data.cites ?? [],
    }));
  }

  #priors(): Priors | null {
    const file = this.#only('priors');
    if (file === undefined) return null;
    const idOf = (entry: Entry<PriorData>) => entry.data.fact;
    const priors = [...this.#unique('priors', 'priors', idOf, 'prior').values()].map(
      ({ data: { fact, by, shares, given }, at }): Prior => ({
        at,
        fact,
        ...(by === undefined ? {} : { by }),
        shares: sharesOfOne(shares),
        given: new Map(Object.entries(given ?? {}).map(([value, list]) => [value, sharesOfOne(list)])),
      }),
    );
    const { margin } = file.data as { margin: number };
    return { of: new Map(priors.map((prior) => [prior.fact, prior])), margin: margin / 100 };
  }

  #matrix(): MatrixPlan | null {
    const file = this.#only('matrix');
    if (file === undefined) return null;
    const filters = this.#list<MatrixFilterData>('matrix', 'filters').flatMap(({ data, path }) => {
      const { fact, values, eachItsOwn } = data;
      if (!this.#factName(fact, { file: file.name, line: file.lineOf([...path, 'fact']) })) return [];
      const filter: MatrixFilter = {
        fact,
        ...(values === undefined
          ? {}
          : { values: this.#valueSet(fact, values, file, [...path, 'values']).values }),
        ...(eachItsOwn === undefined ? {} : { eachItsOwn }),
      };
      return [filter];
    });
    const idOf = (entry: Entry<InformationKindData>) => entry.data.id;
    const kinds = [...this.#unique('matrix', 'information', idOf, 'kind of information').values()];
    const information = kinds.map(({ data: { id, label, hint, sets }, at, path }): InformationKind => {
      for (const [fact, value] of Object.entries(sets)) {
        const place = { file: file.name, line: file.lineOf([...path, 'sets', fact]) };
        if (this.#factName(fact, place)) this.#value(fact, String(value), place);
      }
      return { at, id, label, ...(hint === undefined ? {} : { hint }), sets: textMap(sets) };
    });
    return { at: this.#at(file, []), filters, information };
  }

  #when(
    data: Readonly<Record<string, unknown>>,
    file: PolicyFile,
    path: readonly (string | number)[],
  ): { when: When; faults: string[] } {
    const when = new Map<string, ReadonlySet<string>>();
    const faults: string[] = [];
    for (const [fact, given] of Object.entries(data)) {
      const at = { file: file.name, line: file.lineOf([...path, fact]) };
      if (!this.#factName(fact, at)) {
        faults.push(`unknown fact \`${fact}\``);
        continue;
      }
      const read = this.#valueSet(fact, given, file, [...path, fact]);
      faults.push(...read.faults);
      // A test that is not understood whole cannot be evaluated. Left out, it lets the rule apply more widely, never less.
      if (read.values.size > 0 && read.faults.length === 0) when.set(fact, read.values);
    }
    return { when, faults };
  }

  // One value or several, where the name of a group stands for its members.
  #valueSet(
    fact: string,
    given: unknown,
    file: PolicyFile,
    path: Path,
  ): { values: ReadonlySet<string>; faults: string[] } {
    const at = { file: file.name, line: file.lineOf(path) };
    const values = new Set<string>();
    const faults: string[] = [];
    for (const value of (Array.isArray(given) ? given : [given]) as Scalar[]) {
      const group = this.#groups.get(fact)?.get(String(value));
      if (group !== undefined) for (const member of group) values.add(member);
      else if (this.#value(fact, String(value), at)) values.add(String(value));
      else faults.push(`unknown value \`${value}\` of \`${fact}\``);
    }
    return { values, faults };
  }

  #factName(name: string, at: Place): boolean {
    if (this.#facts.has(name)) return true;
    this.#problem(at, `unknown fact \`${name}\``, this.#didYouMean(name, this.#facts.keys()));
    return false;
  }

  #value(factId: string, value: string, at: Place): boolean {
    const fact = this.#facts.get(factId);
    if (fact === undefined) return false;
    if (value === notApplicable || fact.values.some(({ id }) => id === value)) return true;
    const noun =
      fact.valuesFrom === 'tools' ? 'tool' : fact.valuesFrom === 'organisations' ? 'organisation' : undefined;
    const own = fact.valuesFrom === 'tools' ? this.#toolIds : fact.values.map(({ id }) => id);
    const known = [...own, ...(this.#groups.get(factId)?.keys() ?? [])];
    if (noun !== undefined) this.#problem(at, `unknown ${noun} \`${value}\``, this.#didYouMean(value, known));
    else
      this.#problem(
        at,
        `unknown value \`${value}\` of \`${factId}\``,
        this.#didYouMean(value, known) ?? `It can be ${known.map((name) => `\`${name}\``).join(', ')}.`,
      );
    return false;
  }

  #questionPages(): QuestionPage[] {
    const seen = new Map<string, Place>();
    return [
      ...this.#unique(
        'questions',
        'pages',
        (entry: Entry<QuestionPageData>) => entry.data.id,
        'page',
      ).values(),
    ].map(({ data, at: pageAt, file, path }) => ({
      at: pageAt,
      id: data.id,
      title: data.title,
      ...(data.lead === undefined ? {} : { lead: data.lead }),
      questions: data.questions.map((question, index): Question => {
        const here = [...path, 'questions', index];
        const at = this.#at(file, here);
        const earlier = seen.get(question.id);
        if (earlier !== undefined)
          this.#problem(
            at,
            `duplicate question id \`${question.id}\``,
            `The first one is in ${earlier.file}, line ${earlier.line}.`,
          );
        seen.set(question.id, at);
        for (const fact of question.facts)
          this.#factName(fact, { file: file.name, line: file.lineOf([...here, 'facts']) });
        const options = (question.options ?? []).map((option, place): Option => {
          const line = file.lineOf([...here, 'options', place]);
          for (const [fact, value] of Object.entries(option.sets)) {
            if (this.#factName(fact, { file: file.name, line }))
              this.#value(fact, String(value), { file: file.name, line });
          }
          return {
            label: option.label,
            ...(option.hint === undefined ? {} : { hint: option.hint }),
            sets: textMap(option.sets),
          };
        });
        const { hint, help } = question;
        return {
          at,
          id: question.id,
          page: data.id,
          facts: question.facts,
          text: question.text,
          ...(hint === undefined ? {} : { hint }),
          why: question.why,
          ...(help === undefined ? {} : { help }),
          options,
          cites: question.cites ?? [],
        };
      }),
    }));
  }

  #organisation({ data, at, file, path }: Entry<OrganisationData>): Organisation {
    return {
      at,
      id: data.id,
      name: data.name,
      contact: data.contact,
      isUnknown: data.isUnknown ?? false,
      cites: data.cites ?? [],
      records: data.records.map((record, index) => {
        const here = [...path, 'records', index];
        if (this.#factName(record.fact, { file: file.name, line: file.lineOf(here) }))
          this.#value(record.fact, String(record.value), { file: file.name, line: file.lineOf(here) });
        return {
          fact: record.fact,
          value: String(record.value),
          when: this.#when(record.when ?? {}, file, [...here, 'when']).when,
        };
      }),
    };
  }

  #tool({ data, at, file, path }: Entry<ToolData>): Tool {
    for (const [fact, value] of Object.entries(data.facts ?? {})) {
      const place = { file: file.name, line: file.lineOf([...path, 'facts']) };
      if (this.#factName(fact, place)) this.#value(fact, String(value), place);
    }
    for (const [fact, values] of Object.entries(data.fits ?? {})) {
      const place = { file: file.name, line: file.lineOf([...path, 'fits']) };
      if (this.#factName(fact, place)) for (const value of values) this.#value(fact, String(value), place);
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

  #clauses(): Map<string, Clause> {
    const documents = this.#list<Document>('sources', 'documents').map(({ data }) => data.id);
    for (const file of this.#byKind.get('clauses') ?? []) {
      const { document } = file.data as { document: string };
      if (!documents.includes(document))
        this.#problem(
          { file: file.name, line: file.lineOf(['document']) },
          `unknown document \`${document}\``,
          this.#didYouMean(document, documents),
        );
    }
    return new Map(
      [...this.#unique('clauses', 'clauses', (entry: Entry<ClauseData>) => entry.data.id, 'clause')].map(
        ([id, { data, at, file }]) => [
          id,
          {
            at,
            id,
            document: (file.data as { document: string }).document,
            section: data.section,
            class: data.class,
            held: data.held ?? [],
            later: data.later ?? [],
            text: data.text,
          },
        ],
      ),
    );
  }

  #contacts(): Map<string, Contact> {
    type ContactData = Omit<Contact, 'isPerson'> & { kind?: string };
    return new Map(
      [...this.#unique('contacts', 'contacts', (entry: Entry<ContactData>) => entry.data.id, 'contact')].map(
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

  #documents(): Map<string, Document> {
    const documents = this.#unique(
      'sources',
      'documents',
      (entry: Entry<Document>) => entry.data.id,
      'document',
    );
    return new Map(
      [...documents].map(([id, { data, at }]) => [id, { ...data, cites: data.cites ?? [], at }]),
    );
  }

  #guidancePages(): Map<string, Page> {
    const pages = new Map<string, Page>();
    for (const file of this.#byKind.get('page') ?? []) {
      const data = file.data as PageData;
      const earlier = pages.get(data.id);
      if (earlier !== undefined)
        this.#problem(
          { file: file.name, line: file.lineOf(['id']) },
          `duplicate page id \`${data.id}\``,
          `The first one is in ${earlier.at.file}.`,
        );
      else
        pages.set(data.id, {
          at: this.#at(file, []),
          id: data.id,
          title: data.title,
          summary: data.summary,
          group: data.group as Page['group'],
          sections: data.sections,
        });
    }
    return pages;
  }

  #way(way: PackData['ways'][number], file: PolicyFile, index: number): Way {
    for (const { fact } of way.asks)
      this.#factName(fact, { file: file.name, line: file.lineOf(['ways', index, 'asks']) });
    return {
      id: way.id,
      title: way.title,
      facts: textMap(way.facts),
      asks: way.asks,
      steps: way.steps.map((step, place) => ({
        tool: step.tool,
        when: this.#when(step.when, file, ['ways', index, 'steps', place, 'when']).when,
      })),
    };
  }

  #at(file: PolicyFile, path: Path): Place {
    const at = { file: file.name, line: file.lineOf(path) };
    this.#origins.set(at, { file, path });
    return at;
  }

  #placeIn(at: Place, path: Path): Place {
    const origin = this.#origins.get(at);
    return origin === undefined ? at : { file: at.file, line: origin.file.lineOf([...origin.path, ...path]) };
  }

  #didYouMean(name: string, known: Iterable<string>): string | undefined {
    const nearest = nearestName(name, known);
    return nearest === undefined ? undefined : `Did you mean \`${nearest}\`?`;
  }

  #problem(at: Place, message: string, help?: string): void {
    this.#problems.push({ level: 'error', ...at, message, ...(help === undefined ? {} : { help }) });
  }
}

const checkers = new Map<TSchema, ReturnType<typeof Compile>>();
function checkerOf(schema: TSchema): ReturnType<typeof Compile> {
  const known = checkers.get(schema);
  if (known !== undefined) return known;
  const made = Compile(schema);
  checkers.set(schema, made);
  return made;
}

function textMap(data: Readonly<Record<string, Scalar>>): Map<string, string> {
  return new Map(Object.entries(data).map(([key, value]) => [key, String(value)]));
}

function sharesOfOne(percent: Readonly<Record<string, number>>): Map<string, number> {
  return new Map(Object.entries(percent).map(([value, share]) => [value, share / 100]));
}

const yesNo: readonly FactValue[] = [
  { id: 'true', label: 'Yes' },
  { id: 'false', label: 'No' },
];

function valuesOf(
  data: FactData,
  namedTools: readonly FactValue[],
  organisations: ReadonlyMap<string, Entry<OrganisationData>>,
): readonly FactValue[] {
  switch (data.values) {
    case 'tools':
      return namedTools;
    case 'organisations':
      return [...organisations.values()].map(({ data: { id, name } }) => ({ id, label: name }));
    case 'yes-no':
      return yesNo;
    case 'yes-no-unknown':
      return [...yesNo, { id: 'unknown', label: 'I don’t know' }];
    default:
      return data.values;
  }
}

// The engine tells apart only the tools that some rule, record or applicability names; all others behave alike.
function namedTools(
  byKind: ReadonlyMap<Kind, readonly PolicyFile[]>,
  tools: ReadonlyMap<string, Entry<ToolData>>,
): FactValue[] {
  const names = new Set<string>();
  const collect = (data: unknown): void => {
    if (Array.isArray(data)) for (const item of data) collect(item);
    else if (data !== null && typeof data === 'object') {
      for (const [key, value] of Object.entries(data)) {
        if (key === 'when' || key === 'applies' || key === 'askedWhen') gather(value);
        else if (key !== 'examples') collect(value);
      }
    }
  };
  const gather = (whens: unknown): void => {
    for (const when of Array.isArray(whens) ? whens : [whens]) {
      const given = (when as Record<string, unknown> | null)?.tool;
      for (const name of Array.isArray(given) ? given : given === undefined ? [] : [given])
        names.add(String(name));
    }
  };
  for (const kind of ['facts', 'rules', 'organisations', 'promises'] as const)
    for (const file of byKind.get(kind) ?? []) collect(file.data);
  const known = [...names]
    .filter((name) => tools.has(name))
    .map((id) => ({ id, label: tools.get(id)?.data.name ?? id }));
  return [...known, { id: otherTool, label: 'Another tool' }];
}

type ShapeError = {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: object;
};
type Described = {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly help?: string;
};

// The checker speaks of schemas; an author needs the field and what would be right.
function describeShapeError(
  error: ShapeError,
  path: readonly (string | number)[],
  schema: TSchema,
): Described | undefined {
  const field = path.at(-1);
  const name = typeof field === 'number' ? `${String(path.at(-2))}, entry ${field + 1}` : field;
  const params = error.params as {
    additionalProperties?: string[];
    requiredProperties?: string[];
    allowedValues?: unknown[];
    type?: string;
    pattern?: string;
    limit?: number;
  };
  switch (error.keyword) {
    case 'additionalProperties': {
      const unknown = params.additionalProperties?.[0] ?? '';
      const nearest = nearestName(unknown, knownFields(schema, path));
      return {
        path: [...path, unknown],
        message: `unknown field \`${unknown}\``,
        ...(nearest === undefined ? {} : { help: `Did you mean \`${nearest}\`?` }),
      };
    }
    case 'required':
      return { path, message: `missing field \`${params.requiredProperties?.[0]}\`` };
    case 'enum':
      return {
        path,
        message: `\`${name}\` has a value that is not on its list`,
        ...(params.allowedValues === undefined
          ? {}
          : { help: `It can be ${params.allowedValues.map((value) => `\`${value}\``).join(', ')}.` }),
      };
    case 'boolean':
    case 'anyOf':
    case 'const':
      return error.keyword === 'boolean'
        ? undefined
        : { path, message: `\`${name}\` does not have the right form` };
    case 'type':
      if (name === undefined)
        return {
          path,
          message: 'the file does not hold fields',
          help: 'It begins with `owner`, `lastConfirmed` and `reviewBy`.',
        };
      return { path, message: `\`${name}\` must be ${typesInWords[params.type ?? ''] ?? params.type}` };
    case 'pattern':
      return { path, message: `\`${name}\` must be ${patternInWords(String(params.pattern))}` };
    case 'minLength':
    case 'minItems':
      return { path, message: `\`${name}\` is empty` };
    case 'maxLength':
      return { path, message: `\`${name}\` has more than ${params.limit} characters` };
    default:
      return { path, message: `\`${name ?? 'the file'}\` ${error.message}` };
  }
}

const typesInWords: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a set of fields',
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
  null: 'empty',
};

// By what the pattern lets through, so that a new one cannot be forgotten here without still being told in words.
function patternInWords(pattern: string): string {
  const fits = (text: string): boolean => new RegExp(pattern).test(text);
  if (fits('name')) return 'a name in lower-case letters, digits and hyphens';
  if (fits('2026-11')) return 'a day or a month, written YYYY-MM-DD or YYYY-MM';
  if (fits('2026-11-22')) return 'a day, written YYYY-MM-DD';
  if (fits('ABC-1')) return 'the id of a clause, such as `ABC-1`';
  if (fits('example.org')) return 'a domain, such as `example.org`';
  if (fits('https://example.org')) return 'an address that begins with `https://`';
  return fits('en') ? 'a language of two letters, such as `en`' : `written as ${pattern}`;
}

function knownFields(schema: TSchema, path: readonly (string | number)[]): string[] {
  let here = schema as { properties?: Record<string, TSchema>; items?: TSchema };
  for (const part of path)
    here = ((typeof part === 'number' ? here.items : here.properties?.[part]) ?? {}) as typeof here;
  return Object.keys(here.properties ?? {});
}
