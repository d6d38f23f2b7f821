import { optionsOf } from '#domain/decision/next-question.ts';
import type { Question } from '#domain/policy/pack.ts';
import { foldName } from '#domain/shared/fold-name.ts';
import { nearestName } from '#domain/shared/nearest-name.ts';
import { isPermission, type Verdict } from '#domain/shared/verdict.ts';
import {
  findStanding,
  isUnknownName,
  kindPage,
  type Standing,
  showQuestions,
  suggestTools,
} from '#usecases/ask-page.ts';
import type { Needs } from '#usecases/needs.ts';
import { shown } from '#usecases/shown.ts';
import { whyAsked } from '#usecases/why-asked.ts';
import type { Prompt } from './prompt.ts';
import type { Output } from './terminal.ts';
import { verdictWords } from './verdict-words.ts';

type Facts = Readonly<Record<string, string>>;
type Asking = { readonly needs: Needs; readonly out: Output; readonly prompt: Prompt };
type Choice = { readonly label: string; readonly hint?: string; readonly sets: Facts };

/** What is put to somebody: choices, or (without any) a free text for one fact. */
type Put = {
  readonly text: string;
  readonly why: string;
  /** What the answer can still change, in words; empty where that goes without saying. */
  readonly effect: string;
  readonly help: readonly string[];
  readonly choices: readonly Choice[];
  readonly freeFact?: string;
};

/**
 * Asks what is still open, one question at a time, and resolves with where somebody stands at the end: when nothing more
 * needs asking, or they want the answer so far. Null when they broke off. `given` was stated before and is not asked again.
 */
export async function askQuestions(asking: Asking, given: Facts): Promise<Standing | null> {
  const { needs, out } = asking;
  const steps: Facts[] = [];
  // Names that the catalogue does not hold and that somebody has said they meant.
  const meant = new Set<string>();
  let told: Verdict | undefined;
  let reached: Standing | undefined;
  for (;;) {
    const stood = findStanding(needs, Object.assign({}, ...steps, given, toolOf(steps)));
    if (stood.outcome === 'problems') {
      for (const { detail } of stood.problems) out.text(`Sorry: ${detail}.`, { style: 'yellow' });
      if (steps.pop() === undefined) return reached ?? null;
      continue;
    }
    const { standing } = stood;
    reached = standing;
    const put = nameToCheck(needs, standing, meant) ?? questionToAsk(needs, standing, Object.keys(given));
    if (put === null) return standing;
    if (told !== standing.answer.best && !isPermission(standing.answer.best)) {
      told = standing.answer.best;
      out.gap();
      out.text(
        `Whatever you answer next, the best still possible is: ${verdictWords[told].label}. Type s to see the answer so far.`,
        {
          style: 'yellow',
        },
      );
    }
    const answered = await putQuestion(asking, put, steps.length > 0);
    if (answered === 'stop') return standing;
    if (answered === 'break') return null;
    if (answered === 'back') steps.pop();
    else {
      if (put.freeFact === undefined && standing.match?.tool === null) meant.add(standing.match.name);
      steps.push(answered);
    }
  }
}

// What was given wins over what a question sets beside its own fact; only the tool may be corrected.
function toolOf(steps: readonly Facts[]): Facts {
  const tool = steps.findLast((step) => step.tool !== undefined)?.tool;
  return tool === undefined ? {} : { tool };
}

function nameToCheck(needs: Needs, { match }: Standing, meant: ReadonlySet<string>): Put | null {
  if (match === undefined || match.tool !== null || meant.has(match.name)) return null;
  const near = suggestTools(needs, match.name, 4);
  if (near.length === 0) return null;
  return {
    text: `We do not know \`${shown(match.name)}\`. Did you mean one of these?`,
    why: 'A tool that only looks like another one has other rules.',
    effect: '',
    help: [],
    choices: [
      ...near.map(({ id, name }) => ({ label: name, sets: { tool: id } })),
      { label: `No, it is \`${shown(match.name)}\``, sets: { tool: match.name } },
    ],
  };
}

function questionToAsk(needs: Needs, standing: Standing, given: readonly string[]): Put | null {
  const { pack } = needs.policy();
  // A name that nobody knows could be anything, so its kind comes first.
  const page = isUnknownName(needs, standing) ? kindPage(needs) : standing.next?.page;
  const question = page === standing.next?.page ? standing.next?.questions[0] : page?.questions[0];
  if (page === undefined || question === undefined) return null;
  const help = [question.hint, question.help].filter((text) => text !== undefined);
  const put = { text: question.text, why: question.why, effect: '', help };
  const [only] = question.facts;
  if (only !== undefined && pack.facts.get(only)?.valuesFrom === 'tools')
    return { ...put, choices: [], freeFact: only };
  const shownHere = showQuestions(needs, standing, page).find((one) => one.question.id === question.id);
  const choices = (shownHere?.options ?? optionsOf(question, pack)).map(({ label, hint, sets }) => ({
    label,
    ...(hint === undefined ? {} : { hint }),
    sets: Object.fromEntries(sets),
  }));
  const fitting = choicesBeside(choices, standing.stated);
  const effect = whyAsked(shownHere?.effect ?? null);
  return {
    ...put,
    effect,
    choices: fitting.length > 0 ? fitting : valuesOf(needs, standing, question, given),
  };
}

