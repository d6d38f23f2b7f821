import { writeFile } from 'node:fs/promises';
import { coverageOf } from '#domain/policy/coverage.ts';
import type { Pack } from '#domain/policy/pack.ts';
import type { PolicyFile, PolicyProblem } from '#domain/policy/problem.ts';
import { isDay } from '#domain/shared/day.ts';
import { checkGuidance } from '#usecases/check-guidance.ts';
import type { LoadedGuidance } from '#usecases/needs.ts';
import { writePolicyBook } from '#usecases/policy-book.ts';
import { proveGuidance } from '#usecases/prove-guidance.ts';
import { runGuidanceExamples } from '#usecases/run-examples.ts';
import { shown } from '#usecases/shown.ts';
import { exitCodes } from './exit-codes.ts';
import { type PolicyArguments, policyUsage, readPolicyArguments } from './policy-arguments.ts';
import { type LoadRevision, runPolicyDiff } from './policy-diff.ts';
import {
  checkAsJson,
  checkAsText,
  coverageAsJson,
  coverageAsText,
  examplesAsJson,
  examplesAsText,
  problemAsLine,
} from './policy-output.ts';
import { proofAsJson, proofAsText } from './policy-prove.ts';
import { progressBar } from './progress-bar.ts';

/** Writes the JSON Schemas of a pack into its folder, for editors. */
export type WriteSchemas = (folder: string, pack: Pack, files: readonly PolicyFile[]) => Promise<void>;

/** What the commands about the pack need from outside. */
export type PolicyParts = {
  readonly io: { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream };
  readonly policyDir: string;
  readonly load: (folder: string) => Promise<LoadedGuidance>;
  readonly loadRevision: LoadRevision;
  readonly writeSchemas: WriteSchemas;
  readonly today: () => string;
};

/**
 * Runs `policy check|prove|diff|examples|coverage|book` with the arguments after `policy`. Resolves to the exit code: 0 where nothing
 * is wrong, 1 where something in the pack is, 2 for wrong usage, which is told on stderr.
 */
export async function runPolicy(args: readonly string[], parts: PolicyParts): Promise<number> {
  const [name, ...rest] = args;
  if (name === 'diff') return runPolicyDiff(rest, parts);
  const read = readPolicyArguments(args);
  if (read.outcome === 'help') {
    parts.io.stdout.write(policyUsage);
    return exitCodes.done;
  }
  if (read.outcome === 'problems') {
    parts.io.stderr.write(`${read.problems.join('\n')}\n\n${policyUsage}`);
    return exitCodes.usage;
  }
  const { given } = read;
  const folder = given.folder ?? parts.policyDir;
  let guidance: LoadedGuidance;
  try {
    guidance = await parts.load(folder);
  } catch (error) {
    if (!isMissing(error)) throw error;
    parts.io.stderr.write(`there is no guidance pack in \`${folder}\`: the folder does not exist\n`);
    return exitCodes.usage;
  }
  return commands[given.command]({ given, parts, folder, guidance });
}

type Run = {
  readonly given: PolicyArguments;
  readonly parts: PolicyParts;
  readonly folder: string;
  readonly guidance: LoadedGuidance;
};

const commands: Readonly<Record<PolicyArguments['command'], (run: Run) => number | Promise<number>>> = {
  check: runCheck,
  prove: runProve,
  examples: runExamples,
  coverage: runCoverage,
  book: runBook,
};

async function runCheck({ given, parts, folder, guidance }: Run): Promise<number> {
  const { pack } = guidance.parsed;
  // A pack that cannot be read has no names to fill in, and its problems say why.
  if (given.write && pack !== null) await parts.writeSchemas(folder, pack, guidance.files);
  // The comments that were written move every line down by one.
  const checked = checkGuidance(given.write ? await parts.load(folder) : guidance, parts.today());
  parts.io.stdout.write(given.json ? asJson(checkAsJson(checked)) : checkAsText(checked));
  return checked.errors > 0 ? exitCodes.fault : exitCodes.done;
}

function runProve({ given, parts, guidance }: Run): number {
  const on = given.on ?? parts.today();
  if (!isDay(on)) {
    parts.io.stderr.write(
      `\`--on\` must be a day that exists, written YYYY-MM-DD, and not \`${shown(on)}\`\n`,
    );
    return exitCodes.usage;
  }
  if (guidance.ready === null || guidance.problems.some(({ level }) => level === 'error'))
    return refuse(parts, 'nothing can be proved', guidance.problems);
  const bar = progressBar(parts.io.stderr);
  const proved = proveGuidance(guidance.ready.policy, on, { onProgress: bar.tell });
  bar.clear();
  parts.io.stdout.write(given.json ? asJson(proofAsJson(proved)) : proofAsText(proved, given.all));
  return proved.isSound ? exitCodes.done : exitCodes.fault;
}

function runExamples({ given, parts, guidance }: Run): number {
  const ran = runGuidanceExamples(guidance, parts.today());
  if (!ran.ok) return refuse(parts, 'the examples cannot be run', ran.problems);
  parts.io.stdout.write(given.json ? asJson(examplesAsJson(ran.runs)) : examplesAsText(ran.runs));
  return ran.runs.some(({ failures }) => failures.length > 0) ? exitCodes.fault : exitCodes.done;
}

function runCoverage({ given, parts, guidance }: Run): number {
  const { pack } = guidance.parsed;
  if (pack === null) return refuse(parts, 'the statements cannot be counted', guidance.problems);
  const coverage = coverageOf(pack);
  parts.io.stdout.write(
    given.json ? asJson(coverageAsJson(coverage, pack)) : coverageAsText(coverage, pack, given.all),
  );
  return coverage.placedCount === coverage.statements.length ? exitCodes.done : exitCodes.fault;
}

async function runBook({ given, parts, guidance }: Run): Promise<number> {
  const { pack } = guidance.parsed;
  if (pack === null) return refuse(parts, 'the book cannot be written', guidance.problems);
  const on = parts.today();
  const checked = checkGuidance(guidance, on);
  const book = writePolicyBook({ pack, hash: guidance.hash, checked, on });
  if (checked.errors > 0) {
    parts.io.stderr.write('warning: the pack has errors, and the book says so. Run `policy check`.\n');
  }
  if (given.out === undefined) {
    parts.io.stdout.write(book);
    return exitCodes.done;
  }
  try {
    await writeFile(given.out, book);
  } catch (error) {
    const why = isMissing(error) ? 'its folder does not exist' : (error as Error).message;
    parts.io.stderr.write(`cannot write \`${given.out}\`: ${why}\n`);
    return exitCodes.fault;
  }
  parts.io.stderr.write(`written to ${given.out}\n`);
  return exitCodes.done;
}

function refuse({ io }: PolicyParts, what: string, problems: readonly PolicyProblem[]): number {
  io.stderr.write(`${what}: the pack has mistakes that come first\n`);
  for (const problem of problems) io.stderr.write(`${problemAsLine(problem)}\n`);
  return exitCodes.fault;
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function isMissing(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return code === 'ENOENT' || code === 'ENOTDIR';
}
