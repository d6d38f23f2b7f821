// What `npm run mutate` runs: harms the policy rule by rule, and reports what notices each harm.
//   npm run mutate [-- --all]
import { systemClock } from '#platform/clock.ts';
import { type Mutant, mutatePolicy } from '#test/engine/mutation.ts';
import { shippedGuidance } from '#test/support/guidance.ts';

const { ready } = await shippedGuidance();
if (ready === null) throw new Error('the pack cannot be read: run `policy check`');
const all = process.argv.includes('--all');
const startedAtMs = performance.now();
const mutants = mutatePolicy(ready.policy, systemClock().today(), (mutant) => {
  if (all || isMissed(mutant)) console.log(lineOf(mutant));
});
for (const harm of ['taken out', 'made milder'] as const) console.log(summaryOf(harm));
console.log(`${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
process.exitCode = mutants.some(isMissed) ? 1 : 0;

function isMissed({ caughtBy, isWithoutEffect }: Mutant): boolean {
  return caughtBy === null && !isWithoutEffect;
}

function lineOf({ rule, harm, caughtBy, isWithoutEffect }: Mutant): string {
  return `${rule} ${harm}: ${caughtBy ?? (isWithoutEffect ? 'changes nothing' : 'NOT CAUGHT')}`;
}

function summaryOf(harm: Mutant['harm']): string {
  const own = mutants.filter((mutant) => mutant.harm === harm);
  const effective = own.filter(({ isWithoutEffect }) => !isWithoutEffect);
  const caught = effective.filter(({ caughtBy }) => caughtBy !== null);
  const by = (start: string) => caught.filter(({ caughtBy }) => caughtBy?.startsWith(start)).length;
  const share = effective.length === 0 ? 100 : (100 * caught.length) / effective.length;
  return (
    `rules ${harm}: ${own.length}, of which ${own.length - effective.length} change nothing; ` +
    `${caught.length} of ${effective.length} caught (${share.toFixed(1)} %): ${by('example')} by an example, ` +
    `${by('promise')} by a promise, ${by('a new gap')} by a gap, ${by('finding')} by another finding, ` +
    `${by('policy check')} by policy check`
  );
}
