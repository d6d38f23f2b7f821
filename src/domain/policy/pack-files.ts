import { type Static, type TSchema, Type } from 'typebox';

/**
 * The shapes of the files of a guidance pack, as JSON Schema. One file holds one of these; which one follows from its
 * place (`schemaOfFile`). The meaning of each field is written where people edit it: docs/how-to and the files themselves.
 */

const Id = Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$', maxLength: 60 });
const Name = Type.String({ minLength: 1, maxLength: 60 });
const Text = Type.String({ minLength: 1, maxLength: 600 });
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const MonthOrDay = Type.String({ pattern: '^\\d{4}-\\d{2}(-\\d{2})?$' });
const Cites = Type.Array(Type.String({ pattern: '^[A-Z][A-Z0-9]*-\\d+$' }));
const Scalar = Type.Union([Type.String({ minLength: 1, maxLength: 200 }), Type.Boolean()]);
const ValueSet = Type.Union([Scalar, Type.Array(Scalar, { minItems: 1 })]);
const When = Type.Record(Type.String(), ValueSet);
const Facts = Type.Record(Type.String(), Scalar);

const kept = { owner: Name, lastConfirmed: Day, reviewBy: Day };
const keptHere = {
  owner: Type.Optional(Name),
  lastConfirmed: Type.Optional(Day),
  reviewBy: Type.Optional(Day),
};
const file = (fields: Record<string, TSchema>) => closed({ ...kept, ...fields });

function closed<Fields extends Record<string, TSchema>>(fields: Fields) {
  return Type.Object(fields, { additionalProperties: false });
}

const Verdict = Type.Enum([
  'allowed',
  'allowed-with-conditions',
  'get-guidance',
  'request-review',
  'not-allowed',
]);

const ManagersGuidance = closed({
  fact: Name,
  none: Scalar,
  goAhead: Scalar,
  refusal: Scalar,
  toWeigh: Type.Array(Id, { minItems: 1 }),
  advice: Type.Array(Id, { minItems: 1 }),
  tell: Type.Optional(Id),
});

export const PackFile = closed({
  ...kept,
  id: Id,
  label: Name,
  format: Type.Literal(1),
  languages: Type.Array(Type.String({ pattern: '^[a-z]{2}$' }), { minItems: 1 }),
  department: Name,
  defaultContact: Id,
  reviewContact: Id,
  words: closed({ use: Text, headlines: Type.Record(Type.String(), Text), dated: Text }),
  silence: closed({ because: Text, adds: Type.Array(Id), cites: Cites }),
  meanwhile: closed({
    tools: Type.Array(Id),
    sets: Facts,
    leavesOut: Type.Optional(Type.Array(Id)),
    notFor: Type.Optional(Type.Array(When)),
  }),
  ways: Type.Array(
    closed({
      id: Id,
      title: Text,
      facts: Facts,
      asks: Type.Array(closed({ fact: Name, note: Type.Optional(Text) })),
      steps: Type.Array(closed({ tool: Id, when: When })),
    }),
  ),
  managersGuidance: Type.Optional(ManagersGuidance),
});

const FactValue = closed({
  id: Type.String({ minLength: 1, maxLength: 60 }),
  label: Text,
  hint: Type.Optional(Text),
  phrase: Type.Optional(Text),
});

const Fact = closed({
  id: Type.String({ pattern: '^[a-z][A-Za-z0-9]*$' }),
  label: Text,
  origin: Type.Enum(['asked', 'assumed', 'catalogue', 'register', 'record', 'derived']),
  values: Type.Union([
    Type.Enum(['tools', 'organisations', 'yes-no', 'yes-no-unknown']),
    Type.Array(FactValue, { minItems: 1 }),
  ]),
  groups: Type.Optional(Type.Record(Type.String(), Type.Array(Scalar))),
  default: Type.Optional(Scalar),
  ordinary: Type.Optional(Scalar),
  mayBeStated: Type.Optional(Type.Array(Scalar)),
  mayBeNotApplicable: Type.Optional(Type.Boolean()),
  keep: Type.Optional(Type.Boolean()),
  follows: Type.Optional(Name),
  asksNothingMore: Type.Optional(Type.Array(Scalar)),
  askedWhen: Type.Optional(Type.Array(When)),
  applies: Type.Optional(Type.Array(When)),
  fits: Type.Optional(closed({ by: Name, values: Type.Record(Type.String(), Type.Array(Scalar)) })),
  reads: Type.Optional(Type.Array(closed({ text: Name, sets: Facts }))),
  table: Type.Optional(Type.Array(closed({ when: When, value: Scalar }))),
  cites: Type.Optional(Cites),
});
const PossibleChange = closed({
  fact: Name,
  to: Scalar,
  say: Text,
  from: Type.Optional(ValueSet),
  when: Type.Optional(When),
  with: Type.Optional(Facts),
  decidedBy: Type.Optional(Name),
});
export const FactsFile = file({
  facts: Type.Array(Fact, { minItems: 1 }),
  changes: Type.Optional(Type.Array(PossibleChange)),
  neverChanges: Type.Optional(Type.Array(Name)),
  aboutTool: Type.Optional(Type.Array(Name)),
});

