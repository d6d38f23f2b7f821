import type { CitingKind } from '../citing.ts';
import { coverageOf, type StatementPlace } from '../coverage.ts';
import type { Pack } from '../pack.ts';
import type { PolicyProblem } from '../problem.ts';
import { errorAt } from './finding.ts';

/** Statements that nothing carries out in the way that their clause says they are held. */
export function checkStatements(pack: Pack): PolicyProblem[] {
  return coverageOf(pack).statements.flatMap(({ clause: { at, id, held, later }, places }) => {
    if (held.length === 0 && later.length === 0) {
      const help = 'Say in `held` what carries it out, or in `later` which part of the product will.';
      return [errorAt(pack, [at], `nothing holds the statement \`${id}\``, help)];
    }
    return held.flatMap((kind) => {
      const holder = holders[kind];
      if (holder === undefined || places.some((place) => holder.holds(place, pack))) return [];
      const help = 'Cite it where it is carried out, or put `held` right.';
      return [errorAt(pack, [at, 'held'], `no ${holder.noun} carries out the statement \`${id}\``, help)];
    });
  });
}

type Holder = { readonly noun: string; readonly holds: (place: StatementPlace, pack: Pack) => boolean };

const isOneOf =
  (...kinds: CitingKind[]) =>
  ({ kind }: StatementPlace): boolean =>
    kinds.includes(kind);

const holders: Readonly<Record<string, Holder>> = {
  decision: {
    noun: 'rule, condition, fact, question or organisation',
    holds: isOneOf('rule', 'condition', 'fact', 'question', 'organisation', 'silence'),
  },
  // What the catalogue says of a tool is a value of one of its facts, so such a fact holds a statement too.
  tool: {
    noun: 'tool',
    holds: (place, pack) =>
      place.kind === 'tool' || (place.kind === 'fact' && pack.facts.get(place.id)?.origin === 'catalogue'),
  },
  page: { noun: 'page', holds: isOneOf('page') },
  checklist: { noun: 'checklist', holds: isOneOf('checklist') },
  contact: { noun: 'contact', holds: isOneOf('contact') },
  source: { noun: 'document', holds: isOneOf('document') },
};
