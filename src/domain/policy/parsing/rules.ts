import type { Rule } from '../pack.ts';
import type { RuleData } from '../pack-files.ts';
import type { Entry } from './pack-reader.ts';
import type { Parsing } from './parsing.ts';

/** The rules. One with a name in it that is not known is kept, and marked as faulty. */
export function parseRules({ reader, known }: Parsing): Rule[] {
  return [...reader.unique('rules', 'rules', (entry: Entry<RuleData>) => entry.data.id, 'rule').values()].map(
    (entry) => {
      const { data, file, path } = entry;
      const { when, faults } = reader.asFaults(() => known.when(data.when, file, [...path, 'when']));
      return {
        at: entry.at,
        id: data.id,
        title: data.title,
        topic: (file.data as { topic: string }).topic,
        when,
        verdict: data.verdict ?? null,
        because: data.because,
        adds: data.adds ?? [],
        ...(data.ask === undefined ? {} : { ask: data.ask }),
        cites: data.cites ?? [],
        citesTool: data.citesTool ?? false,
        acknowledged: new Map(Object.entries(data.acknowledged ?? {})),
        ...(data.from === undefined ? {} : { from: data.from }),
        ...(data.to === undefined ? {} : { to: data.to }),
        examples: (data.examples ?? []).map((example, index) => ({
          at: reader.at(file, [...path, 'examples', index]),
          name: example.name,
          facts: example.facts,
          verdict: example.verdict,
          tags: example.tags ?? [],
          applies: example.applies ?? true,
        })),
        faults,
      };
    },
  );
}
