import { type Evaluation, evaluate } from '#domain/decision/evaluate.ts';
import { findOutcome, type Outcome } from '#domain/decision/outcome.ts';
import { parseFacts } from '#domain/decision/parse-facts.ts';
import type { Policy } from '#domain/decision/policy.ts';
import { buildTable, type Table } from '#domain/decision/table.ts';
import { checkPack } from '#domain/policy/check-pack.ts';
import { runExamples } from '#domain/policy/examples.ts';
import type { Example, Pack, Rule } from '#domain/policy/pack.ts';
import type { NodeId } from '#domain/proof/diagram.ts';
import { unknownGaps } from '#domain/proof/gaps.ts';
import { addsAlone, findIdleRules, findUnreachedConditions } from '#domain/proof/idle-rules.ts';
import { breakingOf } from '#domain/proof/promises.ts';
import { buildProving, nodeOf, type Proving, restrict } from '#domain/proof/proving.ts';
import { both, no } from '#domain/proof/space.ts';
import { asVerdicts, buildVerdict } from '#domain/proof/verdict-diagram.ts';
import { type Verdict, verdicts } from '#domain/shared/verdict.ts';
import { answerExamples } from '#usecases/check-guidance.ts';

/** One small harm to a policy, and what notices it. */
export type Mutant = {
  readonly rule: string;
  readonly harm: 'taken out' | 'made milder';
  /**
   * What fails: an example, a promise or a gap by its name, or a mistake that `policy check` finds. Null where nothing fails.
   */
  readonly caughtBy: string | null;
  /** No situation has another verdict or takes anything else, so that there is nothing to catch. */
  readonly isWithoutEffect: boolean;
};

/** Takes out every rule of a policy, and makes every rule milder by one step, one at a time. */
export function mutatePolicy(
  policy: Policy,
  day: string,
  onMutant: (mutant: Mutant) => void = () => {},
): Mutant[] {
  const tester = new Tester(policy, day);
  const mutants: Mutant[] = [];
  for (const rule of policy.pack.rules) {
    const milder = milderThan(rule.verdict);
    for (const changed of [null, ...(milder === null ? [] : [{ ...rule, verdict: milder }])]) {
      const mutant = tester.test(rule, changed);
      mutants.push(mutant);
      onMutant(mutant);
    }
  }
  return mutants;
}

function milderThan(verdict: Verdict | null): Verdict | null {
  return verdict === null ? null : (verdicts[verdicts.indexOf(verdict) - 1] ?? null);
}

type Prepared = { readonly rule: string; readonly example: Example; readonly evaluation: Evaluation };

const plenty = 30_000_000;

class Tester {
  readonly #pack: Pack;
  readonly #day: string;
  readonly #proving: Proving;
  readonly #examples: readonly Prepared[];

  constructor(policy: Policy, day: string) {
    this.#pack = policy.pack;
    this.#day = day;
    const table = policy.tableOn(day);
    this.#proving = buildProving(table, policy.pack, plenty);
    const runs = runExamples(policy.pack, day, answerExamples(policy));
    const examples = policy.pack.rules.flatMap((rule) => rule.examples.map((example) => ({ rule, example })));
    this.#examples = examples.map(({ rule, example }, index) => {
      const { stated } = parseFacts(policy.pack, runs[index]?.facts ?? {});
      const found = policy.catalogue.find(stated.get('tool') ?? '');
      const tool = stated.has('tool') && found.ok ? found.match.tool : undefined;
      return { rule: rule.id, example, evaluation: evaluate(table, policy.pack, { stated, tool }) };
    });
  }

  test(rule: Rule, changed: Rule | null): Mutant {
    const rules = this.#pack.rules.flatMap((one) =>
      one !== rule ? [one] : changed === null ? [] : [changed],
    );
    const pack: Pack = { ...this.#pack, rules };
    const table = buildTable(pack, this.#day);
    const caughtBy =
      this.#failingExample(table, pack, rule, changed) ??
      this.#failingProof(table, pack, rule) ??
      failingCheck(pack, this.#day);
    return {
      rule: rule.id,
      harm: changed === null ? 'taken out' : 'made milder',
      caughtBy,
      isWithoutEffect: caughtBy === null && this.#isWithoutEffect(table, pack, rule, changed),
    };
  }

  // An example that is settled in the harmed policy has the verdict that running it would give.
  #failingExample(table: Table, pack: Pack, rule: Rule, changed: Rule | null): string | null {
    const failing = this.#examples.find(
      (one) => (changed !== null || one.rule !== rule.id) && fails(table, pack, one),
    );
    return failing === undefined ? null : `example of ${failing.rule}: ${failing.example.name}`;
  }

  #failingProof(table: Table, pack: Pack, rule: Rule): string | null {
    const proving = this.#provingOf(table, pack);
    const { diagrams } = proving.space;
    const here = nodeOf(proving.space, rule.when);
    for (const promise of pack.promises) {
      // A rule changes nothing where it does not apply.
      if (both(diagrams, nodeOf(proving.space, promise.when), here) === no) continue;
      if (breakingOf(proving, promise) !== no) return `promise ${promise.id}`;
    }
    if (unknownGaps(proving) !== no) return 'a new gap';
    const idle = findIdleRules(proving);
    const [finding] = [...idle.findings, ...findUnreachedConditions(proving, idle)].filter(
      ({ acknowledged }) => acknowledged === null,
    );
    return finding === undefined ? null : `finding: ${finding.text}`;
  }

  // The facts stay as they are, so the space is shared.
  #provingOf(table: Table, pack: Pack): Proving {
    const space = { ...this.#proving.space, table, pack };
    const verdict = buildVerdict(space, [...table.rules.keys()]);
    return { space, pack, table, verdict, within: restrict(space, verdict, space.fitting), growth: [] };
  }

  #isWithoutEffect(table: Table, pack: Pack, rule: Rule, changed: Rule | null): boolean {
    const base = this.#proving;
    const { space } = base;
    const reduced = ({ within }: Proving): NodeId => asVerdicts(space, within);
    if (reduced(this.#provingOf(table, pack)) !== reduced(base)) return false;
    if (changed !== null) return true;
    const number = base.table.rules.indexOf(rule);
    return (
      number < 0 || !addsAlone(base, number, both(space.diagrams, nodeOf(space, rule.when), space.possible))
    );
  }
}

function fails(table: Table, pack: Pack, { rule, example, evaluation }: Prepared): boolean {
  const outcome = findOutcome(table, evaluation);
  if (!outcome.settled) return false;
  const applies = outcome.rules.some((number) => table.rules[number]?.id === rule);
  return (
    outcome.verdict !== example.verdict ||
    applies !== example.applies ||
    example.tags.some((tag) => !tagsOf(table, pack, outcome).has(tag))
  );
}

function tagsOf(table: Table, pack: Pack, { rules, verdict }: Outcome): Set<string> {
  const added = rules.flatMap((rule) => table.rules[rule]?.adds ?? []);
  const standing = [...pack.conditions.values()]
    .filter(({ kind }) => kind === 'standing')
    .map(({ id }) => id);
  return new Set([...added, ...standing, ...(verdict === 'get-guidance' ? pack.silence.adds : [])]);
}

function failingCheck(pack: Pack, day: string): string | null {
  const [error] = checkPack(pack, { today: day, answer: null }).filter(({ level }) => level === 'error');
  return error === undefined ? null : `policy check: ${error.message}`;
}
