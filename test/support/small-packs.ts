import fc from 'fast-check';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import {
  type Condition,
  type Fact,
  notApplicable,
  type Organisation,
  otherTool,
  type Pack,
  type Rule,
  type Tool,
  type When,
} from '#domain/policy/pack.ts';
import type { Verdict } from '#domain/shared/verdict.ts';

const at = { file: 'small.yaml', line: 1 };

/** What a small pack is made of. Everything that a policy can change is in it. */
export type SmallPack = {
  readonly kinds: readonly string[];
  readonly purposes: readonly string[];
  readonly kindOf: Readonly<Record<string, string | null>>;
  readonly statable: readonly string[];
  readonly records: Readonly<Record<string, string | null>>;
  readonly accountApplies: readonly string[];
  readonly fits: readonly string[] | null;
  readonly derivedFrom: readonly string[];
  readonly hasExtra: boolean;
  readonly rules: readonly SmallRule[];
  readonly kindOfCondition: Readonly<Record<string, Condition['kind']>>;
};

type SmallRule = {
  readonly id: string;
  readonly when: Readonly<Record<string, readonly string[]>>;
  readonly verdict: Verdict | null;
  readonly adds: readonly string[];
  readonly from?: string;
};

const toolIds = ['hammer', 'saw', 'drill'];
const organisations = ['north', 'south', 'west'];
const conditions = ['gloves', 'goggles', 'ladder'];

const subset = (values: readonly string[]): fc.Arbitrary<string[]> =>
  fc.subarray([...values], { minLength: 1 });

const smallRule: fc.Arbitrary<SmallRule> = fc.record(
  {
    id: fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7'),
    when: fc
      .record(
        {
          tool: subset(['hammer', 'saw', 'drill']),
          kind: subset(['plain', 'sharp', 'powered']),
          organisation: subset(['north', 'south', 'west']),
          local: subset(['none', 'strict']),
          purpose: subset(['cut', 'join', 'paint']),
          account: subset(['own', 'shared', notApplicable]),
          risk: subset(['low', 'high']),
          extra: subset(['yes', 'no']),
        },
        { requiredKeys: [] },
      )
      .map((when) => Object.fromEntries(Object.entries(when).slice(0, 3)) as Record<string, string[]>),
    verdict: fc.constantFrom<Verdict | null>(
      'allowed',
      'allowed',
      'allowed-with-conditions',
      'get-guidance',
      'request-review',
      'not-allowed',
      null,
    ),
    adds: fc.subarray(conditions, { maxLength: 2 }),
    from: fc.constantFrom('2030-01-01'),
  },
  { requiredKeys: ['id', 'when', 'verdict', 'adds'] },
);

const smallPack: fc.Arbitrary<SmallPack> = fc.record({
  kinds: fc.constantFrom(['plain', 'sharp'], ['plain', 'sharp', 'powered']),
  purposes: fc.constantFrom(['cut', 'join'], ['cut', 'join', 'paint']),
  kindOf: fc.record({
    hammer: fc.constantFrom(null, 'plain', 'sharp'),
    saw: fc.constantFrom(null, 'plain', 'sharp'),
    drill: fc.constantFrom(null, 'plain', 'sharp', 'absent'),
  }),
  statable: fc.constantFrom([], ['sharp'], ['plain', 'sharp']),
  records: fc.record({
    north: fc.constantFrom(null, 'none', 'strict'),
    south: fc.constantFrom(null, 'none', 'strict'),
    west: fc.constantFrom('absent', null, 'strict'),
  }),
  accountApplies: fc.constantFrom([], ['sharp'], ['plain']),
  fits: fc.constantFrom(null, ['cut'], ['cut', 'join']),
  derivedFrom: fc.constantFrom(['cut'], ['join']),
  hasExtra: fc.boolean(),
  rules: fc.uniqueArray(smallRule, { minLength: 1, maxLength: 7, selector: ({ id }) => id }),
  kindOfCondition: fc.record({
    gloves: fc.constantFrom<Condition['kind']>('condition', 'next-step'),
    goggles: fc.constantFrom<Condition['kind']>('condition', 'standing'),
    ladder: fc.constant<Condition['kind']>('condition'),
  }),
});

/** Two small packs of which the second keeps some parts of the first. */
export const twoSmallPacks: fc.Arbitrary<readonly [SmallPack, SmallPack]> = fc
  .tuple(smallPack, smallPack, fc.infiniteStream(fc.nat(3)))
  .map(([before, other, picks]) => {
    const keep = () => picks.next().value !== 0;
    const after = Object.fromEntries(
      Object.entries(other).map(([name, value]) => [name, keep() ? before[name as keyof SmallPack] : value]),
    ) as unknown as SmallPack;
    const rules = before.rules.map((rule) =>
      keep() ? rule : (other.rules.find(({ id }) => id === rule.id) ?? rule),
    );
    return [before, { ...after, rules: keep() ? rules : other.rules }] as const;
  });

