import { type Fact, notApplicable, type Pack, type Tool } from '#domain/policy/pack.ts';
import { guidanceHref, pagesAbout } from './guidance-address.ts';

/** One way to get a tool, and the devices on which it is the way: none are named where it is the way on all. */
export type WayToGet = { readonly how: string; readonly devices: readonly string[] };

const waysWords: Readonly<Record<string, string>> = {
  'software-centre': 'Get it from Software Centre',
  'self-service': 'Get it from Self Service',
  browser: 'Open it in your web browser',
  provided: 'It is there already',
  'not-available': 'It is not available',
};

/** How to get a tool by kind of device. Empty where the catalogue does not say. */
export function waysToGet(pack: Pack, tool: Tool): WayToGet[] {
  const fact = deviceFact(pack);
  const ways = new Map<string, string[]>();
  for (const [device, way] of tool.get) {
    const how = waysWords[way] ?? way;
    ways.set(how, [...(ways.get(how) ?? []), fact?.values.find(({ id }) => id === device)?.label ?? device]);
  }
  const all = fact?.values.filter(({ id }) => id !== 'unknown' && id !== notApplicable).length;
  return [...ways].map(([how, devices]) => ({ how, devices: devices.length === all ? [] : devices }));
}

/** The guidance page on getting tools; null where the pack has none. */
export function gettingToolsHref(pack: Pack): string | null {
  const [about] = pagesAbout(pack, deviceFact(pack)?.cites ?? [], 1);
  return about === undefined ? null : guidanceHref(about.id);
}

// The catalogue tells the kinds of device apart by the values of a fact, whatever the pack calls it.
function deviceFact(pack: Pack): Fact | undefined {
  const devices = [...new Set([...pack.tools.values()].flatMap(({ get }) => [...get.keys()]))];
  if (devices.length === 0) return undefined;
  const holds = ({ values }: Fact) => devices.every((device) => values.some(({ id }) => id === device));
  return [...pack.facts.values()].find(holds);
}
