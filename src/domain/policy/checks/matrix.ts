import { type Fact, type MatrixPlan, notApplicable, type Origin, type Pack } from '../pack.ts';
import type { PolicyProblem } from '../problem.ts';
import { errorAt } from './finding.ts';

/**
 * A matrix whose filters and columns cannot be stated by somebody who asks: every cell is a question, and its link asks it. Unknown
 * names are reported where the file is read.
 */
export function checkMatrix(pack: Pack): PolicyProblem[] {
  return pack.matrix === null
    ? []
    : [...checkFilters(pack, pack.matrix), ...checkInformation(pack, pack.matrix)];
}

function checkFilters(pack: Pack, { at, filters }: MatrixPlan): PolicyProblem[] {
  return filters.flatMap(({ fact: id, values, eachItsOwn }, index) => {
    const fact = pack.facts.get(id);
    if (fact === undefined) return [];
    const where = [at, 'filters', index, 'fact'] as const;
    if (fact.origin !== 'asked' || fact.valuesFrom === 'tools')
      return [
        errorAt(
          pack,
          where,
          `the matrix cannot be filtered by \`${id}\``,
          'Filters are facts that are asked, and not the tool.',
        ),
      ];
    if (filters.findIndex((other) => other.fact === id) < index)
      return [errorAt(pack, where, `the matrix is filtered by \`${id}\` twice`)];
    if (eachItsOwn !== undefined || mayChoose(fact, values)) return [];
    const help = 'Give the fact an ordinary value, let it be chosen, or say `eachItsOwn`.';
    return [errorAt(pack, where, `the filter \`${id}\` has no value to begin with`, help)];
  });
}

function mayChoose({ ordinary }: Fact, values: ReadonlySet<string> | undefined): boolean {
  return ordinary !== undefined && (values === undefined || values.has(ordinary));
}

const stateable: readonly Origin[] = ['asked', 'assumed'];

function checkInformation(pack: Pack, { filters, information }: MatrixPlan): PolicyProblem[] {
  return information.flatMap(({ at, id, sets }) =>
    [...sets].flatMap(([name, value]) => {
      const fact = pack.facts.get(name);
      if (fact === undefined) return [];
      const where = [at, 'sets', name] as const;
      if (!stateable.includes(fact.origin) || fact.valuesFrom !== 'list')
        return [
          errorAt(
            pack,
            where,
            `\`${id}\` sets \`${name}\`, which says nothing of information`,
            'Set facts that are asked or assumed.',
          ),
        ];
      if (value === notApplicable)
        return [
          errorAt(
            pack,
            where,
            `\`${id}\` sets \`${name}\` to \`n/a\``,
            'Whether a fact applies follows from other facts.',
          ),
        ];
      if (filters.some((filter) => filter.fact === name))
        return [errorAt(pack, where, `\`${id}\` sets \`${name}\`, by which the matrix is filtered`)];
      return [];
    }),
  );
}
