import { hasBit } from '../decision/bit-set.ts';
import type { Finding } from './finding.ts';
import { findGaps } from './gaps.ts';
import { canMeet, findIdleRules, findUnreachedConditions } from './idle-rules.ts';
import { type ProvedPromise, provePromise } from './promises.ts';
import { exampleOf, type Proving, untangled } from './proving.ts';
import { countVerdicts, findReach, findUnreachedVerdicts, type Reach, type VerdictCounts } from './reach.ts';
import { both, cubeOf, no, yes } from './space.ts';

/** What holds over the whole space of situations of a policy on one day. */
export type Proof = {
  /** Every situation that can happen and that somebody is asked about. */
  readonly situations: bigint;
  readonly byVerdict: VerdictCounts;
  readonly reach: readonly Reach[];
  readonly promises: readonly ProvedPromise[];
  readonly findings: readonly Finding[];
  readonly nodes: { readonly verdict: number; readonly all: number };
};

/** Told what is being proved, and how far along of the whole (0 to 1). */
export type Progress = (what: string, done: number) => void;

/** Proves everything that `policy prove` reports. Throws `TooTangled` where the rules are too tangled. */
export function prove(proving: Proving, progress: Progress = () => {}): Proof {
  return untangled(proving.table, proving.growth, () => proveAll(proving, progress));
}

function proveAll(proving: Proving, progress: Progress): Proof {
  const { space, within } = proving;
  progress('counting situations', 0.1);
  const byVerdict = countVerdicts(space, within);
  const reach = findReach(proving);
  const unreached = findUnreachedVerdicts(proving, byVerdict, reach);
  const { promises } = proving.pack;
  const proved = promises.map((promise, index) => {
    progress('promises', 0.2 + (0.4 * index) / promises.length);
    return provePromise(proving, promise);
  });
  progress('gaps', 0.6);
  const gaps = findGaps(proving);
  progress('rules without effect', 0.7);
  const idle = findIdleRules(proving);
  const conditions = findUnreachedConditions(proving, idle);
  progress('overlaps', 0.9);
  const overlaps = findOverlaps(proving);
  progress('done', 1);
  return {
    situations: Object.values(byVerdict).reduce((sum, count) => sum + count, 0n),
    byVerdict,
    reach,
    promises: proved,
    findings: [...gaps, ...idle.findings, ...conditions, ...unreached, ...overlaps],
    nodes: { verdict: space.diagrams.sizeOf(proving.verdict), all: space.diagrams.nodeCount },
  };
}

/** A permission and a prohibition that can both apply: right as long as somebody has looked at it. */
function findOverlaps({ space, table }: Proving): Finding[] {
  const { diagrams } = space;
  const findings: Finding[] = [];
  for (const [ban, prohibition] of table.rules.entries()) {
    if (prohibition.verdict !== 'not-allowed') continue;
    const forbidden = both(diagrams, cubeOf(space, table.tests[ban] ?? [], yes, no), space.fitting);
    for (const [permit, permission] of table.rules.entries()) {
      if (!hasBit(table.permissions, permit) || !canMeet(table, ban, permit)) continue;
      const shared = both(diagrams, forbidden, cubeOf(space, table.tests[permit] ?? [], yes, no));
      if (shared === no) continue;
      findings.push({
        kind: 'overlap',
        about: [prohibition.id, permission.id],
        text: `\`${prohibition.id}\` forbids what \`${permission.id}\` permits`,
        situation: exampleOf(space, shared),
        situations: diagrams.countOnes(shared),
        acknowledged: prohibition.acknowledged.get('overlaps') ?? null,
      });
    }
  }
  return findings;
}
