import { type Addition, type Answer, type Citation, organisationOf } from '#domain/decision/answer.ts';
import { type Change, inOneSentence } from '#domain/decision/changes.ts';
import { sortSteps } from '#domain/decision/steps.ts';
import { type UsableContact, usableContact } from '#domain/policy/contacts.ts';
import type { ConditionTime, Pack, Strength } from '#domain/policy/pack.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { shortHash } from '#domain/versions/version-name.ts';
import { type Standing, suggestTools } from '#usecases/ask-page.ts';
import { showChanges, showInstead } from '#usecases/find-what-helps.ts';
import type { Needs } from '#usecases/needs.ts';
import { shown } from '#usecases/shown.ts';
import type { Output } from './terminal.ts';
import { verdictWords } from './verdict-words.ts';

const times: readonly (readonly [when: ConditionTime, heading: string])[] = [
  ['before', 'Before you start'],
  ['now', 'Now'],
  ['while', 'While you use it'],
  ['after', 'Afterwards'],
  ['always', 'Always'],
];

const strengths: readonly Strength[] = ['must', 'should', 'good idea'];

/** Prints an answer for a reader: what it is, why, what it takes, what to do next, and what it rests on. */
export function printAnswer(out: Output, needs: Needs, standing: Standing): void {
  const { answer, stated, match } = standing;
  const { pack } = needs.policy();
  const organisation = organisationOf(pack, stated);
  out.text(answer.headline, { style: verdictWords[answer.verdict].style });
  if (!answer.settled) {
    const { best, worst } = answer;
    out.text(
      `This is not settled yet: it can still become anything from "${verdictWords[best].label}" to "${verdictWords[worst].label}".`,
    );
  }
  if (match?.tool === null) printUnknownName(out, needs, match.name);
  printReasons(out, answer);
  printChanges(out, needs, standing);
  printInstead(out, needs, standing);
  printConditions(out, answer.conditions);
  const steps = sortSteps(pack, answer);
  printSteps(out, pack, 'What to do next', steps.now, organisation);
  printSteps(out, pack, 'What it would need first, if nothing forbade it', steps.onceAllowed, organisation);
  if (answer.ask !== null) {
    out.heading('Whom to ask');
    out.text(contactText(answer.ask), { first: '  ' });
  }
  printFindOut(out, answer);
  if (answer.standing.length > 0) out.heading('Always');
  for (const duty of answer.standing) out.text(duty.text, { first: '  - ' });
  printFacts(out, pack, answer);
  for (const { rule, detail } of answer.faults) {
    out.gap();
    out.text(`The rule ${rule} could not be evaluated, so this answer is careful: ${detail}.`, {
      style: 'red',
    });
  }
  out.gap();
  const { id, label, hash } = answer.policy;
  out.text(`Guidance ${id} ${label} (${shortHash(hash)}), answered for ${dayInWords(answer.on)}.`, {
    style: 'dim',
  });
}

function printSteps(
  out: Output,
  pack: Pack,
  heading: string,
  steps: readonly Addition[],
  organisation: string | undefined,
): void {
  if (steps.length > 0) out.heading(heading);
  for (const step of steps) {
    printAddition(out, step);
    if (step.contact !== undefined) {
      out.text(contactText(usableContact(pack, step.contact, organisation)), { first: ' '.repeat(13) });
    }
  }
}

function printUnknownName(out: Output, needs: Needs, name: string): void {
  const near = suggestTools(needs, name, 3).map((tool) => `${tool.name} (${tool.id})`);
  const meant = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
  out.text(`We do not know \`${shown(name)}\`, so nothing is known of it but what you said.${meant}`);
}

function printReasons(out: Output, { reasons }: Answer): void {
  if (reasons.length > 0) out.heading('Why');
  for (const { because, citations } of reasons) {
    out.text(because, { first: '  - ' });
    for (const citation of citationTexts(citations)) out.text(citation, { first: '    ', style: 'dim' });
  }
}

