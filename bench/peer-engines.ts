import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Table } from '#domain/decision/table.ts';
import {
  conclusion,
  type NamedDecision,
  type PlainRule,
  plainRules,
  type SituationFacts,
} from './peer-policy.ts';

/** Another engine, made ready for the rules of a table. */
export type PeerEngine = {
  /** Its name and version. */
  readonly name: string;
  /** Decides situations, as many at once as are given. */
  readonly decide: (situations: readonly SituationFacts[]) => NamedDecision[] | Promise<NamedDecision[]>;
  readonly close: () => void;
};

const folder = path.join(import.meta.dirname, 'peers');
const packages = {
  zen: '@gorules/zen-engine',
  cedar: '@cedar-policy/cedar-wasm',
  jsonRules: 'json-rules-engine',
};

/** Why the other engines cannot be started; undefined where they can. */
export function missingPeers(): string | undefined {
  const missing = Object.values(packages).filter(
    (name) => !fs.existsSync(path.join(folder, 'node_modules', name)),
  );
  if (missing.length === 0) return undefined;
  return `npm run bench -- peers --quick installs ${missing.join(', ')}`;
}

/**
 * The other engines with the rules of a table. All of it is generated, each engine has the form that was the fastest of those that its
 * interface offers (docs/reference/performance.md), and everything that can be done once has been done.
 */
export function startPeerEngines(table: Table): PeerEngine[] {
  const rules = plainRules(table);
  return [zenEngine, cedarEngine, jsonRulesEngine].map((start) => start(rules, conclusion(table)));
}

type Conclude = ReturnType<typeof conclusion>;

type Zen = {
  readonly ZenEngine: new () => {
    readonly createDecision: (content: object) => {
      readonly evaluate: (
        facts: object,
      ) => Promise<{ readonly result: readonly { readonly rule: string }[] }>;
    };
    readonly dispose: () => void;
  };
  readonly ZenDecisionContent: new (content: object) => object;
  readonly overrideConfig: (config: { readonly nodesInContext: boolean }) => void;
};

// Its engine has no synchronous form. Many situations at once take the least processor time.
function zenEngine(rules: readonly PlainRule[], conclude: Conclude): PeerEngine {
  const { ZenEngine, ZenDecisionContent, overrideConfig } = load<Zen>(packages.zen);
  overrideConfig({ nodesInContext: false });
  const engine = new ZenEngine();
  const decision = engine.createDecision(new ZenDecisionContent(zenGraph(rules)));
  const decideOne = async (facts: SituationFacts): Promise<NamedDecision> => {
    const { result } = await decision.evaluate(facts);
    return conclude(result.map(({ rule }) => rule));
  };
  return {
    name: nameOf(packages.zen, 'GoRules ZEN'),
    decide: (situations) => Promise.all(situations.map(decideOne)),
    close: () => engine.dispose(),
  };
}

/**
 * A decision table that collects the rules that apply. One column with an expression for each rule: a column for each fact, which would
 * be empty in most rows, takes twice as long.
 */
export function zenGraph(rules: readonly PlainRule[]): object {
  const node = (id: string, type: string, content: object): object => ({
    id,
    type,
    name: id,
    position: { x: 0, y: 0 },
    content,
  });
  const edge = (sourceId: string, targetId: string): object => ({
    id: `${sourceId}-${targetId}`,
    type: 'edge',
    sourceId,
    targetId,
  });
  const table = {
    hitPolicy: 'collect',
    passThrough: false,
    executionMode: 'single',
    inputField: null,
    outputPath: null,
    inputs: [{ id: 'when', name: 'when' }],
    outputs: [{ id: 'rule', name: 'rule', field: 'rule' }],
    rules: rules.map(({ id, tests }) => ({
      _id: id,
      rule: JSON.stringify(id),
      when: tests
        .map(({ fact, values }) =>
          values.length === 1
            ? `${fact} == ${JSON.stringify(values[0])}`
            : `${fact} in ${JSON.stringify(values)}`,
        )
        .join(' and '),
    })),
  };
  return {
    nodes: [
      node('facts', 'inputNode', {}),
      node('rules', 'decisionTableNode', table),
      node('applying', 'outputNode', {}),
    ],
    edges: [edge('facts', 'rules'), edge('rules', 'applying')],
  };
}

