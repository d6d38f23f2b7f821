import type { Gap, PolicyPromise } from '../pack.ts';
import type { Entry } from './pack-reader.ts';
import type { Parsing } from './parsing.ts';

/** What the guidance must always or never say. */
export function parsePromises({ reader, known }: Parsing): PolicyPromise[] {
  type Whens = 'when' | 'neverMilderThan';
  type PromiseData = Partial<Omit<PolicyPromise, 'at' | Whens>> &
    Pick<PolicyPromise, 'id' | 'text'> & {
      when: Record<string, unknown>;
      neverMilderThan?: Record<string, unknown>;
    };
  const idOf = (entry: Entry<PromiseData>) => entry.data.id;
  return [...reader.unique('promises', 'promises', idOf, 'promise').values()].map(
    ({ data, at, file, path }) => ({
      at,
      id: data.id,
      text: data.text,
      when: known.when(data.when, file, [...path, 'when']).when,
      ifVerdict: data.ifVerdict ?? [],
      anyTool: data.anyTool ?? false,
      always: data.always ?? [],
      never: data.never ?? [],
      adds: data.adds ?? [],
      shows: data.shows ?? [],
      cited: data.cited ?? false,
      neverMilderThan: known.when(data.neverMilderThan ?? {}, file, [...path, 'neverMilderThan']).when,
      keeps: data.keeps ?? [],
      cites: data.cites ?? [],
    }),
  );
}

/** Situations that no rule answers, and that somebody has looked at. */
export function parseGaps({ reader, known }: Parsing): Gap[] {
  type GapData = Omit<Gap, 'at' | 'when'> & { when: Record<string, unknown> };
  const idOf = (entry: Entry<GapData>) => entry.data.id;
  return [...reader.unique('promises', 'gaps', idOf, 'gap').values()].map(({ data, at, file, path }) => ({
    ...data,
    at,
    when: known.when(data.when, file, [...path, 'when']).when,
    cites: data.cites ?? [],
  }));
}
