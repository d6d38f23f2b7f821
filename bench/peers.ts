import { decide } from '#domain/decision/decide.ts';
import { benchGuidance } from './guidance.ts';
import { type Contestant, measureInterleaved, type Rate } from './measure.ts';
import { type PeerEngine, startPeerEngines } from './peer-engines.ts';
import { decideByName, factsByName, type NamedDecision } from './peer-policy.ts';
import { seededRandom } from './random.ts';
import { randomSituations } from './situations.ts';
import { grouped, textTable } from './text-table.ts';

export type PeerBench = {
  readonly rules: number;
  readonly facts: number;
  readonly situations: number;
  readonly rounds: number;
  /** The product with facts as numbers, the product with facts as JSON, then the others with facts as JSON. */
  readonly rates: readonly Rate[];
};

/** So many situations an engine is given at once. */
const atOnce = 50;

/** Measures deciding beside other engines that have been given the same rules. Before anything is timed, all must say the same. */
export async function benchPeers({ isQuick }: { readonly isQuick: boolean }): Promise<PeerBench> {
  const answering = await benchGuidance();
  const day = answering.today();
  const policy = answering.policy();
  const table = policy.tableOn(day);
  const situations = randomSituations(policy, day, isQuick ? 200 : 2_000, seededRandom(42));
  const facts = situations.map((situation) => factsByName(table, situation));
  const byName = decideByName(table);
  const engines = startPeerEngines(table);
  const expected = facts.map(byName);
  for (const engine of engines) await mustAgree(engine, facts, expected);
  // What is counted up keeps the work from being optimised away.
  let sink = 0;
  const product: Contestant[] = [
    {
      name: 'Clear to Use, facts as numbers',
      run() {
        for (const situation of situations) sink += decide(table, situation).rules.length;
        return situations.length;
      },
    },
    {
      name: 'Clear to Use, facts as JSON',
      run() {
        for (const one of facts) sink += byName(one).additions.length;
        return facts.length;
      },
    },
  ];
  const peers = engines.map(({ name, decide: decideAll }): Contestant => {
    let start = 0;
    return {
      name,
      async run() {
        const some = facts.slice(start, start + atOnce);
        start = (start + atOnce) % facts.length;
        for (const { additions } of await decideAll(some)) sink += additions.length;
        return some.length;
      },
    };
  });
  const rounds = isQuick ? 3 : 11;
  const rates = await measureInterleaved([...product, ...peers], { rounds, roundMs: isQuick ? 50 : 400 });
  if (sink === 0) throw new Error('nothing was decided');
  for (const { close } of engines) close();
  return {
    rules: table.rules.length,
    facts: table.tested.length,
    situations: situations.length,
    rounds,
    rates,
  };
}

async function mustAgree(
  { name, decide }: PeerEngine,
  facts: Parameters<PeerEngine['decide']>[0],
  expected: readonly NamedDecision[],
): Promise<void> {
  for (let start = 0; start < facts.length; start += atOnce) {
    const decided = await decide(facts.slice(start, start + atOnce));
    for (const [at, decision] of decided.entries()) {
      const [is, shouldBe] = [decision, expected[start + at]].map((one) => JSON.stringify(one));
      if (is === shouldBe) continue;
      throw new Error(`${name} decides situation ${start + at} differently:\n${is}\ninstead of\n${shouldBe}`);
    }
  }
}

/** The measurement as text for people. */
export function describePeers({ rules, facts, situations, rounds, rates }: PeerBench): string {
  const [numbers, json] = rates.map(({ median }) => median);
  const times = (ours: number | undefined, { median }: Rate): string => `${grouped((ours ?? 0) / median)} x`;
  return `Deciding beside other engines: ${rules} rules on ${facts} facts. All agree on ${grouped(situations)} random situations.
To the verdict, every rule that applies and everything they add. Per second of processor time, median of ${rounds} interleaved rounds.

${textTable([
  ['', 'decisions/s', 'min .. max', 'from numbers, so many times', 'from JSON, so many times'],
  ...rates.map((rate, at) => [
    rate.name,
    grouped(rate.median),
    `${grouped(rate.min)} .. ${grouped(rate.max)}`,
    ...(at < 2 ? ['', ''] : [times(numbers, rate), times(json, rate)]),
  ]),
])}`;
}