const Example = closed({
  name: Text,
  facts: Facts,
  verdict: Verdict,
  tags: Type.Optional(Type.Array(Id)),
  applies: Type.Optional(Type.Boolean()),
});

// What the proofs find and the owner has looked at, with the reason why it is right.
const Acknowledged = closed({
  'never-applies': Type.Optional(Text),
  'never-decides': Type.Optional(Text),
  overlaps: Type.Optional(Text),
  'never-reached': Type.Optional(Text),
});

const Rule = closed({
  ...keptHere,
  id: Id,
  title: Text,
  when: When,
  verdict: Type.Optional(Verdict),
  because: Text,
  adds: Type.Optional(Type.Array(Id)),
  ask: Type.Optional(Id),
  cites: Type.Optional(Cites),
  citesTool: Type.Optional(Type.Boolean()),
  acknowledged: Type.Optional(Acknowledged),
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  examples: Type.Optional(Type.Array(Example)),
});
export const RulesFile = file({ topic: Text, rules: Type.Array(Rule) });

const Condition = closed({
  id: Id,
  kind: Type.Enum(['condition', 'next-step', 'standing']),
  when: Type.Enum(['before', 'while', 'after', 'now', 'always']),
  strength: Type.Enum(['must', 'should', 'good idea']),
  text: Text,
  contact: Type.Optional(Id),
  page: Type.Optional(Id),
  tool: Type.Optional(Id),
  draft: Type.Optional(Type.Enum(['line-manager', 'review-request', 'organisation'])),
  reminder: Type.Optional(Type.Enum(['interval', 'end', 'access'])),
  acknowledged: Type.Optional(Acknowledged),
  cites: Type.Optional(Cites),
});
export const ConditionsFile = file({ conditions: Type.Array(Condition) });

const Option = closed({ label: Text, hint: Type.Optional(Text), sets: Facts });
const Question = closed({
  id: Id,
  facts: Type.Array(Name, { minItems: 1 }),
  text: Text,
  hint: Type.Optional(Text),
  why: Text,
  help: Type.Optional(Text),
  options: Type.Optional(Type.Array(Option)),
  cites: Type.Optional(Cites),
});
const QuestionPage = closed({
  id: Id,
  title: Text,
  lead: Type.Optional(Text),
  questions: Type.Array(Question, { minItems: 1 }),
});
export const QuestionsFile = file({ pages: Type.Array(QuestionPage, { minItems: 1 }) });

const Organisation = closed({
  id: Id,
  name: Text,
  contact: Id,
  cites: Type.Optional(Cites),
  records: Type.Array(closed({ fact: Name, value: Scalar, when: Type.Optional(When) })),
  isUnknown: Type.Optional(Type.Boolean()),
});
export const OrganisationsFile = file({ organisations: Type.Array(Organisation) });

const Tool = closed({
  ...keptHere,
  id: Id,
  name: Name,
  phrase: Type.Optional(Name),
  facts: Type.Optional(Facts),
  listed: Type.Optional(closed({ on: Type.Optional(MonthOrDay), cites: Cites })),
  task: Id,
  fits: Type.Optional(Type.Record(Type.String(), Type.Array(Scalar))),
  aliases: Type.Optional(Type.Array(Name)),
  oldNames: Type.Optional(Type.Array(Name)),
  newNames: Type.Optional(Type.Array(Name)),
  domains: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)+$' }))),
  get: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Enum(['software-centre', 'self-service', 'browser', 'provided', 'not-available']),
    ),
  ),
  formerlyListed: Type.Optional(closed({ on: MonthOrDay, note: Text })),
  note: Type.Optional(Text),
});
export const ToolsFile = file({ tools: Type.Array(Tool) });

