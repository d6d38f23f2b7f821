import { notApplicable, otherTool, type Pack, type Prior } from '../pack.ts';
import type { PolicyProblem } from '../problem.ts';
import { hangsOn } from './facts.ts';
import { errorAt, unknownName, type Where } from './finding.ts';
import { unknownValue } from './names.ts';

/** Priors that name what the pack does not hold, do not add up, hang on each other in a circle, or are missing. */
export function checkPriors(pack: Pack): PolicyProblem[] {
  if (pack.priors === null) return [];
  const priors = [...pack.priors.of.values()];
  const names = priors.flatMap((prior) => checkNames(pack, prior));
  return [
    ...names,
    ...priors.flatMap((prior) => checkSums(pack, prior)),
    ...(names.length > 0 ? [] : [...priors.flatMap((prior) => checkCircle(pack, prior)), ...missing(pack)]),
  ];
}

function checkNames(pack: Pack, prior: Prior): PolicyProblem[] {
  const { at, fact, by, shares, given } = prior;
  if (!pack.facts.has(fact)) return unknownName(pack, [at, 'fact'], 'fact', fact, pack.facts);
  const problems = checkShares(pack, [at, 'shares'], fact, shares);
  for (const [value, list] of given) {
    const place: Where = [at, 'given', value];
    if (by !== undefined) problems.push(...checkValue(pack, place, by, value));
    problems.push(...checkShares(pack, place, fact, list));
  }
  if (by === undefined) {
    if (given.size === 0) return problems;
    const help = 'Name in `by` the fact whose values stand in `given`.';
    return [errorAt(pack, [at, 'given'], `the prior of \`${fact}\` has \`given\` and no \`by\``, help)];
  }
  return [...unknownName(pack, [at, 'by'], 'fact', by, pack.facts), ...problems];
}

function checkShares(
  pack: Pack,
  where: Where,
  fact: string,
  shares: ReadonlyMap<string, number>,
): PolicyProblem[] {
  return [...shares.keys()].flatMap((value) => {
    if (value !== notApplicable) return checkValue(pack, [...where, value], fact, value);
    const help = 'Whether a fact applies follows from other facts.';
    return [errorAt(pack, [...where, value], '`n/a` cannot have a share', help)];
  });
}

function checkValue(pack: Pack, where: Where, fact: string, value: string): PolicyProblem[] {
  if (pack.facts.get(fact)?.valuesFrom !== 'tools') return unknownValue(pack, where, fact, value);
  return value === otherTool ? [] : unknownName(pack, where, 'tool', value, pack.tools);
}

function checkSums(pack: Pack, { at, fact, shares, given }: Prior): PolicyProblem[] {
  const lists: (readonly [Where, ReadonlyMap<string, number>])[] = [
    [[at, 'shares'], shares],
    ...[...given].map(([value, list]) => [[at, 'given', value] as Where, list] as const),
  ];
  return lists.flatMap(([where, list]) => {
    const sum = [...list.values()].reduce((all, share) => all + share, 0);
    if (Math.abs(sum - 1) < 1e-6) return [];
    const percent = Math.round(sum * 1e6) / 1e4;
    return [errorAt(pack, where, `the shares of \`${fact}\` add up to ${percent} and not to 100`)];
  });
}

// A fact that can be known only after this one cannot say how likely this one is.
function checkCircle(pack: Pack, { at, fact, by }: Prior): PolicyProblem[] {
  if (by === undefined) return [];
  const seen = new Set<string>();
  const waiting = [by];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id === fact) {
      const message = `the prior of \`${fact}\` hangs on \`${by}\`, which hangs on \`${fact}\``;
      return [errorAt(pack, [at, 'by'], message)];
    }
    if (seen.has(id)) continue;
    seen.add(id);
    const own = pack.priors?.of.get(id)?.by;
    waiting.push(...hangsOn(pack, id), ...(own === undefined ? [] : [own]));
  }
  return [];
}

// The tool comes first whatever it is, so nobody need guess how often.
function missing(pack: Pack): PolicyProblem[] {
  return [...pack.facts.values()].flatMap(({ at, id, origin, valuesFrom }) => {
    if (origin !== 'asked' || valuesFrom === 'tools' || pack.priors?.of.has(id)) return [];
    const help = 'Say in priors.yaml how likely each of its values is.';
    return [errorAt(pack, [at], `the asked fact \`${id}\` has no prior`, help)];
  });
}
