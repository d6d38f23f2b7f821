import { severityOf, type Verdict, verdicts } from '../shared/verdict.ts';

/** What is known of the rules that apply. Severities are places in the order of verdicts; -1 is none. */
export type Applied = {
  /** The strictest verdict among the rules that apply, permissions and restrictions alike. */
  readonly strictest: number;
  readonly isPermitted: boolean;
  readonly hasConditions: boolean;
};

/** The verdict of a complete situation. The whole combining rule of the product is this function (ADR 1). */
export function combineVerdicts({ strictest, isPermitted, hasConditions }: Applied): Verdict {
  // A rule restricts: the strictest one wins, whatever else permits.
  if (strictest > guidance) return verdicts[strictest] ?? 'not-allowed';
  // Advice is needed, or nothing permits it, which needs advice too.
  if (strictest === guidance || !isPermitted) return 'get-guidance';
  // Permitted, and something has to be done for it.
  if (strictest === conditions || hasConditions) return 'allowed-with-conditions';
  // Permitted, with nothing but the standing duties.
  return 'allowed';
}

// Looked up once: deciding takes less time than finding a name in a list.
const conditions = severityOf('allowed-with-conditions');
const guidance = severityOf('get-guidance');