const Clause = closed({
  id: Type.String({ pattern: '^[A-Z][A-Z0-9]*-\\d+$' }),
  section: Text,
  class: Type.Enum([
    'rule',
    'duty',
    'checklist-item',
    'definition',
    'fact',
    'process-step',
    'contact',
    'warning',
    'reason',
  ]),
  held: Type.Optional(Type.Array(Type.Enum(['decision', 'tool', 'page', 'checklist', 'contact', 'source']))),
  later: Type.Optional(Type.Array(Type.Enum(['review-requests', 'register', 'reminders']))),
  text: Text,
});
export const ClausesFile = file({ document: Name, clauses: Type.Array(Clause) });

export const SourcesFile = file({
  documents: Type.Array(
    closed({
      id: Name,
      title: Text,
      short: Text,
      dated: Type.Union([MonthOrDay, Type.Null()]),
      datedText: Text,
      read: Day,
      cites: Type.Optional(Cites),
    }),
  ),
  links: Type.Array(
    closed({
      id: Id,
      title: Text,
      url: Type.Union([Type.String({ pattern: '^https://' }), Type.Null()]),
      note: Type.Optional(Text),
      cites: Type.Optional(Cites),
    }),
  ),
});

const Address = Type.Union([Type.String({ minLength: 3, maxLength: 200 }), Type.Null()]);
export const ContactsFile = file({
  contacts: Type.Array(
    closed({
      id: Id,
      name: Text,
      phrase: Type.Optional(Name),
      for: Text,
      kind: Type.Optional(Type.Literal('person')),
      topics: Type.Optional(Type.Array(Type.String())),
      email: Type.Optional(Address),
      telephone: Type.Optional(Address),
      link: Type.Optional(Address),
      note: Type.Optional(Text),
      fallback: Type.Optional(Id),
      cites: Type.Optional(Cites),
    }),
  ),
});

export const ChecklistsFile = file({
  checklists: Type.Array(
    closed({
      id: Id,
      title: Text,
      intro: Type.Optional(Text),
      cites: Type.Optional(Cites),
      items: Type.Array(
        closed({ id: Id, text: Text, hint: Type.Optional(Text), cites: Type.Optional(Cites) }),
      ),
    }),
  ),
});

const cited = { cites: Type.Optional(Cites) };
const Item = closed({ text: Text, ...cited });
const Block = Type.Union([
  closed({ text: Text, ...cited }),
  closed({ list: Type.Array(Item) }),
  closed({ steps: Type.Array(Item) }),
  closed({ warning: Text, ...cited }),
  closed({ checklist: Id, ...cited }),
  closed({ contact: Id, ...cited }),
  closed({ link: Id, text: Type.Optional(Text), ...cited }),
]);
export const PageFile = file({
  id: Id,
  title: Text,
  summary: Text,
  group: Type.Enum(['guidance', 'video', 'help']),
  sections: Type.Array(closed({ heading: Text, blocks: Type.Array(Block) })),
});

export const ReadingsFile = file({
  readings: Type.Array(
    closed({
      id: Id,
      question: Text,
      literal: Text,
      reading: Type.Union([Text, Type.Null()]),
      setOn: Type.Optional(Day),
      shownWith: Type.Array(Id),
      cites: Type.Optional(Cites),
    }),
  ),
});

export const PromisesFile = file({
  promises: Type.Array(
    closed({
      id: Id,
      text: Text,
      when: When,
      ifVerdict: Type.Optional(Type.Array(Verdict, { minItems: 1 })),
      anyTool: Type.Optional(Type.Boolean()),
      always: Type.Optional(Type.Array(Verdict, { minItems: 1 })),
      never: Type.Optional(Type.Array(Verdict, { minItems: 1 })),
      adds: Type.Optional(Type.Array(Id, { minItems: 1 })),
      shows: Type.Optional(Cites),
      cited: Type.Optional(Type.Literal(true)),
      neverMilderThan: Type.Optional(Facts),
      keeps: Type.Optional(Type.Array(Verdict, { minItems: 1 })),
      cites: Type.Optional(Cites),
    }),
  ),
  gaps: Type.Array(
    closed({
      id: Id,
      when: When,
      because: Text,
      ambiguity: Type.Optional(Name),
      cites: Type.Optional(Cites),
    }),
  ),
});

