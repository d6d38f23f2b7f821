import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Answer } from '#domain/decision/answer.ts';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import { effectOfGoAhead, shownOfGoAhead, withoutClaim } from '#domain/guidance-requests/go-ahead.ts';
import type { GuidanceRequest } from '#domain/guidance-requests/guidance-request.ts';
import type { PersonActing } from '#domain/people/actor.ts';
import { readCore } from '#domain/receipts/core.ts';
import type { Receipt } from '#domain/receipts/receipt.ts';
import { daysAfter } from '#domain/shared/day.ts';
import { isPermission, severityOf, type Verdict, verdicts } from '#domain/shared/verdict.ts';
import { statedFacts } from '#test/engine/situations.ts';
import { onBothDatabases } from '#test/support/databases.ts';
import { completed, testDay, testNeeds } from '#test/support/guidance.ts';
import { testMemoryIn } from '#test/support/memory.ts';
import { ordinaryTrello } from '#test/support/ordinary-trello.ts';
import { findStanding } from '#usecases/ask-page.ts';
import { decideRequest } from '#usecases/guidance-requests/answer-request.ts';
import { standingWith } from '#usecases/guidance-requests/find-for-manager.ts';
import type { Needs } from '#usecases/needs.ts';
import { saveAnswer } from '#usecases/receipts/save-answer.ts';

const shipped = await testNeeds();
const { pack } = shipped.policy();
const guidance = pack.managersGuidance;
assert.ok(guidance !== null);
const { fact, goAhead, refusal } = guidance;
const tests = (rule: (typeof pack.rules)[number]): boolean => rule.when.has(fact);
const beyondManagers = new Set(pack.rules.filter((rule) => !tests(rule)).map(({ id }) => id));

/** The guidance with some of its rules that leave nothing to managers made a prohibition, or another verdict at random. */
const policies: readonly Policy[] = [
  shipped.policy(),
  ...fc
    .sample(
      fc.array(fc.tuple(fc.nat(pack.rules.length - 1), fc.constantFrom(...verdicts)), {
        minLength: 3,
        maxLength: 8,
      }),
      {
        numRuns: 12,
        seed: 20261122,
      },
    )
    .map((edits, number) => {
      const verdictOf = new Map(edits);
      const rules = pack.rules.map((rule, place) => {
        const verdict = verdictOf.get(place);
        return verdict === undefined || tests(rule) ? rule : { ...rule, verdict };
      });
      return compilePolicy({ ...pack, rules }, `edited ${number}`);
    }),
];
const needsOf = (policy: Policy): Needs => ({ ...shipped, policy: () => policy });

/** What people ask, every other time a board with information that could do damage, which a manager can settle. */
const asked = fc
  .tuple(statedFacts(pack, 6), fc.boolean())
  .map(([facts, isDamaging]) => (isDamaging ? { ...facts, tool: 'trello', damagingIfLost: 'true' } : facts));

/** The strictest verdict among the rules that apply and that no manager has a say in. */
function prohibited({ reasons }: Answer): Verdict {
  const beyond = reasons.filter(({ rule, verdict }) => beyondManagers.has(rule) && verdict !== null);
  return verdicts[Math.max(0, ...beyond.map(({ verdict }) => severityOf(verdict as Verdict)))] as Verdict;
}

describe('what a line manager says', () => {
  it('makes no answer milder than the rules that leave nothing to managers, whatever is asked and whatever the rules', () => {
    let milder = 0;
    let forbidden = 0;
    for (const policy of policies) {
      const needs = needsOf(policy);
      fc.assert(
        fc.property(asked, fc.constantFrom(goAhead, refusal), (facts, said) => {
          const stated = Object.fromEntries(withoutClaim(policy, new Map(Object.entries(facts))));
          const without = findStanding(needs, stated);
          const given = findStanding(needs, stated, new Map([[fact, said]]));
          if (without.outcome !== 'ok' || given.outcome !== 'ok') return;
          const [before, now] = [without.standing.answer, given.standing.answer];
          assert.ok(severityOf(now.verdict) >= severityOf(prohibited(before)), JSON.stringify(stated));
          if (severityOf(prohibited(before)) >= severityOf('request-review')) forbidden++;
          if (severityOf(now.verdict) < severityOf(before.verdict)) milder++;
          const effect = effectOfGoAhead(policy, without.standing, testDay);
          if (effect.kind === 'nothing') return;
          // Nobody is sent to ask where something forbids it that a manager has no say in.
          assert.ok(
            severityOf(prohibited(before)) < severityOf(effect.without.verdict),
            JSON.stringify(stated),
          );
          assert.ok(severityOf(effect.with.best) < severityOf(effect.without.verdict));
        }),
        { numRuns: 400, seed: 20261122 },
      );
    }
    assert.ok(milder > 50, `a go-ahead changed only ${milder}`);
    assert.ok(forbidden > 500, `only ${forbidden} were forbidden`);
  });

  it('lifts neither a prohibition nor the need for a review under the guidance that ships', () => {
    let kept = 0;
    fc.assert(
      fc.property(statedFacts(pack), (facts) => {
        const stated = Object.fromEntries(withoutClaim(shipped.policy(), new Map(Object.entries(facts))));
        const without = findStanding(shipped, stated);
        const given = findStanding(shipped, stated, new Map([[fact, goAhead]]));
        if (without.outcome !== 'ok' || given.outcome !== 'ok') return;
        const { verdict } = without.standing.answer;
        if (severityOf(verdict) < severityOf('request-review')) return;
        kept++;
        assert.equal(given.standing.answer.verdict, verdict, JSON.stringify(stated));
        assert.equal(effectOfGoAhead(shipped.policy(), without.standing, testDay).kind, 'nothing');
      }),
      { numRuns: 2_000, seed: 20261123 },
    );
    assert.ok(kept > 500, `only ${kept}`);
  });
});

