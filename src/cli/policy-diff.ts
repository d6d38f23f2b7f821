import { stat } from 'node:fs/promises';
import type { PolicyProblem } from '#domain/policy/problem.ts';
import { isDay } from '#domain/shared/day.ts';
import { diffGuidance } from '#usecases/diff-guidance.ts';
import type { LoadedGuidance } from '#usecases/needs.ts';
import { shown } from '#usecases/shown.ts';
import { type ReadArguments, readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import { diffAsJson } from './policy-diff-json.ts';
import { printDiff } from './policy-diff-output.ts';
import { problemAsLine } from './policy-output.ts';
import { progressBar } from './progress-bar.ts';
import { complain, openOutput, writeJson } from './terminal.ts';

/** A guidance pack at a revision of git, or why it cannot be had. */
export type LoadRevision = (
  revision: string,
  folder: string,
) => Promise<
  { readonly ok: true; readonly guidance: LoadedGuidance } | { readonly ok: false; readonly problem: string }
>;

/** What `policy diff` needs from outside. */
export type PolicyDiffParts = {
  readonly io: { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream };
  readonly policyDir: string;
  readonly load: (folder: string) => Promise<LoadedGuidance>;
  readonly loadRevision: LoadRevision;
  readonly today: () => string;
};

/** How `policy diff` is called, for people. */
export const policyDiffUsage = `  policy diff [A] B [--acknowledge NAME,…] [--on YYYY-MM-DD] [--json]
                                             show what changes from A to B, each a folder or a
                                             git revision (HEAD~1, HEAD~1:policy); with one of
                                             them, from there to the working folder
`;

/**
 * Runs `policy diff` with the arguments after it. Resolves to the exit code: 0 where nothing gets milder that nobody has
 * acknowledged, 1 where something does or a pack cannot be compared, 2 for wrong usage and for a revision that cannot be compared.
 */
export async function runPolicyDiff(args: readonly string[], parts: PolicyDiffParts): Promise<number> {
  // Only what a terminal has besides is looked at, and never taken for granted.
  const [stdout, stderr] = [parts.io.stdout as NodeJS.WriteStream, parts.io.stderr as NodeJS.WriteStream];
  const read = readArguments(args, { options: ['acknowledge', 'on'], flags: ['json'] });
  if (read.flags.has('help')) {
    stdout.write(`usage:\n${policyDiffUsage}`);
    return exitCodes.done;
  }
  const problems = wrongUsage(read);
  if (problems.length > 0) {
    stderr.write(`${problems.join('\n')}\n\nusage:\n${policyDiffUsage}`);
    return exitCodes.usage;
  }
  const [first = '', second] = read.words;
  const before = await loadSide(first, second, parts);
  const after = await loadSide(second ?? parts.policyDir, second === undefined ? undefined : first, parts);
  if (!before.ok || !after.ok) {
    complain(
      stderr,
      [before, after].flatMap((side) => (side.ok ? [] : [side.problem])),
    );
    return exitCodes.usage;
  }
  const acknowledged = (read.options.get('acknowledge') ?? '').split(',').filter((name) => name !== '');
  const on = read.options.get('on');
  const bar = progressBar(stderr);
  const diffed = diffGuidance(before.guidance, after.guidance, {
    from: on ?? parts.today(),
    isOneDay: on !== undefined,
    acknowledged,
    onProgress: bar.tell,
  });
  bar.clear();
  if (diffed.outcome === 'not-comparable') {
    complain(stderr, [diffed.message]);
    return exitCodes.fault;
  }
  if (diffed.outcome === 'problems') {
    const side = diffed.side === 'before' ? before : after;
    const name = shown(diffed.side === 'before' ? first : (second ?? parts.policyDir));
    return side.isRevision
      ? refuseRevision(stderr, name, diffed.problems)
      : refuseFolder(stderr, name, diffed.problems);
  }
  if (read.flags.has('json')) writeJson(stdout, diffAsJson(diffed));
  else {
    openOutput(stdout).text(`From ${shown(first)} to ${shown(second ?? parts.policyDir)}`);
    printDiff(stdout, diffed, acknowledged);
  }
  for (const { name, nearest } of diffed.unknown) {
    const meant = nearest === undefined ? '' : `. Did you mean \`${nearest}\`?`;
    complain(stderr, [`\`--acknowledge\` names \`${shown(name)}\`, which is no loosening here${meant}`]);
  }
  return diffed.unacknowledged.length > 0 ? exitCodes.fault : exitCodes.done;
}

function wrongUsage({ words, options, problems }: ReadArguments): string[] {
  const on = options.get('on');
  return [
    ...problems,
    ...(words.length === 0 ? ['`policy diff` needs what to compare with: a folder or a git revision'] : []),
    ...words.slice(2).map((word) => `\`policy diff\` does not take \`${shown(word)}\``),
    ...(on === undefined || isDay(on)
      ? []
      : [`\`--on\` must be a day that exists, written YYYY-MM-DD, and not \`${shown(on)}\``]),
  ];
}

function refuseFolder(stderr: NodeJS.WriteStream, name: string, problems: readonly PolicyProblem[]): number {
  complain(stderr, [`\`${name}\` cannot be compared: it has mistakes that come first`]);
  for (const problem of problems) stderr.write(`${problemAsLine(problem)}\n`);
  return exitCodes.fault;
}

// What a revision says can no longer be put right. It may have been sound for the program of its time.
function refuseRevision(
  stderr: NodeJS.WriteStream,
  name: string,
  problems: readonly PolicyProblem[],
): number {
  complain(stderr, [
    `the revision \`${name}\` cannot be compared: its guidance pack is not as this version of Clear to Use reads one`,
  ]);
  const folder = name.includes(':') ? `${name.replace(/\/$/, '')}/` : `${name}:`;
  for (const problem of problems) stderr.write(`${folder}${problemAsLine(problem)}\n`);
  complain(stderr, ['Choose a later revision, or put a copy of its folder right and compare with that.']);
  return exitCodes.usage;
}

type Side =
  | { readonly ok: true; readonly guidance: LoadedGuidance; readonly isRevision: boolean }
  | { readonly ok: false; readonly problem: string };

// A folder where there is one of that name; else a revision, of the folder on the other side or of the working folder.
async function loadSide(
  name: string,
  other: string | undefined,
  { load, loadRevision, policyDir }: PolicyDiffParts,
): Promise<Side> {
  if (await isFolder(name)) return { ok: true, guidance: await load(name), isRevision: false };
  const folder = other !== undefined && (await isFolder(other)) ? other : policyDir;
  if (!(await isFolder(folder)))
    return {
      ok: false,
      problem: `there is no guidance pack in \`${shown(folder)}\`: the folder does not exist`,
    };
  const loaded = await loadRevision(name, folder);
  return loaded.ok ? { ...loaded, isRevision: true } : loaded;
}

async function isFolder(name: string): Promise<boolean> {
  const found = await stat(name).catch(() => null);
  return found?.isDirectory() === true;
}