const Shares = Type.Record(Type.String(), Type.Number({ minimum: 0, maximum: 100 }), { minProperties: 1 });
const Prior = closed({
  fact: Name,
  by: Type.Optional(Name),
  shares: Shares,
  given: Type.Optional(Type.Record(Type.String(), Shares)),
});
export const PriorsFile = file({
  margin: Type.Number({ minimum: 0, maximum: 100 }),
  priors: Type.Array(Prior),
});

const MatrixFilter = closed({
  fact: Name,
  values: Type.Optional(Type.Array(Scalar, { minItems: 1 })),
  eachItsOwn: Type.Optional(Text),
});
const InformationKind = closed({ id: Id, label: Text, hint: Type.Optional(Text), sets: Facts });
export const MatrixFile = file({
  filters: Type.Array(MatrixFilter),
  information: Type.Array(InformationKind, { minItems: 1 }),
});

export const WordsFile = file({
  words: Type.Array(
    closed({ avoid: Text, use: Type.Optional(Text), except: Type.Optional(Type.Array(Text)) }),
  ),
});

export type PackData = Static<typeof PackFile>;
export type FactData = Static<typeof Fact>;
export type PossibleChangeData = Static<typeof PossibleChange>;
export type RuleData = Static<typeof Rule>;
export type ConditionData = Static<typeof Condition>;
export type QuestionPageData = Static<typeof QuestionPage>;
export type OrganisationData = Static<typeof Organisation>;
export type ToolData = Static<typeof Tool>;
export type ClauseData = Static<typeof Clause>;
export type ExampleData = Static<typeof Example>;
export type BlockData = Static<typeof Block>;
export type PriorData = Static<typeof Prior>;
export type MatrixFilterData = Static<typeof MatrixFilter>;
export type InformationKindData = Static<typeof InformationKind>;
export type PageData = {
  id: string;
  title: string;
  summary: string;
  group: string;
  sections: { heading: string; blocks: BlockData[] }[];
};

/** The file kinds of a pack: how a path inside the folder says which shape a file has. */
export const fileKinds = [
  { pattern: /^pack\.yaml$/, kind: 'pack', schema: PackFile },
  { pattern: /^facts\.yaml$/, kind: 'facts', schema: FactsFile },
  { pattern: /^questions\.yaml$/, kind: 'questions', schema: QuestionsFile },
  { pattern: /^conditions\.yaml$/, kind: 'conditions', schema: ConditionsFile },
  { pattern: /^organisations\.yaml$/, kind: 'organisations', schema: OrganisationsFile },
  { pattern: /^contacts\.yaml$/, kind: 'contacts', schema: ContactsFile },
  { pattern: /^sources\.yaml$/, kind: 'sources', schema: SourcesFile },
  { pattern: /^checklists\.yaml$/, kind: 'checklists', schema: ChecklistsFile },
  { pattern: /^readings\.yaml$/, kind: 'readings', schema: ReadingsFile },
  { pattern: /^promises\.yaml$/, kind: 'promises', schema: PromisesFile },
  { pattern: /^priors\.yaml$/, kind: 'priors', schema: PriorsFile },
  { pattern: /^matrix\.yaml$/, kind: 'matrix', schema: MatrixFile },
  { pattern: /^words-to-avoid\.yaml$/, kind: 'words', schema: WordsFile },
  { pattern: /^rules\/[a-z0-9-]+\.yaml$/, kind: 'rules', schema: RulesFile },
  { pattern: /^tools\/[a-z0-9-]+\.yaml$/, kind: 'tools', schema: ToolsFile },
  { pattern: /^clauses\/[a-z0-9-]+\.yaml$/, kind: 'clauses', schema: ClausesFile },
  { pattern: /^pages\/[a-z0-9-]+\.yaml$/, kind: 'page', schema: PageFile },
] as const;
