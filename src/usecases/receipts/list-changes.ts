import type { Actor } from '#domain/people/actor.ts';
import { may } from '#domain/people/permissions.ts';
import type { ToldChange } from '#store/evaluations.ts';
import { newestPage } from '../newest-page.ts';
import { type NotAllowed, notAllowed, type PeopleNeeds } from '../people/people-needs.ts';

export type { ToldChange };

/**
 * What whoever asks was told of their saved answers, the newest first, at most `limit`; `next` is what to give as `before` for the
 * ones after them.
 */
export async function listChanges(
  { store }: Pick<PeopleNeeds, 'store'>,
  actor: Actor,
  { limit, before }: { readonly limit: number; readonly before?: string },
): Promise<
  | { readonly outcome: 'ok'; readonly changes: readonly ToldChange[]; readonly next: string | null }
  | NotAllowed
> {
  if (!may(actor, 'keep-receipts') || actor.kind !== 'person') return notAllowed;
  const found = await store.evaluations.changesOf(actor.id, limit + 1, before);
  const { page: changes, next } = newestPage(found, limit);
  return { outcome: 'ok', changes, next };
}
