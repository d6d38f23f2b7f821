import { parseFacts } from '#domain/decision/parse-facts.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { keptFacts, type Query } from '../ask/address.ts';

/** The facts in an address that can be read, without the tool. What is not a fact, or not one of its values, is ignored. */
export function factsCarried(pack: Pack, query: Query): Map<string, string> {
  const known = Object.entries(query).filter(
    ([name]) => pack.facts.get(name)?.valuesFrom !== 'tools' && pack.facts.has(name),
  );
  return new Map(known.flatMap(([name, value]) => [...parseFacts(pack, { [name]: value }).stated]));
}

/** The facts that go along while somebody looks around: those about the asker, such as where they work. */
export function factsKept(pack: Pack, query: Query): Map<string, string> {
  return keptFacts(pack, factsCarried(pack, query));
}