type CedarAnswer =
  | {
      readonly type: 'success';
      readonly response: {
        readonly diagnostics: { readonly reason: readonly string[]; readonly errors: readonly unknown[] };
      };
    }
  | { readonly type: 'failure'; readonly errors: readonly { readonly message: string }[] };
type Cedar = {
  readonly preparsePolicySet: (name: string, policies: object) => { readonly type: 'success' | 'failure' };
  readonly statefulIsAuthorized: (call: object) => CedarAnswer;
};

// Cedar names the policies that permit. So every rule is one that permits, also where it forbids: otherwise only one side is named.
function cedarEngine(rules: readonly PlainRule[], conclude: Conclude): PeerEngine {
  const { preparsePolicySet, statefulIsAuthorized } = load<Cedar>(packages.cedar, '/nodejs');
  const preparsed = preparsePolicySet('rules', { staticPolicies: cedarPolicies(rules) });
  if (preparsed.type !== 'success') throw new Error(`Cedar refuses the rules: ${JSON.stringify(preparsed)}`);
  const call = {
    principal: { type: 'Asker', id: 'somebody' },
    action: { type: 'Action', id: 'use' },
    resource: { type: 'Tool', id: 'it' },
    preparsedPolicySetId: 'rules',
    validateRequest: false,
    entities: [],
  };
  const decideOne = (context: SituationFacts): NamedDecision => {
    const answer = statefulIsAuthorized({ ...call, context });
    if (answer.type === 'failure') throw new Error(`Cedar: ${answer.errors[0]?.message}`);
    const { reason, errors } = answer.response.diagnostics;
    if (errors.length > 0) throw new Error(`Cedar: ${JSON.stringify(errors[0])}`);
    return conclude(reason);
  };
  return {
    name: nameOf(packages.cedar, 'Cedar'),
    decide: (situations) => situations.map(decideOne),
    close() {},
  };
}

/** A policy for each rule, by its id. */
export function cedarPolicies(rules: readonly PlainRule[]): Record<string, string> {
  const test = ({ fact, values }: PlainRule['tests'][number]): string => {
    const value = `context[${JSON.stringify(fact)}]`;
    return values.length === 1
      ? `${value} == ${JSON.stringify(values[0])}`
      : `${JSON.stringify(values)}.contains(${value})`;
  };
  return Object.fromEntries(
    rules.map(({ id, tests }) => {
      const when = tests.length === 0 ? '' : ` when { ${tests.map(test).join(' && ')} }`;
      return [id, `permit(principal, action, resource)${when};`];
    }),
  );
}

type JsonRules = {
  readonly Engine: new (
    rules: readonly object[],
  ) => {
    readonly run: (
      facts: SituationFacts,
    ) => Promise<{ readonly events: readonly { readonly type: string }[] }>;
  };
};

function jsonRulesEngine(rules: readonly PlainRule[], conclude: Conclude): PeerEngine {
  const { Engine } = load<JsonRules>(packages.jsonRules);
  const engine = new Engine(jsonRules(rules));
  const decideOne = async (facts: SituationFacts): Promise<NamedDecision> => {
    const { events } = await engine.run(facts);
    return conclude(events.map(({ type }) => type));
  };
  return {
    name: nameOf(packages.jsonRules, 'json-rules-engine'),
    decide: (situations) => Promise.all(situations.map(decideOne)),
    close() {},
  };
}

/** A rule for each rule, whose event has its id. */
export function jsonRules(rules: readonly PlainRule[]): object[] {
  return rules.map(({ id, tests }) => ({
    conditions: {
      all: tests.map(({ fact, values }) =>
        values.length === 1
          ? { fact, operator: 'equal', value: values[0] }
          : { fact, operator: 'in', value: values },
      ),
    },
    event: { type: id },
  }));
}

// Packages of the peers: there are no types for them, because the product does not have them.
function load<T>(name: string, part = ''): T {
  return createRequire(path.join(folder, 'package.json'))(name + part) as T;
}

function nameOf(name: string, shown: string): string {
  const manifest = JSON.parse(
    fs.readFileSync(path.join(folder, 'node_modules', name, 'package.json'), 'utf8'),
  ) as {
    readonly version: string;
  };
  return `${shown} ${manifest.version}`;
}
