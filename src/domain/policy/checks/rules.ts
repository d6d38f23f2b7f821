import type { Day } from '../../shared/day.ts';
import { type AnswerExample, type ExampleRun, factsInWords, runExamples } from '../examples.ts';
import type { Pack } from '../pack.ts';
import type { PolicyProblem } from '../problem.ts';
import { errorAt, inBackticks } from './finding.ts';

/** Rules that nothing stands behind: no citation, or no example that shows what they do. */
export function checkRules(pack: Pack): PolicyProblem[] {
  return pack.rules.flatMap(({ at, id, cites, citesTool, examples }) => [
    ...(cites.length > 0 || citesTool
      ? []
      : [
          errorAt(
            pack,
            [at],
            `the rule \`${id}\` cites no clause`,
            'Add `cites` with the clause that it carries out.',
          ),
        ]),
    ...(examples.length > 0
      ? []
      : [
          errorAt(
            pack,
            [at],
            `the rule \`${id}\` has no example`,
            'Add `examples`: facts, and the verdict they lead to.',
          ),
        ]),
  ]);
}

/** Examples whose answer is not the one they say. A rule that no day is in force for is reported for its days alone. */
export function checkExamples(pack: Pack, today: Day, answer: AnswerExample): PolicyProblem[] {
  const neverInForce = new Set(
    pack.rules.filter(({ from = '', to = from }) => to < from).map(({ id }) => id),
  );
  return runExamples(pack, today, answer)
    .filter(({ rule, failures }) => failures.length > 0 && !neverInForce.has(rule))
    .map((run) => errorAt(pack, [run.at], describeFailure(run), helpWith(run)));
}

/** What is wrong with an example, in one line. */
export function describeFailure({ rule, name, failures }: ExampleRun): string {
  return `the example \`${name}\` of the rule \`${rule}\` fails: ${failures.join('; ')}`;
}

function helpWith({ actual, applied, facts }: ExampleRun): string {
  if (actual === null) return `The facts: ${factsInWords(facts)}.`;
  const rules = applied.length === 0 ? 'No rule applied' : `The rules that applied: ${inBackticks(applied)}`;
  return `${rules}. The facts: ${factsInWords(facts)}.`;
}
