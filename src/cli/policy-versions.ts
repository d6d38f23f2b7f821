import { system } from '#domain/people/actor.ts';
import { dayInWords } from '#domain/shared/day.ts';
import { shortHash } from '#domain/versions/version-name.ts';
import type { PeopleNeeds } from '#usecases/people/people-needs.ts';
import { allVersions, type ShownPublication, type ShownVersion } from '#usecases/versions/list-versions.ts';
import { readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import { complain, openOutput, writeJson } from './terminal.ts';

/** The database of the settings, opened only to read which versions are in it. */
export type ReadVersions = () => Promise<{
  readonly needs: Pick<PeopleNeeds, 'store' | 'now'>;
  readonly close: () => Promise<void>;
}>;

/** What `policy versions` needs from outside. */
export type VersionsParts = {
  readonly io: { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream };
  readonly readVersions: ReadVersions;
};

/** How `policy versions` is called, for people. */
export const policyVersionsUsage = `  policy versions [--json]                   list the versions of the guidance in the database:
                                             in force, scheduled, waiting, earlier
`;

/** Runs `policy versions`: what is kept in the database of the settings, and what of it is in force. Resolves to the exit code. */
export async function runPolicyVersions(args: readonly string[], parts: VersionsParts): Promise<number> {
  const [stdout, stderr] = [parts.io.stdout as NodeJS.WriteStream, parts.io.stderr as NodeJS.WriteStream];
  const { words, flags, problems } = readArguments(args, { flags: ['json'] });
  if (flags.has('help')) {
    stdout.write(`usage:\n${policyVersionsUsage}`);
    return exitCodes.done;
  }
  const wrong = [...problems, ...words.map((word) => `\`policy versions\` does not take \`${word}\``)];
  if (wrong.length > 0) {
    complain(stderr, wrong);
    return exitCodes.usage;
  }
  const { needs, close } = await parts.readVersions();
  try {
    const versions = await allVersions(needs);
    if (flags.has('json')) writeJson(stdout, versions);
    else print(stdout, versions);
    return exitCodes.done;
  } finally {
    await close();
  }
}

function print(stdout: NodeJS.WriteStream, versions: readonly ShownVersion[]): void {
  const out = openOutput(stdout);
  if (versions.length === 0)
    out.text('No version is kept yet: a server that starts keeps the one in its folder.');
  for (const { hash, label, state, keptAt, publications, proposal } of versions) {
    out.text(`${shortHash(hash)}: ${stateWords[state]}, ${label}`, {
      style: state === 'in-force' ? 'bold' : 'reset',
    });
    out.text(`kept ${keptAt}`, { first: '    ' });
    for (const one of publications) out.text(publicationInWords(one), { first: '    ' });
    if (proposal === null) continue;
    const { effectiveOn, proposerName, isOutdated } = proposal;
    const when = effectiveOn === null ? 'at once' : `from ${dayInWords(effectiveOn)} on`;
    const how = isOutdated ? 'is outdated: another version came between' : 'waits for a second person';
    out.text(`proposed by ${proposerName}, ${when}: ${how}`, { first: '    ' });
  }
}

const stateWords: Readonly<Record<ShownVersion['state'], string>> = {
  'in-force': 'in force',
  scheduled: 'scheduled',
  waiting: 'waiting',
  earlier: 'earlier',
  replaced: 'replaced before it began',
};

function publicationInWords({
  number,
  effectiveAt,
  why,
  proposedBy,
  proposerName,
  agreedName,
  state,
}: ShownPublication): string {
  const who =
    proposedBy === system
      ? why === 'first-start'
        ? 'on the first start'
        : 'without a second person, on trial'
      : `proposed by ${proposerName ?? 'somebody'}, agreed to by ${agreedName ?? 'somebody'}`;
  return `publication ${number}, from ${effectiveAt} on, ${who}${state === 'replaced' ? ': replaced before it began' : ''}`;
}
