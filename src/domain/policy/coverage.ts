import { type CitingKind, citationsIn } from './citing.ts';
import type { Clause, Pack } from './pack.ts';

/** One thing that carries out a statement. For a part of the product that is still to come, `id` is the part's. */
export type StatementPlace = { readonly kind: CitingKind; readonly id: string; readonly title: string };

export type CoveredStatement = { readonly clause: Clause; readonly places: readonly StatementPlace[] };

/** Every statement of the documents with everything that carries it out. */
export type Coverage = {
  readonly statements: readonly CoveredStatement[];
  /** How many statements have at least one place. */
  readonly placedCount: number;
};

/** The parts of the product that are still to come, in words. */
export const laterParts: Readonly<Record<string, string>> = {
  'review-requests': 'Review requests',
  register: 'The register of tool use',
  reminders: 'Reminders',
};

/** Where each statement is carried out: each place once, rules first. */
export function coverageOf(pack: Pack): Coverage {
  const places = new Map<string, StatementPlace[]>();
  for (const { kind, id, title, clauses } of citationsIn(pack)) {
    for (const clause of clauses) {
      const held = places.get(clause) ?? [];
      if (!held.some((place) => place.kind === kind && place.id === id)) held.push({ kind, id, title });
      places.set(clause, held);
    }
  }
  const statements = [...pack.clauses.values()].map((clause) => ({
    clause,
    places: [...(places.get(clause.id) ?? []), ...clause.later.map(laterPlace)],
  }));
  return { statements, placedCount: statements.filter(({ places: all }) => all.length > 0).length };
}

function laterPlace(part: string): StatementPlace {
  return { kind: 'later', id: part, title: laterParts[part] ?? part };
}
