import fc from 'fast-check';
import type { Pack } from '#domain/policy/pack.ts';
import { parsePack } from '#domain/policy/parse-pack.ts';
import type { PolicyFile } from '#domain/policy/problem.ts';
import { verdicts } from '#domain/shared/verdict.ts';

type Value = string | boolean;
type When = Readonly<Record<string, readonly Value[] | undefined>>;

const kept = { owner: 'x', lastConfirmed: '2026-11-01', reviewBy: '2027-11-01' };

// Every way in which facts hang on each other is here once: the catalogue, a register, fits, applicability, a quiet fact, a derived
// one, one that is asked only at times, and a claim. Values that a policy draws are left out of none of them.
const tested: Readonly<Record<string, readonly Value[]>> = {
  tool: ['hammer', 'saw', '(other)'],
  kind: ['blunt', 'sharp', 'unlisted'],
  house: ['north', 'south'],
  local: ['none', 'prohibits', 'unknown'],
  wants: ['build', 'cut'],
  who: ['me', 'you', 'n/a'],
  alarm: [true, false],
  gloves: [true, false, 'n/a'],
  risk: ['low', 'high'],
};

const whens = fc
  .record(
    Object.fromEntries(
      Object.entries(tested).map(([fact, values]) => [fact, fc.subarray([...values], { minLength: 1 })]),
    ),
    { requiredKeys: [] },
  )
  .filter((when) => Object.keys(when).length > 0);

const rules = fc.array(
  fc.record({
    when: whens,
    verdict: fc.option(fc.constantFrom(...verdicts), { nil: undefined, freq: 4 }),
    adds: fc.subarray(['wash', 'tell']),
  }),
  { minLength: 2, maxLength: 12 },
);

const promises = fc.array(
  fc.record(
    {
      when: whens,
      ifVerdict: fc.subarray([...verdicts], { minLength: 1 }),
      always: fc.subarray([...verdicts], { minLength: 1, maxLength: 4 }),
      never: fc.subarray([...verdicts], { minLength: 1, maxLength: 2 }),
      adds: fc.subarray(['wash', 'tell'], { minLength: 1 }),
    },
    { requiredKeys: ['when'] },
  ),
  { minLength: 1, maxLength: 4 },
);

/** Small random policies with every way in which facts hang on each other, and some promises. Their spaces have about 10,000 situations. */
export const smallPacks: fc.Arbitrary<Pack> = fc
  .record({ rules, promises, gap: whens, applies: whens })
  .map(({ rules: drawn, promises: promised, gap, applies }) =>
    packOf([
      ['facts.yaml', { ...kept, facts: factsWith(only(applies, ['kind', 'wants'])) }],
      [
        'rules/rules.yaml',
        {
          ...kept,
          topic: 'Rules',
          rules: drawn.map(({ when, verdict, adds }, index) => ({
            id: `rule-${index}`,
            title: `Rule ${index}`,
            when,
            ...(verdict === undefined ? {} : { verdict }),
            because: 'It is so.',
            adds,
            cites: ['A-1'],
          })),
        },
      ],
      [
        'promises.yaml',
        {
          ...kept,
          promises: promised.map((one, index) => ({ id: `promise-${index}`, text: 'It is so.', ...one })),
          gaps: [{ id: 'gap', when: gap, because: 'It is open.' }],
        },
      ],
    ]),
  );

function only(when: When, facts: readonly string[]): When[] {
  const kept = Object.entries(when).filter(([fact]) => facts.includes(fact));
  return kept.length === 0 ? [] : [Object.fromEntries(kept)];
}

