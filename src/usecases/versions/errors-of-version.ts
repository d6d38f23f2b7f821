import { checkGuidance } from '../check-guidance.ts';
import type { PeopleNeeds } from '../people/people-needs.ts';

/** What `policy check` finds in a version that came into force without a second person, who could not have agreed to it. */
export type VersionErrors = { readonly errors: number; readonly warnings: number };

/** What is wrong with a version that is kept, as `policy check` says of it today; null where it has no error. */
export async function errorsOfVersion(
  { store, today }: Pick<PeopleNeeds, 'store' | 'today'>,
  hash: string,
): Promise<VersionErrors | null> {
  const version = await store.policyVersions.load(hash);
  if (version === null) return null;
  const { errors, warnings } = checkGuidance(version.guidance, today());
  return errors === 0 ? null : { errors, warnings };
}

/** The warning for whoever published it. `folder` is what `policy check` is to look at; empty: the folder of the settings. */
export function errorsInWords({ errors, warnings }: VersionErrors, folder: string): string {
  const found = [counted(errors, 'error'), ...(warnings === 0 ? [] : [counted(warnings, 'warning')])];
  const command = ['clear-to-use policy check', ...(folder === '' ? [] : [folder])].join(' ');
  return `warning: this version of the guidance has ${found.join(' and ')}. To see them: ${command}. Where a rule cannot be evaluated, answers are more careful than it says. As a proposal to a second person it would have been refused.`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
