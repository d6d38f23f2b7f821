import { type Finding, type FindingKind, findingKinds } from '#domain/proof/finding.ts';
import type { ProvedPromise } from '#domain/proof/promises.ts';
import type { Proof } from '#domain/proof/prove.ts';
import { verdicts } from '#domain/shared/verdict.ts';
import {
  type ProvedGuidance,
  type ProvedPeriod,
  situationAddress,
  splitFindings,
} from '#usecases/prove-guidance.ts';
import { clean } from './terminal.ts';

type Period = ProvedPeriod & { readonly on: string };

/** What was proved, for people. With `all` the findings that somebody has looked at too, and the promises that hold. */
export function proofAsText(proved: ProvedGuidance, all: boolean): string {
  const lines = proved.periods.flatMap((period) => periodAsText({ ...period, on: proved.on }, all));
  return [...lines.map(clean), proved.isSound ? 'sound' : 'not sound', ''].join('\n');
}

function periodAsText(period: Period, all: boolean): string[] {
  const { from, until, result } = period;
  const when = `from ${from}${until === null ? '' : ` until before ${until}`}`;
  if (result.outcome === 'tangled') {
    return [
      `${when}: too tangled to prove. The diagrams need more than ${grouped(BigInt(result.nodes))} nodes.`,
      result.rules.length === 0
        ? 'The facts hang on each other in too many ways. Deciding goes on as before.'
        : 'These rules made them grow most. Deciding goes on as before.',
      ...result.rules.map((rule) => `  ${rule}`),
      '',
    ];
  }
  const { proof } = result;
  return [
    `${when}: ${grouped(proof.situations)} situations`,
    ...verdictLines(proof),
    '',
    ...promiseLines(period, proof.promises, all),
    '',
    ...findingLines(period, proof.findings, all),
    ...(all ? ['', ...reachLines(proof)] : []),
    '',
  ];
}

function verdictLines({ byVerdict, situations }: Proof): string[] {
  const counts = verdicts.map((verdict) => grouped(byVerdict[verdict]));
  const widest = Math.max(...counts.map(({ length }) => length));
  return verdicts.map(
    (verdict, index) =>
      `  ${verdict.padEnd(23)}  ${(counts[index] ?? '').padStart(widest)}  ${shareInWords(byVerdict[verdict], situations)}`,
  );
}

function promiseLines(period: Period, promises: readonly ProvedPromise[], all: boolean): string[] {
  const broken = promises.filter(({ holds }) => !holds);
  return [
    `promises: ${promises.length - broken.length} proved, ${broken.length} broken`,
    ...broken.flatMap(({ promise, broken: example }) => [
      `  broken: ${promise.id}: ${promise.text}`,
      ...(example === null ? [] : [`    ${example.verdict} for ${situationText(period, example.situation)}`]),
    ]),
    ...promises
      .filter(({ situations }) => situations === 0n)
      .map(({ promise }) => `  speaks of no situation: ${promise.id}`),
    ...(all
      ? promises
          .filter(({ holds }) => holds)
          .map(
            ({ promise, situations }) =>
              `  proved: ${promise.id}: ${promise.text} (${grouped(situations)} situations)`,
          )
      : []),
  ];
}

/** What each kind of finding is called. */
const kindWords: Readonly<Record<FindingKind, string>> = {
  gap: 'gaps',
  'never-decides': 'rules that decide nothing and add nothing',
  'never-applies': 'rules that can never apply',
  'never-reached': 'conditions that reach nobody',
  'verdict-unreachable': 'verdicts that nothing gets',
  overlap: 'permissions that a prohibition overlaps',
};

function findingLines(period: Period, findings: readonly Finding[], all: boolean): string[] {
  return findingKinds.flatMap((kind) => {
    const { open, acknowledged } = splitFindings(findings.filter((one) => one.kind === kind));
    return [
      `${kindWords[kind]}: ${countInWords(open.length, acknowledged.length)}`,
      ...open.flatMap((one) => findingAsText(period, one)),
      ...(all ? acknowledged.flatMap((one) => findingAsText(period, one)) : []),
    ];
  });
}

function countInWords(open: number, acknowledged: number): string {
  if (open === 0) return acknowledged === 0 ? 'none' : `${acknowledged}, all acknowledged`;
  return `${open} to look at${acknowledged === 0 ? '' : `, ${acknowledged} acknowledged`}`;
}

function findingAsText(
  period: Period,
  { kind, text, situation, situations, acknowledged }: Finding,
): string[] {
  const count = situations === null || situations === 0n ? '' : ` (${grouped(situations)} situations)`;
  return [
    `  ${text}${count}`,
    ...(acknowledged === null ? [] : [`    acknowledged: ${acknowledged}`]),
    ...(situation === null
      ? []
      : [`    ${kind === 'gap' ? 'for example ' : ''}${situationText(period, situation)}`]),
  ];
}

function situationText({ on, from }: Period, situation: Finding['situation']): string {
  if (situation === null) return 'a situation that nobody can state yet';
  const address = situationAddress(situation, { on, from });
  if (address !== null) return address;
  const facts = Object.entries(situation).map(([fact, value]) => `${fact} ${value}`);
  return facts.length === 0 ? 'anything' : facts.join(', ');
}

function reachLines({ reach }: Proof): string[] {
  const lines = reach.map(({ fact, value, byVerdict }) => {
    const reached = verdicts.filter((verdict) => byVerdict[verdict] > 0n);
    return `  ${fact} ${value}: ${reached.length === 0 ? 'no situation' : reached.join(', ')}`;
  });
  return ['verdicts by kind of tool', ...lines];
}

/** The same for programs: numbers of situations as text, since they are larger than JSON's. */
export function proofAsJson(proved: ProvedGuidance): unknown {
  return {
    on: proved.on,
    sound: proved.isSound,
    periods: proved.periods.map(({ from, until, result }) => ({
      from,
      until,
      ...(result.outcome === 'tangled'
        ? { tangled: { nodes: result.nodes, rules: result.rules } }
        : proofData(result.proof, { on: proved.on, from })),
    })),
  };
}

function proofData(
  { situations, byVerdict, reach, promises, findings, nodes }: Proof,
  days: { readonly on: string; readonly from: string },
): object {
  const counts = (all: Proof['byVerdict']): object =>
    Object.fromEntries(Object.entries(all).map(([verdict, count]) => [verdict, String(count)]));
  return {
    situations: String(situations),
    byVerdict: counts(byVerdict),
    promises: promises.map(({ promise, holds, situations: count, broken }) => ({
      id: promise.id,
      text: promise.text,
      holds,
      situations: String(count),
      ...(broken === null
        ? {}
        : { broken: { ...broken, address: situationAddress(broken.situation, days) } }),
    })),
    findings: findings.map((one) => ({
      ...one,
      situations: one.situations === null ? null : String(one.situations),
      address: situationAddress(one.situation, days),
    })),
    reach: reach.map((one) => ({ ...one, byVerdict: counts(one.byVerdict) })),
    nodes,
  };
}

/** A number with commas: 92,037,210. */
export function grouped(count: bigint): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

// Exact to two places; what is not nothing is never shown as nothing.
function shareInWords(count: bigint, all: bigint): string {
  if (all === 0n || count === 0n) return '0 %';
  const hundredths = Number((count * 10_000n + all / 2n) / all);
  return hundredths === 0 ? 'less than 0.01 %' : `${(hundredths / 100).toFixed(2)} %`;
}
