import path from 'node:path';
import type { Answer } from '#domain/decision/answer.ts';
import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import { parsePack } from '#domain/policy/parse-pack.ts';
import type { PolicyFile } from '#domain/policy/problem.ts';
import { type Guidance, loadGuidance } from '#store/guidance.ts';
import { readPolicyFile } from '#store/policy-yaml.ts';
import { answerQuestion } from '#usecases/answer-question.ts';
import type { Needs } from '#usecases/needs.ts';

export const policyFolder = path.resolve(import.meta.dirname, '..', '..', 'policy');

/** The day all tests are on, so that none of them changes its mind at midnight. */
export const testDay = '2026-11-22';

let loaded: Promise<Guidance> | undefined;

/** The pack that ships, loaded once for a test file. */
export function shippedGuidance(): Promise<Guidance> {
  loaded ??= loadGuidance(policyFolder);
  return loaded;
}

/** What asking needs, on the pack that ships and on the day of the tests. */
export async function testNeeds(): Promise<Needs> {
  const { ready, texts } = await shippedGuidance();
  if (ready === null) throw new Error('the pack that ships cannot answer');
  return {
    policy: () => ready.policy,
    search: () => ready.search,
    today: () => testDay,
    texts: () => texts,
  };
}

/** The answer to facts; throws with the problems where they cannot be answered. */
export function answerTo(
  needs: Pick<Needs, 'policy' | 'today'>,
  facts: Readonly<Record<string, unknown>>,
  on?: string,
): Answer {
  const answered = answerQuestion(needs, { facts, ...(on === undefined ? {} : { on }) });
  if (answered.outcome === 'problems')
    throw new Error(answered.problems.map(({ detail }) => detail).join('\n'));
  return answered.answer;
}

/** The facts with every missing one at the value that most people would give. */
export function completed(
  needs: Pick<Needs, 'policy' | 'today'>,
  facts: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const all: Record<string, unknown> = { ...facts };
  for (let round = 0; round < 40; round++) {
    const { missing } = answerTo(needs, all);
    if (missing.length === 0) return all;
    for (const fact of missing)
      all[fact] = needs.policy().pack.facts.get(fact)?.ordinary ?? 'a tool nobody knows';
  }
  throw new Error(`no end of missing facts for ${JSON.stringify(facts)}`);
}

/** The answer once every missing fact has the value that most people would give. */
export function ordinaryAnswerTo(
  needs: Pick<Needs, 'policy' | 'today'>,
  facts: Readonly<Record<string, unknown>>,
): Answer {
  return answerTo(needs, completed(needs, facts));
}

/** A small policy of one's own: the shipped pack with one file exchanged or added. */
export async function policyWith(name: string, text: string): Promise<Policy> {
  const { files } = await shippedGuidance();
  const { file } = readPolicyFile(name, text);
  if (file === undefined) throw new Error(`${name} is not YAML`);
  const all: PolicyFile[] = [...files.filter((one) => one.name !== name), file];
  const { pack } = parsePack(all);
  if (pack === null) throw new Error(`${name} leaves no pack`);
  return compilePolicy(pack, 'test');
}
