import type { Pack, PolicyPromise } from '../pack.ts';
import type { PolicyProblem } from '../problem.ts';
import { errorAt, unknownName, type Where } from './finding.ts';

/** Promises and gaps with names that nobody knows, and promises that promise nothing or nothing that can be proved. */
export function checkPromises(pack: Pack): PolicyProblem[] {
  return [
    ...pack.promises.flatMap((promise) => [
      ...promise.adds.flatMap((id, index) =>
        unknownName(pack, [promise.at, 'adds', index], 'condition', id, pack.conditions),
      ),
      ...clauses(pack, [promise.at, 'shows'], promise.shows),
      ...clauses(pack, [promise.at, 'cites'], promise.cites),
      ...checkClaim(pack, promise),
    ]),
    ...pack.gaps.flatMap(({ at, cites }) => clauses(pack, [at, 'cites'], cites)),
  ];
}

function clauses(pack: Pack, [at, ...path]: Where, ids: readonly string[]): PolicyProblem[] {
  return ids.flatMap((id, index) => unknownName(pack, [at, ...path, index], 'clause', id, pack.clauses));
}

function checkClaim(pack: Pack, promise: PolicyPromise): PolicyProblem[] {
  const { at, always, never, adds, shows, cited, neverMilderThan, keeps } = promise;
  const claims = always.length + never.length + adds.length + shows.length + neverMilderThan.size;
  if (claims === 0 && !cited)
    return [
      errorAt(
        pack,
        [at],
        `the promise \`${promise.id}\` promises nothing`,
        'Say `always`, `never`, `adds`, `shows`, `cited` or `neverMilderThan`.',
      ),
    ];
  if (keeps.length > 0 && neverMilderThan.size === 0)
    return [errorAt(pack, [at, 'keeps'], '`keeps` says nothing without `neverMilderThan`')];
  // The two situations that are compared would differ in more than this fact.
  return [...neverMilderThan.keys()]
    .filter((fact) => hasFollowers(pack, fact))
    .map((fact) =>
      errorAt(
        pack,
        [at, 'neverMilderThan', fact],
        `\`${fact}\` cannot be compared: other facts hang on it`,
        'Compare a fact that no `applies`, `askedWhen`, `table` or `follows` names.',
      ),
    );
}

function hasFollowers(pack: Pack, id: string): boolean {
  return [...pack.facts.values()].some(
    ({ follows, fits, applies, askedWhen, table }) =>
      follows === id ||
      fits?.by === id ||
      [...applies, ...askedWhen, ...table.map(({ when }) => when)].some((when) => when.has(id)),
  );
}
