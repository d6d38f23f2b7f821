/**
 * What somebody may be, beside an asker, which everyone is. A line manager is whoever a question is addressed to: that hangs on
 * the question and not on the person, so no sign-in brings it.
 */
export const roles = [
  'asker',
  'line-manager',
  'security-reviewer',
  'privacy-reviewer',
  'information-manager',
  'policy-owner',
  'administrator',
] as const;
export type Role = (typeof roles)[number];

/** The roles that a sign-in can bring. */
export const grantedRoles: readonly Role[] = roles.filter(
  (role) => role !== 'asker' && role !== 'line-manager',
);

export function isRole(name: unknown): name is Role {
  return roles.some((role) => role === name);
}

/** Roles with their names for people. */
export const roleNames: Readonly<Record<Role, string>> = {
  asker: 'Member of staff',
  'line-manager': 'Line manager',
  'security-reviewer': 'Security reviewer',
  'privacy-reviewer': 'Privacy reviewer',
  'information-manager': 'Information manager',
  'policy-owner': 'Policy owner',
  administrator: 'Administrator',
};

/** The roles among some names that a sign-in may bring, each once, in the order of `roles`. Everything else is left out. */
export function grantedAmong(names: readonly string[]): Role[] {
  return grantedRoles.filter((role) => names.includes(role));
}
