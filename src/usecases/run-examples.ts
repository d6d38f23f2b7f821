import { checkStructure } from '#domain/policy/check-pack.ts';
import { type ExampleRun, runExamples } from '#domain/policy/examples.ts';
import type { PolicyProblem } from '#domain/policy/problem.ts';
import type { Day } from '#domain/shared/day.ts';
import { answerExamples } from './check-guidance.ts';
import type { LoadedGuidance } from './needs.ts';

export type RanExamples =
  | { readonly ok: true; readonly runs: readonly ExampleRun[] }
  /** Mistakes that have to be put right before an example can mean anything. */
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Runs every example of a guidance pack, each through the same door as a question from outside. */
export function runGuidanceExamples({ parsed, problems, ready }: LoadedGuidance, today: Day): RanExamples {
  const { pack } = parsed;
  if (pack === null || ready === null || problems.length > 0) return { ok: false, problems };
  const structure = checkStructure(pack);
  if (structure.length > 0) return { ok: false, problems: structure };
  return { ok: true, runs: runExamples(pack, today, answerExamples(ready.policy)) };
}