// Part of what a question sets may be stated already (`--sensitive true`). A choice that says otherwise is left out where
// another one says the same of the rest, and so is one that would add nothing.
function choicesBeside(choices: readonly Choice[], stated: ReadonlyMap<string, string>): Choice[] {
  const open = (choice: Choice): string =>
    JSON.stringify(Object.entries(choice.sets).filter(([fact]) => !stated.has(fact)));
  const agrees = (choice: Choice): boolean =>
    Object.entries(choice.sets).every(([fact, value]) => !stated.has(fact) || stated.get(fact) === value);
  const agreeing = new Set(choices.filter(agrees).map(open));
  return choices.filter((choice) => open(choice) !== '[]' && (agrees(choice) || !agreeing.has(open(choice))));
}

// Where none of the choices fits beside what is stated: the values of the one fact that is still open.
function valuesOf(needs: Needs, { next }: Standing, question: Question, given: readonly string[]): Choice[] {
  const id = question.facts.find((fact) => next?.facts.includes(fact) === true && !given.includes(fact));
  const fact = needs.policy().pack.facts.get(id ?? '');
  return (fact?.values ?? []).map((value) => ({ label: value.label, sets: { [fact?.id ?? '']: value.id } }));
}

async function putQuestion(
  { needs, out, prompt }: Asking,
  put: Put,
  mayGoBack: boolean,
): Promise<Facts | 'back' | 'stop' | 'break'> {
  printQuestion(out, put);
  for (;;) {
    const line = await prompt.read(
      put.freeFact === undefined ? 'Number or text (? for help): ' : '(? for help): ',
    );
    if (line.kind === 'interrupted') return 'break';
    if (line.kind !== 'text') return 'stop';
    const text = line.text.trim();
    if (text === '') continue;
    if (text === '?') printHelp(out, put);
    else if (text === 's') return 'stop';
    else if (text === 'b' && mayGoBack) return 'back';
    else if (text === 'b') out.text('This is the first question.');
    else if (put.freeFact !== undefined) {
      const facts = { [put.freeFact]: text };
      const stood = findStanding(needs, facts);
      if (stood.outcome === 'ok') return facts;
      for (const { detail } of stood.problems) out.text(`Sorry: ${detail}.`, { style: 'yellow' });
    } else {
      const choice = findChoice(put.choices, text);
      if (choice !== undefined) return choice.sets;
      const nearest = nearestName(
        text,
        put.choices.map(({ label }) => label),
      );
      const meant = nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
      out.text(
        `\`${shown(text)}\` is not one of the answers.${meant} Type a number from 1 to ${put.choices.length}.`,
        {
          style: 'yellow',
        },
      );
    }
  }
}

/** The choice that a text names: by its number, its words, its value, or the beginning of the words of only one. */
function findChoice(choices: readonly Choice[], text: string): Choice | undefined {
  if (/^\d+$/.test(text)) return choices[Number(text) - 1];
  const wanted = foldName(text);
  if (wanted === '') return undefined;
  const exact = choices.find(
    ({ label, sets }) => foldName(label) === wanted || foldName(Object.values(sets)[0] ?? '') === wanted,
  );
  const beginning = choices.filter(({ label }) => foldName(label).startsWith(wanted));
  return exact ?? (beginning.length === 1 ? beginning[0] : undefined);
}

function printQuestion(out: Output, { text, why, choices }: Put): void {
  out.heading(text);
  out.text(`Why we ask: ${why}`, { style: 'dim' });
  for (const [index, { label, hint }] of choices.entries()) {
    out.text(label, { first: `${String(index + 1).padStart(3)}  `, rest: '     ' });
    if (hint !== undefined) out.text(hint, { first: '     ', style: 'dim' });
  }
}

function printHelp(out: Output, { help, why, effect, choices }: Put): void {
  for (const text of [...help, why, effect]) if (text !== '') out.text(text);
  out.text(
    choices.length > 0
      ? 'Type the number of an answer, or its words.'
      : 'Type what it is called, or paste its address.',
  );
  out.text('b goes back one question. s shows the answer so far, and so does Ctrl+D. Ctrl+C breaks off.');
}