function factsWith(applies: readonly When[]): unknown[] {
  const values = (ids: readonly string[]) => ids.map((id) => ({ id, label: id }));
  return [
    { id: 'tool', label: 'Tool', origin: 'asked', values: 'tools' },
    {
      id: 'kind',
      label: 'Kind',
      origin: 'catalogue',
      default: 'unlisted',
      mayBeStated: ['unlisted', 'sharp'],
      values: values(['blunt', 'sharp', 'unlisted']),
    },
    { id: 'house', label: 'House', origin: 'asked', ordinary: 'north', values: 'organisations' },
    {
      id: 'local',
      label: 'Local',
      origin: 'register',
      follows: 'house',
      default: 'unknown',
      values: values(['none', 'prohibits', 'unknown']),
    },
    {
      id: 'alarm',
      label: 'Alarm',
      origin: 'assumed',
      default: false,
      values: 'yes-no',
      asksNothingMore: [true],
    },
    {
      id: 'wants',
      label: 'Wants',
      origin: 'asked',
      ordinary: 'build',
      values: values(['build', 'cut']),
      fits: { by: 'kind', values: { blunt: ['build'], sharp: ['cut', 'build'], unlisted: ['build', 'cut'] } },
    },
    {
      id: 'who',
      label: 'Who',
      origin: 'asked',
      ordinary: 'me',
      values: values(['me', 'you']),
      ...(applies.length === 0 ? {} : { applies }),
    },
    {
      id: 'gloves',
      label: 'Gloves',
      origin: 'asked',
      askedWhen: [{ wants: 'cut' }],
      default: true,
      values: 'yes-no',
      applies: [{ who: 'me' }, { wants: 'cut', kind: ['sharp', 'unlisted'] }],
    },
    {
      id: 'risk',
      label: 'Risk',
      origin: 'derived',
      default: 'low',
      values: values(['low', 'high']),
      table: [
        { when: { gloves: false }, value: 'high' },
        { when: { kind: 'blunt' }, value: 'low' },
        { when: { wants: 'cut', who: 'you' }, value: 'high' },
      ],
    },
  ];
}

function packOf(files: readonly (readonly [name: string, data: unknown])[]): Pack {
  const all = [...frame, ...files].map(([name, data]): PolicyFile => ({ name, data, lineOf: () => 1 }));
  const { pack, problems } = parsePack(all);
  const [problem] = problems;
  if (pack === null || problem !== undefined)
    throw new Error(problem?.message ?? 'the small pack cannot be read');
  return pack;
}

const frame: readonly (readonly [name: string, data: unknown])[] = [
  [
    'pack.yaml',
    {
      ...kept,
      id: 'small',
      label: 'small',
      format: 1,
      languages: ['en'],
      department: 'House',
      defaultContact: 'desk',
      reviewContact: 'desk',
      words: { use: 'use {tool}', headlines: {}, dated: 'on a list from {date}' },
      silence: { because: 'No rule permits this.', adds: ['tell'], cites: ['A-1'] },
      meanwhile: { tools: [], sets: {} },
      ways: [],
    },
  ],
  [
    'conditions.yaml',
    {
      ...kept,
      conditions: [
        { id: 'wash', kind: 'condition', when: 'after', strength: 'must', text: 'Wash your hands.' },
        { id: 'tell', kind: 'next-step', when: 'now', strength: 'should', text: 'Tell somebody.' },
      ],
    },
  ],
  [
    'organisations.yaml',
    {
      ...kept,
      organisations: [
        {
          id: 'north',
          name: 'North',
          contact: 'desk',
          records: [{ fact: 'local', value: 'prohibits', when: { kind: 'sharp' } }],
        },
        { id: 'south', name: 'South', contact: 'desk', records: [{ fact: 'local', value: 'none' }] },
      ],
    },
  ],
  [
    'tools/tools.yaml',
    {
      ...kept,
      tools: [
        { id: 'hammer', name: 'Hammer', facts: { kind: 'blunt' }, task: 'build' },
        { id: 'saw', name: 'Saw', facts: { kind: 'sharp' }, task: 'cut', fits: { wants: ['cut'] } },
        { id: 'file', name: 'File', facts: { kind: 'sharp' }, task: 'cut' },
      ],
    },
  ],
  ['questions.yaml', { ...kept, pages: [{ id: 'ask', title: 'Ask', questions: [question()] }] }],
  [
    'contacts.yaml',
    { ...kept, contacts: [{ id: 'desk', name: 'Desk', for: 'All', email: 'desk@example.org' }] },
  ],
  [
    'sources.yaml',
    {
      ...kept,
      documents: [{ id: 'A', title: 'A', short: 'A', dated: null, datedText: 'undated', read: '2026-11-01' }],
      links: [],
    },
  ],
  [
    'clauses/a.yaml',
    { ...kept, document: 'A', clauses: [{ id: 'A-1', section: 'A', class: 'rule', text: 'It is so.' }] },
  ],
];

function question(): unknown {
  return { id: 'wants', facts: ['wants'], text: 'What for?', why: 'It matters.' };
}
