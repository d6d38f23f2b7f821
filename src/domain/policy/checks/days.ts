import { type Day, isDay } from '../../shared/day.ts';
import type { Pack } from '../pack.ts';
import type { PolicyProblem } from '../problem.ts';
import { errorAt, type Where, warningAt } from './finding.ts';

/** Days that do not exist or stand the wrong way round, and, as warnings, what is past its day of review on `today`. */
export function checkDays(pack: Pack, today: Day): PolicyProblem[] {
  return [
    ...pack.rules.flatMap(({ at, from, to }) => inOrder(pack, at, ['from', from], ['to', to])),
    ...pack.upkeep.flatMap(({ at, what, owner, lastConfirmed, reviewBy }) => {
      const problems = inOrder(pack, at, ['lastConfirmed', lastConfirmed], ['reviewBy', reviewBy]);
      if (problems.length > 0 || reviewBy >= today) return problems;
      const message = `\`${what}\` was due for review by ${reviewBy}`;
      return [warningAt(pack, [at, 'reviewBy'], message, `Its owner is \`${owner}\`.`)];
    }),
    ...[...pack.documents.values()].flatMap(({ at, dated, read }) => [
      ...exists(pack, [at, 'dated'], dated ?? undefined),
      ...exists(pack, [at, 'read'], read),
    ]),
    ...[...pack.tools.values()].flatMap(({ at, listed, formerlyListed }) => [
      ...exists(pack, [at, 'listed', 'on'], listed?.on),
      ...exists(pack, [at, 'formerlyListed', 'on'], formerlyListed?.on),
    ]),
    ...pack.readings.flatMap(({ at, setOn }) => exists(pack, [at, 'setOn'], setOn)),
  ];
}

type Dated = readonly [field: string, day: string | undefined];

function inOrder(pack: Pack, at: Pack['at'], [early, first]: Dated, [late, second]: Dated): PolicyProblem[] {
  const missing = [...exists(pack, [at, early], first), ...exists(pack, [at, late], second)];
  if (missing.length > 0 || first === undefined || second === undefined || first <= second) return missing;
  return [errorAt(pack, [at, late], `\`${late}\` (${second}) is before \`${early}\` (${first})`)];
}

function exists(pack: Pack, where: Where, day: string | undefined): PolicyProblem[] {
  if (day === undefined || isDay(day.length === 7 ? `${day}-01` : day)) return [];
  const noun = day.length === 7 ? 'month' : 'day';
  return [errorAt(pack, where, `\`${String(where.at(-1))}\` is ${day}, a ${noun} that does not exist`)];
}