/** A small pack ready for deciding. Tests on facts and values that it does not have are left out of its rules. */
export function smallPolicy(small: SmallPack): Policy {
  const values = (ids: readonly string[]) => ids.map((id) => ({ id, label: id }));
  const knownOrganisations = organisations.filter((id) => small.records[id] !== 'absent');
  const knownTools = toolIds.filter((id) => small.kindOf[id] !== 'absent');
  const fact = (id: string, own: Partial<Fact>): [string, Fact] => [
    id,
    {
      at,
      id,
      label: id,
      origin: 'asked',
      values: [],
      isBoolean: false,
      groups: new Map(),
      valuesFrom: 'list',
      isOnlyForOutside: false,
      mayBeNotApplicable: false,
      keep: false,
      asksNothingMore: new Set(),
      askedWhen: [],
      applies: [],
      reads: [],
      table: [],
      cites: [],
      ...own,
    },
  ];
  const named = knownTools.filter((id) => small.rules.some(({ when }) => when.tool?.includes(id)));
  const facts = new Map<string, Fact>([
    fact('tool', { valuesFrom: 'tools', values: values([...named, otherTool]) }),
    fact('kind', {
      origin: 'catalogue',
      default: 'plain',
      mayBeStated: new Set(small.statable),
      values: values(small.kinds),
    }),
    fact('organisation', { valuesFrom: 'organisations', values: values(knownOrganisations) }),
    fact('local', {
      origin: 'register',
      follows: 'organisation',
      default: 'none',
      values: values(['none', 'strict']),
    }),
    fact('purpose', {
      values: values(small.purposes),
      ordinary: 'cut',
      ...(small.fits === null
        ? {}
        : {
            fits: {
              by: 'kind',
              values: new Map(
                small.kinds.map((kind) => [kind, kind === 'plain' ? small.purposes : (small.fits ?? [])]),
              ),
            },
          }),
    }),
    fact('account', {
      values: values(['own', 'shared']),
      applies: small.accountApplies.length === 0 ? [] : [new Map([['kind', new Set(small.accountApplies)]])],
    }),
    fact('risk', {
      origin: 'derived',
      default: 'low',
      values: values(['low', 'high']),
      table: [{ when: new Map([['purpose', new Set(small.derivedFrom)]]), value: 'high' }],
    }),
    ...(small.hasExtra ? [fact('extra', { values: values(['yes', 'no']) })] : []),
  ]);
  const whenOf = (when: SmallRule['when']): When =>
    new Map(
      Object.entries(when).flatMap(([id, given]) => {
        const own = facts.get(id);
        const kept = given.filter(
          (value) => value === notApplicable || own?.values.some((one) => one.id === value),
        );
        return own === undefined || kept.length === 0 ? [] : [[id, new Set(kept)] as const];
      }),
    );
  const pack = {
    at,
    id: 'small',
    facts,
    rules: small.rules.map(
      (rule): Rule => ({
        at,
        title: rule.id,
        topic: 'small',
        because: rule.id,
        cites: [],
        citesTool: false,
        acknowledged: new Map(),
        examples: [],
        faults: [],
        ...rule,
        when: whenOf(rule.when),
      }),
    ),
    conditions: new Map(
      conditions.map((id): [string, Condition] => [
        id,
        {
          at,
          id,
          kind: small.kindOfCondition[id] ?? 'condition',
          when: 'while',
          strength: 'must',
          text: id,
          acknowledged: new Map(),
          cites: [],
        },
      ]),
    ),
    organisations: new Map(
      knownOrganisations.map((id): [string, Organisation] => {
        const value = small.records[id];
        const records =
          value === null || value === undefined ? [] : [{ fact: 'local', value, when: new Map() }];
        return [id, { at, id, name: id, contact: 'x', isUnknown: false, cites: [], records }];
      }),
    ),
    tools: new Map(
      knownTools.map((id): [string, Tool] => {
        const kind = small.kindOf[id];
        return [
          id,
          {
            at,
            id,
            name: id,
            facts: new Map(kind === null || kind === undefined ? [] : [['kind', kind]]),
            task: 'x',
            fits: new Map(),
            aliases: [],
            oldNames: [],
            newNames: [],
            domains: [],
            get: new Map(),
          },
        ];
      }),
    ),
    pages: [],
    changes: [],
    neverChanges: new Set(),
    aboutTool: new Set(),
    priors: null,
    matrix: null,
    clauses: new Map(),
    documents: new Map(),
    links: new Map(),
    contacts: new Map(),
    checklists: new Map(),
    guidancePages: new Map(),
    readings: [],
    ways: [],
    promises: [],
    gaps: [],
    wordsToAvoid: [],
    upkeep: [],
  } as unknown as Pack;
  return compilePolicy(pack, 'small');
}
