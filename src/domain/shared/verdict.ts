/** The five verdicts, from mildest to strictest. Their order is their meaning: the strictest one wins. */
export const verdicts = [
  'allowed',
  'allowed-with-conditions',
  'get-guidance',
  'request-review',
  'not-allowed',
] as const;

export type Verdict = (typeof verdicts)[number];

/** Place of a verdict in the order of strictness: 0 is the mildest. */
export function severityOf(verdict: Verdict): number {
  return verdicts.indexOf(verdict);
}

/** Whether somebody with this verdict may go ahead (with the conditions, if there are any). */
export function isPermission(verdict: Verdict): boolean {
  return verdict === 'allowed' || verdict === 'allowed-with-conditions';
}