function printConditions(out: Output, conditions: readonly Addition[]): void {
  for (const [when, heading] of times) {
    const now = strengths.flatMap((strength) =>
      conditions.filter((condition) => condition.when === when && condition.strength === strength),
    );
    if (now.length > 0) out.heading(heading);
    for (const condition of now) printAddition(out, condition);
  }
}

function printAddition(out: Output, { text, strength, citations }: Addition): void {
  const clauses = citations.length === 0 ? '' : ` (${citations.map(({ clause }) => clause).join(', ')})`;
  out.text(`${text}${clauses}`, { first: `  ${strength.padEnd(11)}` });
}

// Clauses of one section stand on one line.
function citationTexts(citations: readonly Citation[]): string[] {
  const places = new Map<string, string[]>();
  for (const { clause, document, section, dated } of citations) {
    const place = `${document}, ${section}, ${dated}`;
    places.set(place, [...(places.get(place) ?? []), clause]);
  }
  return [...places].map(([place, clauses]) => `${place} (${clauses.join(', ')})`);
}

function contactText({ name, email, telephone, link, reaches }: UsableContact): string {
  const addresses = [email, telephone, link].filter((address) => address !== null);
  if (addresses.length === 0) return name;
  return `${name}: ${addresses.join(', ')}${reaches !== name ? ` (this reaches ${reaches})` : ''}`;
}

function printFindOut(out: Output, { findOut }: Answer): void {
  if (findOut === null) return;
  out.heading(`It hangs on one thing: ${findOut.label}`);
  for (const { label, verdict } of findOut.outcomes)
    out.text(`${label}: ${verdictWords[verdict].label}`, { first: '  - ' });
}

function printChanges(out: Output, needs: Needs, standing: Standing): void {
  const { isNeeded, changes } = showChanges(needs, standing);
  if (!isNeeded) return;
  out.heading('What would make it all right');
  if (changes.length === 0) out.text('No change that you could make.', { first: '  - ' });
  for (const change of changes) {
    const { text, isEnough, inTheWay, parts } = change;
    out.text(`${text}${isEnough ? `: ${promiseOf(change)}` : ''}`, { first: '  - ' });
    const others = parts.flatMap(({ decidedBy }) => decidedBy ?? []);
    if (others.length > 0)
      out.text(`not up to you alone: ${inOneSentence(others)} must agree`, { first: '    ' });
    if (!isEnough) out.text('This alone is not enough. What still stands in the way:', { first: '    ' });
    for (const { because } of inTheWay) out.text(because, { first: '    - ' });
  }
}

function printInstead(out: Output, needs: Needs, standing: Standing): void {
  const instead = showInstead(needs, standing);
  if (instead.length > 0) out.heading('What you could use instead');
  for (const alternative of instead) {
    const { tool, changes } = alternative;
    const condition = changes.length === 0 ? '' : `, if you ${inOneSentence(changes.map(({ say }) => say))}`;
    out.text(`${tool.name} (${tool.id})${condition}: ${promiseOf(alternative)}`, { first: '  - ' });
  }
}

function promiseOf({
  verdict,
  settled,
  countPages,
}: Pick<Change, 'verdict' | 'settled' | 'countPages'>): string {
  if (settled) return verdictWords[verdict].label;
  const pages = countPages();
  return `you may be able to use it, after ${pages} more page${pages === 1 ? '' : 's'} of questions`;
}

function printFacts(out: Output, pack: Pack, { assumptions, missing }: Answer): void {
  const labelOf = (id: string) => pack.facts.get(id)?.label ?? id;
  if (missing.length > 0) out.heading('Not said yet, and it can change the answer');
  for (const fact of missing) out.text(`${labelOf(fact)} (--${fact})`, { first: '  - ' });
  if (assumptions.length > 0) out.heading('Assumed, because you did not say otherwise');
  for (const { fact, value } of assumptions) {
    const label = pack.facts.get(fact)?.values.find(({ id }) => id === value)?.label ?? value;
    out.text(`${labelOf(fact)}: ${label} (--${fact})`, { first: '  - ' });
  }
}
