import fc from 'fast-check';
import type { Pack } from '#domain/policy/pack.ts';

/** Random facts as somebody might state them: some facts, any of their values, some tool. What cannot be stated is left out. */
export function statedFacts(pack: Pack, chance = 3): fc.Arbitrary<Record<string, string>> {
  const tools = [...pack.tools.keys(), 'a tool nobody knows'];
  const facts = [...pack.facts.values()].filter(
    ({ origin, valuesFrom }) =>
      valuesFrom !== 'tools' && origin !== 'catalogue' && origin !== 'register' && origin !== 'derived',
  );
  // Mostly what most people would say: wholly random facts end in a prohibition nearly every time.
  const valueFor = (fact: (typeof facts)[number]) => {
    const any = fc.constantFrom(...fact.values.map(({ id }) => id));
    const usual = fact.ordinary ?? fact.default;
    return usual === undefined || usual === 'n/a'
      ? any
      : fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: any });
  };
  const shape = Object.fromEntries(
    facts.map((fact) => [
      fact.id,
      fc.oneof(
        { weight: 1, arbitrary: fc.constant(undefined) },
        { weight: chance, arbitrary: valueFor(fact) },
      ),
    ]),
  );
  return fc.record({ tool: fc.constantFrom(...tools), ...shape }).map((all) => {
    const stated: Record<string, string> = {};
    for (const [fact, value] of Object.entries(all))
      if (value !== undefined && !(isAlarm(fact) && value !== 'false')) stated[fact] = value as string;
    return stated;
  });
}

// These end every question at once; random situations would be about nothing else.
function isAlarm(fact: string): boolean {
  return fact === 'incident' || fact === 'helpTopic';
}
