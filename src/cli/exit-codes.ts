import type { Verdict } from '#domain/shared/verdict.ts';

/** What the program ends with, so that a script can tell "no" from "broken". docs/reference/cli.md has the same table. */
export const exitCodes = {
  done: 0,
  /** Something failed, or a rule could not be evaluated. */
  fault: 1,
  usage: 2,
  interrupted: 130,
} as const;

/** The exit code of an answer, by its verdict. */
export const verdictExitCodes: Readonly<Record<Verdict, number>> = {
  allowed: 0,
  'allowed-with-conditions': 10,
  'get-guidance': 11,
  'request-review': 12,
  'not-allowed': 13,
};
