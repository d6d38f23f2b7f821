import { hasBit } from '../decision/bit-set.ts';
import type { Table, TableFact } from '../decision/table.ts';
import { notApplicable } from '../policy/pack.ts';
import type { NodeId } from './diagram.ts';
import type { Finding } from './finding.ts';
import { whereSilent } from './promises.ts';
import { findSituation, nodeOf, type Proving } from './proving.ts';
import { both, no, type Space, shadowOn, without, yes } from './space.ts';

/**
 * What nothing permits and nothing restricts: first the gaps that the owner knows of, then each other one, described by the facts
 * that permissions test.
 */
export function findGaps({ space, pack, within, table }: Proving): Finding[] {
  const { diagrams } = space;
  let silent = whereSilent(space, within);
  const findings: Finding[] = [];
  for (const gap of pack.gaps) {
    const known = both(diagrams, silent, nodeOf(space, gap.when));
    findings.push({
      kind: 'gap',
      about: [gap.id],
      text: known === no ? `the acknowledged gap \`${gap.id}\` is no gap any more` : gap.because,
      situation: known === no ? null : (findSituation(space, known)?.facts ?? null),
      situations: diagrams.countOnes(known),
      acknowledged: known === no ? null : (gap.ambiguity ?? gap.because),
    });
    silent = without(diagrams, silent, known);
  }
  const facts = describedBy(table);
  for (let found = 0; found < mostGaps && silent !== no; found++) {
    const one = findSituation(space, silent);
    const values = one?.values ?? diagrams.findOne(silent, yes, []);
    if (values === null) break;
    const tests = widened(space, shadowOn(space, silent, facts), facts, values);
    const region = both(diagrams, silent, diagrams.cube(tests, yes, no));
    const words = tests
      .map(({ variable, bits }) => wordsOf(space, variable, bits))
      .filter((text) => text !== null);
    findings.push({
      kind: 'gap',
      about: [],
      text: words.length === 0 ? 'no rule permits anything else' : `no rule permits: ${words.join(', ')}`,
      situation: one?.facts ?? null,
      situations: diagrams.countOnes(region),
      acknowledged: null,
    });
    silent = without(diagrams, silent, region);
  }
  return findings;
}

/** Where no rule permits, none restricts, and the owner knows of no gap. */
export function unknownGaps({ space, pack, within }: Proving): NodeId {
  let silent = whereSilent(space, within);
  for (const { when } of pack.gaps) silent = without(space.diagrams, silent, nodeOf(space, when));
  return silent;
}

type Test = { readonly variable: number; bits: number };

// From one situation to as many like it as one sentence can say: every value that keeps all of them gaps is let in.
function widened(
  { diagrams, placeOf }: Space,
  shadow: NodeId,
  facts: readonly number[],
  values: readonly number[],
): Test[] {
  const tests: Test[] = facts.map((fact) => ({
    variable: placeOf[fact] as number,
    bits: 1 << (values[placeOf[fact] as number] as number),
  }));
  for (const test of tests) {
    for (let value = 0; value < (diagrams.sizes[test.variable] as number); value++) {
      const before = test.bits;
      test.bits |= 1 << value;
      if (without(diagrams, diagrams.cube(tests, yes, no), shadow) !== no) test.bits = before;
    }
  }
  return tests;
}

const mostGaps = 25;

// The facts that most permissions test say best what a gap is about; in a small policy all of them.
function describedBy(table: Table): number[] {
  const uses = new Map<number, number>();
  for (const [rule, tests] of table.tests.entries())
    if (hasBit(table.permissions, rule))
      for (const { fact } of tests) uses.set(fact, (uses.get(fact) ?? 0) + 1);
  const most = [...uses].filter(([, count]) => count >= 3).map(([fact]) => fact);
  return most.length > 0 ? most : [...uses.keys()];
}

function wordsOf({ table, order }: Space, variable: number, bits: number): string | null {
  const entry = table.facts[order[variable] as number] as TableFact;
  const values = entry.values.filter((_, number) => bits & (1 << number));
  const named = values.filter((value) => value !== notApplicable);
  return named.length === 0 || values.length === entry.values.length
    ? null
    : `${entry.fact.id} ${named.join(' or ')}`;
}
