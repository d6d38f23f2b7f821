import { notApplicable, type Pack } from '#domain/policy/pack.ts';
import { answerAsJson } from '#usecases/answer-as-json.ts';
import { findStanding, type Standing } from '#usecases/ask-page.ts';
import { findDayProblem } from '#usecases/day-problem.ts';
import { findWhatHelps, type Help, helps, isHelp } from '#usecases/find-what-helps.ts';
import type { Needs } from '#usecases/needs.ts';
import { shown } from '#usecases/shown.ts';
import { readArguments, unknownName } from './arguments.ts';
import { askQuestions } from './ask-questions.ts';
import { exitCodes, verdictExitCodes } from './exit-codes.ts';
import { loadNeeds } from './load-needs.ts';
import type { CliParts, Command } from './parts.ts';
import { printAnswer } from './print-answer.ts';
import { openPrompt } from './prompt.ts';
import { complain, openOutput, writeJson } from './terminal.ts';

/** Answers "may I use this?". */
export const ask: Command = {
  name: 'ask',
  usage: ['ask [TOOL] [--FACT VALUE …] [--on YYYY-MM-DD] [--include changes,alternatives] [--json]'],
  summary: 'Ask whether you may use a tool',
  run: (args, parts) => runAsk(args, parts),
};

/**
 * Runs `ask`. The options are the facts of the pack. At a terminal it asks what is still open; elsewhere, and with `--json`,
 * it answers with what it was given. `isTerminal` says which; the streams do when it is left out.
 */
export async function runAsk(
  args: readonly string[],
  parts: CliParts,
  isTerminal = parts.io.stdin.isTTY === true && parts.io.stdout.isTTY === true,
): Promise<number> {
  const { io } = parts;
  const loaded = await loadNeeds(parts);
  if (loaded === null) return exitCodes.fault;
  const { pack } = loaded.policy();
  const read = readArguments(args, { options: [...pack.facts.keys(), 'on', 'include'], flags: ['json'] });
  if (read.flags.has('help')) {
    printAskHelp(io.stdout, pack);
    return exitCodes.done;
  }
  // Everything below is about one policy and one day.
  const policy = loaded.policy();
  const { facts, on, include, problems } = readQuestion(policy.pack, read);
  const needs: Needs = { ...loaded, policy: () => policy, today: () => on ?? loaded.today() };
  const stood = findStanding(needs, facts);
  if (stood.outcome === 'problems') return refuse(parts, [...problems, ...stood.problems.map(problemText)]);
  if (problems.length > 0) return refuse(parts, problems);
  if (read.flags.has('json')) {
    const { stated, answer } = stood.standing;
    const help = findWhatHelps({ policy, on: answer.on }, stood.standing, include);
    writeJson(io.stdout, answerAsJson(pack, stated, answer, help));
    return exitCodeOf(stood.standing);
  }
  const standing = isTerminal ? await askAtTerminal(needs, facts, parts) : stood.standing;
  if (standing === null) return exitCodes.interrupted;
  printAnswer(openOutput(io.stdout), needs, standing);
  return exitCodeOf(standing);
}

async function askAtTerminal(
  needs: Needs,
  facts: Readonly<Record<string, string>>,
  { io }: CliParts,
): Promise<Standing | null> {
  const out = openOutput(io.stdout);
  const prompt = openPrompt(io);
  try {
    return await askQuestions({ needs, out, prompt }, facts);
  } finally {
    prompt.close();
    out.gap();
  }
}

function refuse({ io }: CliParts, problems: readonly string[]): number {
  complain(io.stderr, [...problems, '`clear-to-use ask --help` lists the facts and their values.']);
  return exitCodes.usage;
}

type Question = {
  readonly facts: Readonly<Record<string, string>>;
  readonly on: string | undefined;
  readonly include: readonly Help[];
  readonly problems: readonly string[];
};

function readQuestion(
  pack: Pack,
  { options, words, problems: found }: ReturnType<typeof readArguments>,
): Question {
  const problems = [...found];
  const facts = new Map(options);
  const on = facts.get('on');
  facts.delete('on');
  const wrongDay = on === undefined ? undefined : findDayProblem(pack, on, '--on');
  if (wrongDay !== undefined) problems.push(`${wrongDay.detail}, not \`${shown(on ?? '')}\``);
  const wanted = (facts.get('include') ?? '').split(',').filter((name) => name !== '');
  facts.delete('include');
  for (const name of wanted)
    if (!isHelp(name)) problems.push(unknownName('part for `--include`', name, helps));
  if (words.length > 0) {
    if (facts.has('tool')) problems.push('the tool is given more than once');
    facts.set('tool', words.join(' '));
  }
  const include = wanted.filter(isHelp);
  return { facts: Object.fromEntries(facts), on: wrongDay === undefined ? on : undefined, include, problems };
}

function problemText({
  detail,
  suggestion,
}: {
  readonly detail: string;
  readonly suggestion?: string;
}): string {
  return suggestion === undefined || suggestion === ''
    ? detail
    : `${detail}. Did you mean \`${suggestion}\`?`;
}

// A fault makes the verdict careful, and a script has to hear that the answer is not the whole policy's.
function exitCodeOf({ answer }: Standing): number {
  return answer.faults.length > 0 ? exitCodes.fault : verdictExitCodes[answer.verdict];
}

function printAskHelp(stream: NodeJS.WriteStream, pack: Pack): void {
  const out = openOutput(stream);
  for (const line of ask.usage) out.text(`clear-to-use ${line}`, { rest: '    ' });
  out.gap();
  out.text(
    `${ask.summary}. At a terminal the open questions are asked one by one; elsewhere, and with --json, the answer is given for what is stated.`,
  );
  out.gap();
  out.text(
    '--json prints the same as the API, and with --include also what would make it all right (changes) and other tools that pass (alternatives). --on answers for another day. --tool is the same as TOOL.',
  );
  out.gap();
  const codes = Object.entries(verdictExitCodes).map(([verdict, code]) => `${verdict} ${code}`);
  out.text(`Exit codes: ${codes.join(', ')}; a fault ${exitCodes.fault}, wrong usage ${exitCodes.usage}.`);
  out.heading('Facts');
  for (const fact of pack.facts.values()) {
    if (fact.valuesFrom === 'tools') continue;
    out.text(`--${fact.id}`, { first: '  ' });
    const mayNotApply = fact.applies.length > 0 || fact.mayBeNotApplicable;
    const values = [...fact.values.map(({ id }) => id), ...(mayNotApply ? [notApplicable] : [])];
    out.text(`${fact.label}: ${values.join(', ')}`, { first: '      ' });
  }
}
