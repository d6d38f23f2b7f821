import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { evaluate } from '#domain/decision/evaluate.ts';
import { findOutcome } from '#domain/decision/outcome.ts';
import type { TableFact } from '#domain/decision/table.ts';
import type { Tool } from '#domain/policy/pack.ts';
import { findPicture, type Picture, type PictureStep, type PictureTest } from '#domain/proof/picture.ts';
import { severityOf } from '#domain/shared/verdict.ts';
import { testDay, testNeeds } from '#test/support/guidance.ts';
import { chooseKind, pictureKinds } from '#usecases/find-picture.ts';
import { statedFacts } from './situations.ts';

const { pack, tableOn } = (await testNeeds()).policy();
const table = tableOn(testDay);
const kinds = pictureKinds(pack);
assert.ok(kinds !== null);
const pictures = new Map<string, Picture>(
  kinds.kinds.map(({ id }) => [id, findPicture(table, pack, kinds.fact.id, id)]),
);

function stepsOf({ verdicts, adding }: Picture): PictureStep[] {
  return [...verdicts.flatMap(({ steps }) => steps), ...adding];
}

/** The one value of each fact in a situation of this tool, with everything stated; null where it cannot be, or does not fit. */
function completed(tool: Tool, facts: Readonly<Record<string, string>>): ReadonlyMap<string, string> | null {
  const named = evaluate(table, pack, { tool, stated: new Map([['tool', tool.id]]) });
  const fits = ({ index, numberOf, naBit }: TableFact, value: string): boolean => {
    const bits = named.possible[index] ?? 0;
    return bits === naBit || (bits & (1 << (numberOf.get(value) ?? 31))) !== 0;
  };
  const stated = new Map([['tool', tool.id]]);
  for (const [fact, value] of Object.entries(facts)) {
    const entry = table.facts[table.factNumber.get(fact) ?? -1];
    const { origin } = entry?.fact ?? {};
    if (fact === 'tool' || entry === undefined) continue;
    if (origin === 'asked' && !fits(entry, value)) continue;
    stated.set(fact, value);
  }
  for (let round = 0; round <= table.facts.length; round++) {
    const { possible, problems } = evaluate(table, pack, { tool, stated });
    if (problems.length > 0) return null;
    const open = table.facts.find(
      ({ index }) => ((possible[index] ?? 0) & ((possible[index] ?? 0) - 1)) !== 0,
    );
    if (open === undefined) {
      return new Map(
        table.facts.map(({ fact, index, values }) => [
          fact.id,
          values[31 - Math.clz32(possible[index] ?? 0)] ?? '',
        ]),
      );
    }
    const first = open.values.find((_, number) => ((possible[open.index] ?? 0) & (1 << number)) !== 0);
    if (first === undefined || first === 'n/a' || stated.has(open.fact.id)) return null;
    stated.set(open.fact.id, first);
  }
  return null;
}

function isMet(situation: ReadonlyMap<string, string>, { fact, values, isExcept }: PictureTest): boolean {
  const value = situation.get(fact) ?? '';
  return isExcept ? value !== 'n/a' && !values.includes(value) : values.includes(value);
}

describe('the picture of a kind of tool', () => {
  it('has each kind, with the strictest verdict first', () => {
    assert.ok(pictures.size >= 11);
    for (const [kind, { verdicts }] of pictures) {
      assert.ok(verdicts.length >= 2, kind);
      const severities = verdicts.map(({ verdict }) => severityOf(verdict));
      assert.deepEqual(
        severities,
        severities.toSorted((a, b) => b - a),
        kind,
      );
    }
  });

  it('begins with the kind of which the guidance names most tools', () => {
    assert.equal(chooseKind(pack, kinds)?.id, 'oit-tool');
    assert.equal(chooseKind(pack, kinds, 'nothing-of-the-sort'), undefined);
  });

  it('tests nothing that always holds for the kind', () => {
    for (const [kind, picture] of pictures)
      for (const { test, others } of stepsOf(picture))
        for (const { fact } of [test, ...others].flatMap((one) => one ?? []))
          assert.notEqual(fact, kinds.fact.id, kind);
  });

  it('shows a step as met in exactly the situations in which one of its rules applies', () => {
    const tools = [...pack.tools.values()].filter((tool) => tool.listed !== undefined);
    let seen = 0;
    fc.assert(
      fc.property(fc.constantFrom(...tools), statedFacts(pack, 2), (tool, facts) => {
        const situation = completed(tool, facts);
        if (situation === null) return;
        seen++;
        const stated = new Map(
          [...situation].filter(([fact]) => fact === 'tool' || facts[fact] !== undefined),
        );
        const possible = table.facts.map(
          ({ fact, numberOf }) => 1 << (numberOf.get(situation.get(fact.id) ?? '') ?? 31),
        );
        const { rules } = findOutcome(table, { possible });
        const applying = new Set(rules.flatMap((rule) => table.rules[rule]?.id ?? []));
        const picture = pictures.get(situation.get(kinds.fact.id) ?? '');
        assert.ok(picture !== undefined);
        const shown = new Set<string>();
        for (const { test, others, rules: own } of stepsOf(picture)) {
          const met: boolean = [test, ...others].every((one) => one === null || isMet(situation, one));
          for (const { id } of own) if (met) shown.add(id);
          assert.equal(
            met,
            own.some(({ id }) => applying.has(id)),
            `${own.map(({ id }) => id).join(' ')} for ${JSON.stringify([...stated])}`,
          );
        }
        for (const id of applying) assert.ok(shown.has(id), `${id} is not in the picture of ${tool.id}`);
      }),
      { numRuns: 1_500, seed: 20261122 },
    );
    assert.ok(seen > 800, `only ${seen}`);
  });
});
