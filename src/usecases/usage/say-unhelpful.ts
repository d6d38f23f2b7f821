import type { Standing } from '../ask-page.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';

/** Keeps that an answer did not help: the facts it was given for, and nothing else. Nobody is in it, and no name that was typed. */
export async function sayUnhelpful(
  { store, newId, today }: Pick<PeopleNeeds, 'store' | 'newId' | 'today'>,
  { stated, match, answer }: Standing,
): Promise<void> {
  const facts = Object.fromEntries(
    [...stated].map(([fact, value]) => [
      fact,
      fact === 'tool' ? (match?.tool?.id ?? '(not in the catalogue)') : value,
    ]),
  );
  const { verdict, policy } = answer;
  await store.usage.addUnhelpful({ id: newId(), day: today(), facts, verdict, policy: policy.label });
}
