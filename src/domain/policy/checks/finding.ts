import { nearestName } from '../../shared/nearest-name.ts';
import type { Pack } from '../pack.ts';
import type { Place, PolicyProblem } from '../problem.ts';

/** Where something is wrong: an entry of the pack, and what inside it. */
export type Where = readonly [at: Place, ...path: (string | number)[]];

/** A mistake at a place inside the pack. */
export function errorAt(pack: Pack, where: Where, message: string, help?: string): PolicyProblem {
  return problemAt(pack, 'error', where, message, help);
}

/** Something to look after that does not make the pack wrong. */
export function warningAt(pack: Pack, where: Where, message: string, help?: string): PolicyProblem {
  return problemAt(pack, 'warning', where, message, help);
}

/** Names that exist: the keys of a map of the pack, or a set. */
export type Known = Pick<ReadonlyMap<string, unknown>, 'has' | 'keys'>;

/** Nothing where `name` is known; otherwise the problem, with the nearest known name. */
export function unknownName(
  pack: Pack,
  where: Where,
  noun: string,
  name: string,
  known: Known,
): PolicyProblem[] {
  if (known.has(name)) return [];
  const nearest = nearestName(name, known.keys());
  return [
    errorAt(
      pack,
      where,
      `unknown ${noun} \`${name}\``,
      nearest === undefined ? undefined : `Did you mean \`${nearest}\`?`,
    ),
  ];
}

/** Names as they stand in a message: `a`, `b` and `c` in backticks. */
export function inBackticks(names: Iterable<string>): string {
  const quoted = [...names].map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

function problemAt(
  pack: Pack,
  level: PolicyProblem['level'],
  [at, ...path]: Where,
  message: string,
  help: string | undefined,
): PolicyProblem {
  const { file, line } = pack.placeIn(at, path);
  return { level, file, line, message, ...(help === undefined ? {} : { help }) };
}
