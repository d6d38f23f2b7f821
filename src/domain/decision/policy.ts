import { buildCatalogue, type Catalogue } from '../catalogue/find-tool.ts';
import type { Pack } from '../policy/pack.ts';
import type { Day } from '../shared/day.ts';
import { buildTable, daysOfChange, type Table } from './table.ts';

/** A guidance pack made ready for deciding. The hash names its content: same hash, same answers. */
export type Policy = {
  readonly pack: Pack;
  readonly hash: string;
  readonly catalogue: Catalogue;
  /** The table of the rules in force on a day; the same object for days with the same rules. */
  readonly tableOn: (day: Day) => Table;
};

/** Compiles a pack. Throws where its facts hang on each other in a circle, which `policy check` reports first. */
export function compilePolicy(pack: Pack, hash: string): Policy {
  const changes = daysOfChange(pack);
  const tables = new Map<number, Table>();
  return {
    pack,
    hash,
    catalogue: buildCatalogue(pack),
    tableOn(day) {
      const period = changes.filter((change) => change <= day).length;
      const known = tables.get(period);
      if (known !== undefined) return known;
      const made = buildTable(pack, day);
      tables.set(period, made);
      return made;
    },
  };
}
