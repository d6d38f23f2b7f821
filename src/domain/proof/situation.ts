import { buildCatalogue, type Catalogue } from '../catalogue/find-tool.ts';
import { evaluate } from '../decision/evaluate.ts';
import type { Table, TableFact } from '../decision/table.ts';
import { notApplicable, otherTool, type Pack, type Tool } from '../policy/pack.ts';
import type { Space } from './space.ts';

/** One concrete situation, as facts that can be stated: what the catalogue, the register and applicability give is left out. */
export type SituationFacts = Readonly<Record<string, string>>;

/**
 * The fewest facts that put somebody who states them into exactly this situation, which is given as the number of the value of
 * each fact, by its place in the order of the space. Null where nobody can state it.
 */
export function statableFacts(
  { table, pack, placeOf }: Pick<Space, 'table' | 'pack' | 'placeOf'>,
  values: readonly number[],
): SituationFacts | null {
  const numberIn = ({ index }: TableFact): number => values[placeOf[index] as number] as number;
  const entry = table.facts.find(({ fact }) => fact.valuesFrom === 'tools');
  const named = entry === undefined ? undefined : nameTool(table, pack, entry, numberIn);
  if (named === null) return null;
  const stated = new Map<string, string>();
  if (named !== undefined && entry !== undefined) stated.set(entry.fact.id, named.name);
  for (const other of table.facts) {
    const value = other.values[numberIn(other)] ?? notApplicable;
    if (other !== entry && value !== notApplicable && mayState(other, named?.tool))
      stated.set(other.fact.id, value);
  }
  const isSame = (): boolean => {
    const isNamed = entry !== undefined && stated.has(entry.fact.id);
    const { possible, problems } = evaluate(table, pack, { stated, tool: isNamed ? named?.tool : undefined });
    return problems.length === 0 && table.facts.every((one) => possible[one.index] === 1 << numberIn(one));
  };
  if (!isSame()) return null;
  for (const [fact, value] of [...stated].reverse()) {
    stated.delete(fact);
    if (!isSame()) stated.set(fact, value);
  }
  const order = table.facts.flatMap(({ fact }) => (stated.has(fact.id) ? [fact.id] : []));
  return Object.fromEntries(order.map((fact) => [fact, stated.get(fact) ?? '']));
}

// What the catalogue holds is never stated, and the rest of it only where it may be.
function mayState(entry: TableFact, tool: Tool | null | undefined): boolean {
  const { fact } = entry;
  if (fact.origin === 'derived') return false;
  if (fact.origin !== 'catalogue') return true;
  if (tool && fact.isOnlyForOutside) return false;
  return tool?.facts.has(fact.id) !== true && fact.mayBeStated?.size !== 0;
}

type NamedTool = { readonly name: string; readonly tool: Tool | null };

// A tool that has what the catalogue says in this situation: a name that nobody knows where that will do.
function nameTool(
  table: Table,
  pack: Pack,
  entry: TableFact,
  numberIn: (entry: TableFact) => number,
): NamedTool | null {
  const id = entry.values[numberIn(entry)] ?? '';
  const own = pack.tools.get(id);
  if (own !== undefined) return { name: id, tool: own };
  if (id !== otherTool) return null;
  const held = table.facts.filter(({ fact }) => fact.origin === 'catalogue');
  const canBe = (tool: Tool | null): boolean =>
    held.every((one) => {
      const value = one.values[numberIn(one)] ?? '';
      const recorded = tool?.facts.get(one.fact.id);
      return value === notApplicable || (recorded === undefined ? isFree(one, value) : recorded === value);
    });
  if (canBe(null)) return { name: unknownName(pack), tool: null };
  for (const tool of pack.tools.values())
    if (!entry.numberOf.has(tool.id) && canBe(tool)) return { name: tool.id, tool };
  return null;
}

function isFree({ fact }: TableFact, value: string): boolean {
  return value === fact.default || fact.mayBeStated === undefined || fact.mayBeStated.has(value);
}

const catalogues = new WeakMap<Pack, Catalogue>();
function unknownName(pack: Pack): string {
  const catalogue = catalogues.get(pack) ?? buildCatalogue(pack);
  catalogues.set(pack, catalogue);
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'another tool' : `another tool ${number}`;
    const found = catalogue.find(name);
    if (found.ok && found.match.tool === null) return name;
  }
}
