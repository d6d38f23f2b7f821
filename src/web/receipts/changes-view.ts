import type { Citation } from '#domain/decision/answer.ts';
import { dayInWords } from '#domain/shared/day.ts';
import type { Verdict } from '#domain/shared/verdict.ts';
import { versionName } from '#domain/versions/version-name.ts';
import { whatToDo } from '#usecases/receipts/change-notice.ts';
import type { ToldChange } from '#usecases/receipts/list-changes.ts';
import { instantInWords } from '../instant.ts';
import type { PageModel } from '../render.ts';
import { verdictWords } from '../words.ts';

/** One change of a saved answer, as a list shows it. */
export function changeModel({ reference, at, change }: ToldChange) {
  const { verdict, headline, problems, added, dropped, reasons, on, policy } = change;
  return {
    href: `/receipts/${reference}`,
    reference,
    title: problems.length > 0 ? headline.before : headline.after,
    told: instantInWords(at),
    on: dayInWords(on),
    guidance: versionName(policy),
    before: verdict === null ? null : labelOf(verdict.before),
    after: verdict === null ? null : labelOf(verdict.after),
    added: added.map(({ text }) => text),
    dropped: dropped.map(({ text }) => text),
    reasons: reasons.map(({ because, applies, citations }) => ({
      because,
      applies,
      citations: sectionsOf(citations),
    })),
    whatToDo: capital(whatToDo(change)),
  };
}

/** The list of what changed of one's saved answers. */
export function changesView({
  changes,
  next,
}: {
  readonly changes: readonly ToldChange[];
  readonly next: string | null;
}) {
  return {
    title: 'What has changed',
    back: { text: 'Your account', href: '/me' },
    changes: changes.map(changeModel),
    next: next === null ? null : `/receipts/changes?${new URLSearchParams({ before: next })}`,
  } satisfies PageModel & Record<string, unknown>;
}

// Cores also know facts that cannot be answered any more, which is no verdict.
function labelOf(verdict: string): string {
  return verdictWords[verdict as Verdict]?.label ?? 'No answer any more';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Clauses of one section stand together: “Guidance, Accounts (15 May 2023): GAG-16, GAG-20”. */
export function sectionsOf(citations: readonly Citation[]): string[] {
  const sections = new Map<string, string[]>();
  for (const { clause, document, section, dated } of citations) {
    const name = `${document}, ${section} (${dated})`;
    sections.set(name, [...(sections.get(name) ?? []), clause]);
  }
  return [...sections].map(([name, clauses]) => `${name}: ${clauses.join(', ')}`);
}
