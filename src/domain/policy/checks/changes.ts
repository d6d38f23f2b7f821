import type { Origin, Pack, PossibleChange } from '../pack.ts';
import type { PolicyProblem } from '../problem.ts';
import { errorAt, unknownName } from './finding.ts';
import { factValues, unknownValue } from './names.ts';

/** Changes that cannot be made: of facts that are unknown, that nobody can change or that must never be changed. */
export function checkChanges(pack: Pack): PolicyProblem[] {
  return pack.changes.flatMap((change) => checkChange(pack, change));
}

function checkChange(pack: Pack, change: PossibleChange): PolicyProblem[] {
  const { at, fact: id, to } = change;
  const fact = pack.facts.get(id);
  if (fact === undefined) return unknownName(pack, [at, 'fact'], 'fact', id, pack.facts);
  const known =
    fact.valuesFrom === 'tools'
      ? unknownName(pack, [at, 'to'], 'tool', to, pack.tools)
      : unknownValue(pack, [at, 'to'], id, to);
  const held = heldElsewhere[fact.origin];
  return [
    ...known,
    ...factValues(pack, [at, 'with'], change.with),
    ...(held === undefined
      ? []
      : [errorAt(pack, [at, 'fact'], `nobody can change the fact \`${id}\`: it ${held}`)]),
    ...[id, ...change.with.keys()].flatMap((one) =>
      pack.neverChanges.has(one)
        ? [
            errorAt(
              pack,
              one === id ? [at, 'fact'] : [at, 'with', one],
              `the fact \`${one}\` is one of those that never change`,
              'Leave it out here, or take it off `neverChanges`.',
            ),
          ]
        : [],
    ),
  ];
}

const heldElsewhere: Readonly<Partial<Record<Origin, string>>> = {
  catalogue: 'comes from the catalogue',
  register: 'comes from the register',
  derived: 'follows from other facts',
};
