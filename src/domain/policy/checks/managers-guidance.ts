import { organisationContact } from '../contacts.ts';
import type { ManagersGuidance, Pack } from '../pack.ts';
import type { PolicyProblem } from '../problem.ts';
import { errorAt, unknownName, type Where } from './finding.ts';
import { unknownValue } from './names.ts';

/**
 * A fact that no line manager's guidance can become, or values that do not tell a go-ahead from a refusal; and what a manager is sent
 * to that the pack does not hold.
 */
export function checkManagersGuidance(pack: Pack): PolicyProblem[] {
  const { managersGuidance } = pack;
  if (managersGuidance === null) return [];
  const { toWeigh, advice, tell } = managersGuidance;
  const at = (...path: (string | number)[]): Where => [pack.at, 'managersGuidance', ...path];
  const teams = new Set([...pack.contacts.keys(), organisationContact]);
  return [
    ...checkFact(pack, managersGuidance, at),
    ...toWeigh.flatMap((id, index) =>
      unknownName(pack, at('toWeigh', index), 'checklist', id, pack.checklists),
    ),
    ...advice.flatMap((id, index) => [
      ...unknownName(pack, at('advice', index), 'contact', id, teams),
      ...checkTeam(pack, at('advice', index), id),
    ]),
    ...(tell === undefined ? [] : checkTell(pack, at('tell'), tell)),
  ];
}

function checkFact(
  pack: Pack,
  guidance: ManagersGuidance,
  at: (...path: (string | number)[]) => Where,
): PolicyProblem[] {
  const fact = pack.facts.get(guidance.fact);
  if (fact === undefined) return unknownName(pack, at('fact'), 'fact', guidance.fact, pack.facts);
  if (fact.origin !== 'record')
    return [
      errorAt(
        pack,
        at('fact'),
        `a line manager’s guidance cannot become \`${fact.id}\``,
        'It needs a fact whose origin is `record`: what is on record wins over what is stated.',
      ),
    ];
  const names = ['none', 'goAhead', 'refusal'] as const;
  const unknown = names.flatMap((name) => unknownValue(pack, at(name), fact.id, guidance[name]));
  if (unknown.length > 0) return unknown;
  if (new Set(names.map((name) => guidance[name])).size < names.length)
    return [errorAt(pack, at('refusal'), 'two answers of a line manager are the same value')];
  if (fact.default === guidance.none) return [];
  return [
    errorAt(
      pack,
      at('none'),
      `\`${guidance.none}\` is not what \`${fact.id}\` is by itself`,
      'Where nothing is recorded, no line manager has said anything: give the default of the fact.',
    ),
  ];
}

// Advice is a team's: whom only the asker knows cannot be written to.
function checkTeam(pack: Pack, where: Where, id: string): PolicyProblem[] {
  return pack.contacts.get(id)?.isPerson === true
    ? [errorAt(pack, where, `\`${id}\` is a person, who cannot be written to`, 'Name the contact of a team.')]
    : [];
}

function checkTell(pack: Pack, where: Where, tell: string): PolicyProblem[] {
  const condition = pack.conditions.get(tell);
  if (condition === undefined) return unknownName(pack, where, 'condition', tell, pack.conditions);
  return condition.kind === 'condition'
    ? []
    : [errorAt(pack, where, `\`${tell}\` is no condition of an answer`, 'Its kind has to be `condition`.')];
}