onBothDatabases('a decision that comes after the rules have changed', (kind) => {
  it('is put on record, and leaves a saved answer no milder than those rules', async () => {
    const own = await kind.create();
    const memory = await testMemoryIn(own.place);
    const { people } = memory;
    const { store, newId } = people;
    const person = async (name: string): Promise<PersonActing> => {
      const email = `${name}@example.org`;
      const made = { id: newId(), issuer: 'test', subject: name, name, email, roles: [] };
      const saved = await store.people.save(made, `${testDay}T09:00:00.000Z`);
      return { ...saved, kind: 'person', by: { kind: 'session', id: 'test' } };
    };
    const [asker, manager] = [await person('alex'), await person('lee')];
    const origin = { address: '127.0.0.1', device: 'a test' };
    // Of random facts hardly any are what a manager can settle.
    const damaging = fc.constant({ ...ordinaryTrello, damagingIfLost: 'true' });
    const samples = fc.sample(fc.oneof(statedFacts(pack, 6), damaging), { numRuns: 160, seed: 20261124 });
    let given = 0;
    let decided = 0;
    let forbidden = 0;
    for (const [number, sample] of samples.entries()) {
      const facts = settled(sample);
      if (facts === null) continue;
      const stood = findStanding(shipped, facts);
      assert.ok(stood.outcome === 'ok');
      const saved = await saveAnswer(people, shipped, asker, { standing: stood.standing, words: '' }, origin);
      assert.ok(saved.outcome === 'ok');
      const request: GuidanceRequest = {
        id: newId(),
        receiptId: saved.receipt.id,
        personId: asker.id,
        askerName: asker.name,
        note: '',
        managerName: 'lee',
        managerAddress: 'lee@example.org',
        managerId: manager.id,
        state: 'waiting',
        askedAt: `${testDay}T09:00:00.000Z`,
        remindOn: null,
        reminders: 0,
        decidedAt: null,
        until: null,
        newReceiptId: null,
        keepUntil: daysAfter(testDay, 100),
      };
      await store.guidanceRequests.add(request);
      const policy = policies[number % policies.length] as Policy;
      const needs = needsOf(policy);
      await store.policyVersions.keep({ hash: policy.hash, label: 'x', texts: () => [] }, request.askedAt);
      const decision =
        number % 3 === 0
          ? ({ kind: 'refused', words: 'No.' } as const)
          : ({
              kind: 'go-ahead',
              until: daysAfter(testDay, 30),
              words: '',
              shown: shownOfGoAhead(withGoAhead(needs, saved.receipt)),
            } as const);
      const done = await decideRequest(people, needs, manager, request.id, decision, origin);
      if (done.outcome === 'cannot-decide') continue;
      const now = findStanding(
        needs,
        Object.fromEntries(withoutClaim(policy, new Map(Object.entries(saved.receipt.facts)))),
      );
      assert.ok(now.outcome === 'ok');
      const floor = prohibited(now.standing.answer);
      if (done.outcome === 'not-as-shown') {
        assert.ok(!isPermission(withGoAhead(needs, saved.receipt)?.verdict ?? 'not-allowed'));
        if (severityOf(floor) >= severityOf('request-review')) forbidden++;
        continue;
      }
      assert.ok(done.outcome === 'ok', done.outcome);
      decided++;
      if (decision.kind === 'go-ahead') given++;
      const { verdict } = readCore(done.receipt.core);
      assert.ok(severityOf(verdict as Verdict) >= severityOf(floor), `${verdict} and not ${floor}`);
      if (severityOf(floor) >= severityOf('request-review')) {
        assert.equal(decision.kind, 'refused', 'nobody gives a go-ahead to what is forbidden');
        forbidden++;
      }
    }
    await memory.close();
    await own.remove();
    assert.ok(decided > 30, `only ${decided} were decided`);
    assert.ok(given > 5, `only ${given} go-aheads were given`);
    assert.ok(forbidden > 20, `only ${forbidden} were forbidden`);
  });
});

function withGoAhead(needs: Needs, receipt: Receipt): Answer | null {
  return standingWith({ today: needs.today }, needs, receipt, goAhead)?.answer ?? null;
}

function settled(facts: Record<string, string>): Record<string, unknown> | null {
  try {
    const { [fact]: _claim, ...own } = facts;
    const all = completed(shipped, own);
    const stood = findStanding(shipped, all);
    return stood.outcome === 'ok' && stood.standing.answer.settled ? all : null;
  } catch {
    return null;
  }
}
