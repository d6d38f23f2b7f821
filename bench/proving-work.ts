// In a process of its own: proves the pack, or compares it with an edited one. See `proving.ts`.
import { compilePolicy } from '#domain/decision/policy.ts';
import type { Rule } from '#domain/policy/pack.ts';
import { diffPolicies } from '#domain/proof/diff.ts';
import { severityOf, type Verdict, verdicts } from '#domain/shared/verdict.ts';
import { proveGuidance } from '#usecases/prove-guidance.ts';
import { benchGuidance } from './guidance.ts';
import { timeOnce } from './latency.ts';
import { tellFrom } from './own-process.ts';
import type { ProvingWork } from './proving.ts';

const [what] = process.argv.slice(2);
const { policy, today } = await benchGuidance();
tellFrom(what === 'prove' ? proved() : diffed(what === 'diff-every-tenth' ? 10 : policy().pack.rules.length));

function proved(): ProvingWork {
  let found = '';
  const ms = timeOnce(() => {
    const { periods, isSound } = proveGuidance(policy(), today());
    const [first] = periods;
    if (!isSound || first?.result.outcome !== 'proved') throw new Error('the pack is not sound');
    const { situations, promises } = first.result.proof;
    found = `${situations.toString().length} digits of situations, ${promises.length} promises`;
  });
  return { ms, found };
}

// Of every so many rules one is made a step milder, the middle one of them.
function diffed(every: number): ProvingWork {
  const before = policy();
  const rules = before.pack.rules.map((rule, at) => (at % every === every >> 1 ? milder(rule) : rule));
  const after = compilePolicy({ ...before.pack, rules }, 'edited');
  let found = '';
  const ms = timeOnce(() => {
    const { loosenings, tightenings } = diffPolicies(before, after, { from: today() });
    found = `${loosenings.length} loosenings, ${tightenings.length} tightenings`;
  });
  return { ms, found };
}

function milder(rule: Rule): Rule {
  const now: Verdict | null = rule.verdict;
  const verdict = now === null ? 'allowed-with-conditions' : verdicts[severityOf(now) - 1];
  return verdict === undefined ? rule : { ...rule, verdict };
}
