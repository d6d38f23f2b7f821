import type { Day } from '../shared/day.ts';
import { checkContacts } from './checks/contacts.ts';
import { checkDays } from './checks/days.ts';
import { checkFacts } from './checks/facts.ts';
import { checkManagersGuidance } from './checks/managers-guidance.ts';
import { checkMatrix } from './checks/matrix.ts';
import { checkNames } from './checks/names.ts';
import { checkPriors } from './checks/priors.ts';
import { checkPromises } from './checks/promises.ts';
import { checkExamples, checkRules } from './checks/rules.ts';
import { checkSentences } from './checks/sentences.ts';
import { checkStatements } from './checks/statements.ts';
import { checkTools } from './checks/tools.ts';
import type { AnswerExample } from './examples.ts';
import type { Pack } from './pack.ts';
import type { PolicyProblem } from './problem.ts';

export type Checking = {
  readonly today: Day;
  /** Answers the facts of an example; null where the pack has mistakes already that would make examples fail too. */
  readonly answer: AnswerExample | null;
};

/**
 * Everything that is wrong with a pack beyond its form, and as warnings what somebody should look after. Examples are run
 * only where nothing else can have changed their answers. `parsePack` reports the form and the names in `when`.
 */
export function checkPack(pack: Pack, { today, answer }: Checking): PolicyProblem[] {
  const structure = checkStructure(pack);
  return [
    ...structure,
    ...checkRules(pack),
    ...checkDays(pack, today),
    ...checkTools(pack),
    ...checkPriors(pack),
    ...checkMatrix(pack),
    ...checkManagersGuidance(pack),
    ...checkPromises(pack),
    ...checkStatements(pack),
    ...checkSentences(pack),
    ...checkContacts(pack),
    ...(answer === null || structure.length > 0 ? [] : checkExamples(pack, today, answer)),
  ];
}

/** Unknown names, and facts that cannot be evaluated: with one of these no answer of the pack means anything. */
export function checkStructure(pack: Pack): PolicyProblem[] {
  return [...checkNames(pack), ...checkFacts(pack)];
}
