import type { InformationKind, MatrixFilter, MatrixPlan } from '../pack.ts';
import type { InformationKindData, MatrixFilterData } from '../pack-files.ts';
import { textMap } from './known-facts.ts';
import type { Entry } from './pack-reader.ts';
import type { Parsing } from './parsing.ts';

/** The columns and filters of the matrix; null where the pack has none. */
export function parseMatrix({ reader, known }: Parsing): MatrixPlan | null {
  const file = reader.only('matrix');
  if (file === undefined) return null;
  const filters = reader.list<MatrixFilterData>('matrix', 'filters').flatMap(({ data, path }) => {
    const { fact, values, eachItsOwn } = data;
    if (!known.factName(fact, { file: file.name, line: file.lineOf([...path, 'fact']) })) return [];
    const filter: MatrixFilter = {
      fact,
      ...(values === undefined
        ? {}
        : { values: known.valueSet(fact, values, file, [...path, 'values']).values }),
      ...(eachItsOwn === undefined ? {} : { eachItsOwn }),
    };
    return [filter];
  });
  const idOf = (entry: Entry<InformationKindData>) => entry.data.id;
  const kinds = [...reader.unique('matrix', 'information', idOf, 'kind of information').values()];
  const information = kinds.map(({ data: { id, label, hint, sets }, at, path }): InformationKind => {
    for (const [fact, value] of Object.entries(sets)) {
      const place = { file: file.name, line: file.lineOf([...path, 'sets', fact]) };
      if (known.factName(fact, place)) known.value(fact, String(value), place);
    }
    return { at, id, label, ...(hint === undefined ? {} : { hint }), sets: textMap(sets) };
  });
  return { at: reader.at(file, []), filters, information };
}
