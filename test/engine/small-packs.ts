import fc from 'fast-check';
import type { Pack } from '#domain/policy/pack.ts';
import { parsePack } from '#domain/policy/parse-pack.ts';
import type { PolicyFile } from '#domain/policy/problem.ts';

type Values = readonly string[];
type Tests = Readonly<Record<string, Values>>;

// Six asked facts. The second to fifth apply only with some values of an earlier one, or always; the last is the organisation.
const names = ['one', 'two', 'three', 'four', 'five'];
const values = ['a', 'b', 'c'];
const organisations = ['here', 'there'];

const some = fc.subarray(values, { minLength: 1, maxLength: 2 });
const tests = fc
  .subarray([...names, 'local'], { minLength: 1, maxLength: 3 })
  .chain((facts) =>
    fc.record(
      Object.fromEntries(
        facts.map((fact) => [
          fact,
          fact === 'local' ? fc.constantFrom(['x'], ['y']) : (some as fc.Arbitrary<Values>),
        ]),
      ),
    ),
  );

const rule = fc.record({
  when: tests as fc.Arbitrary<Tests>,
  verdict: fc.constantFrom(
    'allowed',
    'allowed',
    'allowed-with-conditions',
    'get-guidance',
    'request-review',
    'not-allowed',
    undefined,
  ),
  adds: fc.subarray(['wash', 'dry', 'tell'], { maxLength: 2 }),
});

const shares = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 3 })
  .map((parts) => percentages(values, parts));

const fact = (index: number) =>
  fc.record({
    applies: index === 0 ? fc.constant(null) : fc.option(fc.tuple(fc.nat(index - 1), some), { nil: null }),
    by: index === 0 ? fc.constant(null) : fc.option(fc.nat(index - 1), { nil: null }),
    shares,
    given: fc.array(shares, { minLength: 2, maxLength: 2 }),
  });

/** Small packs of any shape: facts that hang on each other, priors that do, rules of all verdicts, pages of one or two questions. */
export const smallPacks: fc.Arbitrary<Pack> = fc
  .record({
    facts: fc.tuple(...names.map((_, index) => fact(index))),
    rules: fc.array(rule, { minLength: 2, maxLength: 8 }),
    isPaired: fc.boolean(),
  })
  .map(({ facts, rules, isPaired }) => {
    const asked = facts.map(({ applies }, index) => ({
      id: names[index],
      label: 'A fact',
      origin: 'asked',
      values: values.map((id) => ({ id, label: id })),
      ...(applies === null ? {} : { applies: [{ [names[applies[0]] ?? '']: applies[1] }] }),
    }));
    const pages = [
      ...(isPaired ? [names.slice(0, 2), names.slice(2, 4), ['five']] : names.map((id) => [id])),
      ['part'],
    ];
    return packOf({
      'facts.yaml': {
        facts: [
          { id: 'tool', label: 'Tool', origin: 'asked', values: 'tools' },
          { id: 'part', label: 'Part', origin: 'asked', values: 'organisations' },
          {
            id: 'local',
            label: 'Local',
            origin: 'register',
            follows: 'part',
            default: 'x',
            values: ['x', 'y'].map((id) => ({ id, label: id })),
          },
          ...asked,
        ],
      },
      'organisations.yaml': {
        organisations: organisations.map((id) => ({
          id,
          name: id,
          contact: 'desk',
          records: [{ fact: 'local', value: id === 'here' ? 'x' : 'y', when: { one: ['a', 'b'] } }],
        })),
      },
      'rules/all.yaml': {
        topic: 'All',
        rules: rules.map(({ when, verdict, adds }, index) => ({
          id: `rule-${index}`,
          title: 'A rule',
          when,
          ...(verdict === undefined ? {} : { verdict }),
          because: 'It is so.',
          adds,
        })),
      },
      'conditions.yaml': {
        conditions: ['wash', 'dry', 'tell'].map((id) => ({
          id,
          kind: id === 'tell' ? 'next-step' : 'condition',
          when: 'before',
          strength: 'must',
          text: 'Do it.',
        })),
      },
      'questions.yaml': {
        pages: pages.map((own, index) => ({
          id: `page-${index}`,
          title: 'A page',
          questions: own.map((id) => ({ id, facts: [id], text: 'Which?', why: 'It matters.' })),
        })),
      },
      'priors.yaml': {
        margin: 0,
        priors: [
          { fact: 'part', shares: { here: 60, there: 40 } },
          ...facts.map(({ by, shares: general, given }, index) => ({
            fact: names[index],
            shares: general,
            ...(by === null ? {} : { by: names[by], given: { a: given[0], b: given[1] } }),
          })),
        ],
      },
    });
  });

function packOf(contents: Readonly<Record<string, object>>): Pack {
  const head = { owner: 'nobody', lastConfirmed: '2026-11-01', reviewBy: '2027-11-01' };
  const all: Readonly<Record<string, object>> = {
    'pack.yaml': {
      id: 'small',
      label: 'small',
      format: 1,
      languages: ['en'],
      department: 'Nobody',
      defaultContact: 'desk',
      reviewContact: 'desk',
      words: { use: 'use {tool}', headlines: {}, dated: '{date}' },
      silence: { because: 'No rule permits this.', adds: [], cites: [] },
      meanwhile: { tools: [], sets: {} },
      ways: [],
    },
    'tools/tools.yaml': { tools: [{ id: 'kettle', name: 'Kettle', task: 'tea' }] },
    ...contents,
  };
  const files = Object.entries(all).map(
    ([name, data]): PolicyFile => ({ name, data: { ...head, ...data }, lineOf: () => 1 }),
  );
  const { pack, problems } = parsePack(files);
  if (pack === null || problems.length > 0)
    throw new Error(problems.map(({ file, message }) => `${file}: ${message}`).join('\n'));
  return pack;
}

function percentages(names: readonly string[], parts: readonly number[]): Record<string, number> {
  const sum = parts.reduce((all, part) => all + part, 0);
  return Object.fromEntries(names.map((name, index) => [name, (100 * (parts[index] ?? 0)) / sum]));
}
