import type { Answer } from '#domain/decision/answer.ts';
import type { Policy } from '#domain/decision/policy.ts';
import { type Day, dayInWords } from '#domain/shared/day.ts';
import { versionName } from '#domain/versions/version-name.ts';
import { answerQuestion } from '#usecases/answer-question.ts';
import { sectionsOf } from '../receipts/changes-view.ts';
import type { PageModel } from '../render.ts';
import { verdictWords } from '../words.ts';

type Side = { readonly label: string; readonly hash: string; readonly policy: Policy };

/** One situation under two versions, side by side. */
export function situationView(
  path: string,
  facts: Readonly<Record<string, unknown>>,
  { before, after, day }: { readonly before: Side; readonly after: Side; readonly day: Day },
) {
  return {
    title: 'One situation, before and after',
    back: { text: 'What this version changes', href: path },
    on: dayInWords(day),
    rows: Object.entries(facts).map(([id, value]) => factRow(id, String(value), after.policy, before.policy)),
    sides: sidesOf(sideModel(before, facts, day), sideModel(after, facts, day)),
  } satisfies PageModel & Record<string, unknown>;
}

type SideModel = ReturnType<typeof sideModel>;

// What stands on one side only is told apart.
function sidesOf(before: SideModel, after: SideModel) {
  const marked = (heading: string, own: SideModel, other: SideModel) => ({
    ...own,
    heading,
    takes: (own.answer?.takes ?? []).map((text) => ({
      text,
      isOther: other.answer?.takes.includes(text) === false,
    })),
  });
  return [marked('Before', before, after), marked('After', after, before)];
}

function factRow(id: string, value: string, ...policies: readonly Policy[]) {
  for (const { pack } of policies) {
    const fact = pack.facts.get(id);
    if (fact === undefined) continue;
    const known =
      fact.valuesFrom === 'tools'
        ? pack.tools.get(value)?.name
        : fact.values.find((one) => one.id === value)?.label;
    return { key: { text: fact.label }, value: { text: known ?? value } };
  }
  return { key: { text: id }, value: { text: value } };
}

function sideModel({ label, hash, policy }: Side, facts: Readonly<Record<string, unknown>>, day: Day) {
  const answered = answerQuestion({ policy: () => policy, today: () => day }, { facts });
  const version = { name: versionName({ label, hash }) };
  if (answered.outcome === 'problems')
    return { ...version, answer: null, problems: answered.problems.map(({ detail }) => detail) };
  return { ...version, answer: answerModel(answered.answer), problems: [] };
}

function answerModel({ verdict, headline, reasons, conditions, nextSteps }: Answer) {
  return {
    ...verdictWords[verdict],
    headline,
    reasons: reasons.map(({ because, citations }) => ({ because, citations: sectionsOf(citations) })),
    takes: [...nextSteps, ...conditions].map(({ text, strength }) => `${text} (${strength})`),
  };
}
