import { stat } from 'node:fs/promises';
import type { PersonActing } from '#domain/people/actor.ts';
import { isDay } from '#domain/shared/day.ts';
import { notComparableName } from '#domain/versions/proposal.ts';
import type { Publication } from '#domain/versions/publication.ts';
import { quotedVersionName, shortHash } from '#domain/versions/version-name.ts';
import type { LoadedGuidance } from '#usecases/needs.ts';
import type { PeopleNeeds } from '#usecases/people/people-needs.ts';
import { readToken } from '#usecases/people/who-is-there.ts';
import { shown } from '#usecases/shown.ts';
import { errorsInWords, errorsOfVersion } from '#usecases/versions/errors-of-version.ts';
import { findVersion, shortestHash } from '#usecases/versions/find-version.ts';
import { isOnTrial } from '#usecases/versions/on-trial.ts';
import { problemLines } from '#usecases/versions/problem-lines.ts';
import {
  agreeToVersion,
  type PublishingProblem,
  proposeVersion,
  publishOnTrial,
  type ReviewOf,
  refuseVersion,
  withdrawVersion,
} from '#usecases/versions/publish-version.ts';
import { reviewVersion } from '#usecases/versions/review-version.ts';
import { readArguments } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import { progressBar } from './progress-bar.ts';
import { clean, complain, openOutput, writeJson } from './terminal.ts';

/** The database of the settings, opened to publish versions of the guidance in it. */
export type OpenVersions = () => Promise<{
  readonly needs: PeopleNeeds;
  readonly close: () => Promise<void>;
}>;

/** What `policy publish` needs from outside. */
export type PublishParts = {
  readonly io: { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream };
  readonly load: (folder: string) => Promise<LoadedGuidance>;
  readonly openVersions: OpenVersions;
  /** The access token of whoever acts, where one is given. */
  readonly token: string | undefined;
};

/** How `policy publish` is called, for people. */
export const policyPublishUsage = `  policy publish HASH|FOLDER [--on YYYY-MM-DD] [--acknowledge NAME,…] [--words TEXT] [--json]
                                             propose that a version comes into force; a second
                                             person agrees. CTU_TOKEN says who you are: an access
                                             token from the page Your account. With only the trial
                                             sign-in and no token it is published at once
  policy publish HASH|FOLDER --agree|--refuse|--withdraw [--words TEXT] [--json]
                                             agree to what somebody else proposed, refuse it,
                                             or take back what you proposed
`;

/** What keeps the command from going on, with the exit code. */
class Refused extends Error {
  readonly lines: readonly string[];
  readonly code: number;

  constructor(lines: readonly string[], code: number = exitCodes.fault) {
    super(lines[0]);
    this.lines = lines;
    this.code = code;
  }
}

type Decision = 'agree' | 'refuse' | 'withdraw';
const decisions: readonly Decision[] = ['agree', 'refuse', 'withdraw'];

type Given = {
  readonly target: string;
  readonly on: string;
  readonly acknowledged: readonly string[];
  readonly words: string;
  readonly decision: Decision | null;
};

type Done = { readonly text: string; readonly json: Readonly<Record<string, unknown>> };

/**
 * Runs `policy publish` with the arguments after it, against the database of the settings. Resolves to the exit code: 0 where it was
 * done, 1 where the version or the person does not fit, 2 for wrong usage.
 */
export async function runPolicyPublish(args: readonly string[], parts: PublishParts): Promise<number> {
  const [stdout, stderr] = [parts.io.stdout as NodeJS.WriteStream, parts.io.stderr as NodeJS.WriteStream];
  const read = readArguments(args, {
    options: ['on', 'acknowledge', 'words'],
    flags: ['json', ...decisions],
  });
  if (read.flags.has('help')) {
    stdout.write(`usage:\n${policyPublishUsage}`);
    return exitCodes.done;
  }
  const given: Given = {
    target: read.words[0] ?? '',
    on: read.options.get('on') ?? '',
    acknowledged: (read.options.get('acknowledge') ?? '').split(',').filter((name) => name !== ''),
    words: read.options.get('words') ?? '',
    decision: decisions.find((one) => read.flags.has(one)) ?? null,
  };
  const wrong = [
    ...read.problems,
    ...(read.words.length === 0
      ? ['`policy publish` needs a version: the beginning of its hash, or a folder']
      : read.words.slice(1).map((word) => `\`policy publish\` does not take \`${shown(word)}\``)),
    ...(decisions.filter((one) => read.flags.has(one)).length > 1
      ? ['`--agree`, `--refuse` and `--withdraw` exclude each other']
      : []),
    ...(given.decision !== null && (read.options.has('on') || read.options.has('acknowledge'))
      ? [`\`--${given.decision}\` takes neither \`--on\` nor \`--acknowledge\`: those belong to the proposal`]
      : []),
    ...(read.options.has('on') && !isDay(given.on)
      ? [`\`--on\` must be a day that exists, written YYYY-MM-DD, and not \`${shown(given.on)}\``]
      : []),
  ];
  if (wrong.length > 0) {
    stderr.write(`${wrong.map(clean).join('\n')}\n\nusage:\n${policyPublishUsage}`);
    return exitCodes.usage;
  }
  const { needs, close } = await parts.openVersions();
  try {
    const { text, json } = await publish(needs, parts, given);
    if (read.flags.has('json')) writeJson(stdout, json);
    else openOutput(stdout).text(text);
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    complain(stderr, error.lines);
    return error.code;
  } finally {
    await close();
  }
}

async function publish(needs: PeopleNeeds, parts: PublishParts, given: Given): Promise<Done> {
  const isAtOnce =
    parts.token === undefined && given.decision === null && (await isOnTrial(needs, needs.store));
  if (isAtOnce && given.on !== '')
    throw new Refused(['`--on` needs somebody who proposes it: set CTU_TOKEN', tokenHelp]);
  // Before anything is kept: who does not say who they are changes nothing.
  const actor = isAtOnce ? null : await whoActs(needs, parts.token);
  const isFolder = (await stat(given.target).catch(() => null))?.isDirectory() === true;
  const { hash, label } = isFolder
    ? await versionInFolder(needs, parts, given.target)
    : await versionByHash(needs, given.target);
  const name = quotedVersionName({ label, hash });
  if (actor === null)
    return publishAtOnce(needs, parts, { hash, name, folder: isFolder ? shown(given.target) : '' });
  return given.decision === null
    ? propose(needs, parts, actor, { ...given, hash, name })
    : decide(needs, actor, { ...given, decision: given.decision, hash, name });
}

const tokenHelp =
  'Make an access token on the page Your account, with the role that it takes, and set CTU_TOKEN to it.';

async function whoActs(needs: PeopleNeeds, token: string | undefined): Promise<PersonActing> {
  if (token === undefined)
    throw new Refused(['nobody has said who publishes: CTU_TOKEN is not set', tokenHelp]);
  const read = await readToken(needs, token);
  if (read.outcome === 'ok') return read.actor;
  throw new Refused(
    read.outcome === 'refused'
      ? ['the token in CTU_TOKEN is unknown, has ended, or is not for this service', tokenHelp]
      : ['the token in CTU_TOKEN cannot be checked: the provider does not answer'],
  );
}

type Target = { readonly hash: string; readonly label: string };

async function versionInFolder(
  { store, now }: PeopleNeeds,
  { load }: PublishParts,
  folder: string,
): Promise<Target> {
  const { ready, hash, texts, problems } = await load(folder);
  if (ready === null)
    throw new Refused([
      `the guidance pack in \`${shown(folder)}\` cannot be used:`,
      ...problemLines(problems),
    ]);
  const { label } = ready.policy.pack;
  await store.policyVersions.keep({ hash, label, texts: () => texts }, now().toISOString());
  return { hash, label };
}

async function versionByHash({ store }: PeopleNeeds, target: string): Promise<Target> {
  const found = findVersion(await store.policyVersions.list(), target);
  switch (found.outcome) {
    case 'ok':
      return found.version;
    case 'no-hash':
      throw new Refused(
        [
          `\`${shown(target)}\` is neither a folder nor the beginning of a hash, which takes ${shortestHash} characters or more. \`policy versions\` lists them.`,
        ],
        exitCodes.usage,
      );
    case 'not-found':
      throw new Refused([
        `no version in the database has a hash that begins with \`${shown(target)}\`. \`policy versions\` lists them.`,
      ]);
    case 'several':
      throw new Refused([
        `\`${shown(target)}\` is the beginning of several hashes: ${found.versions.map(({ hash }) => hash).join(', ')}`,
      ]);
    default:
      return found satisfies never;
  }
}

async function publishAtOnce(
  needs: PeopleNeeds,
  parts: PublishParts,
  { hash, name, folder }: { readonly hash: string; readonly name: string; readonly folder: string },
): Promise<Done> {
  const published = await publishOnTrial(needs, hash);
  switch (published.outcome) {
    case 'ok': {
      const wrong = await errorsOfVersion(needs, hash);
      if (wrong !== null) complain(parts.io.stderr as NodeJS.WriteStream, [errorsInWords(wrong, folder)]);
      return publishedAs(name, published.publication);
    }
    case 'in-force':
      return { text: `${name} is in force already.`, json: { outcome: 'in-force', hash } };
    case 'problems':
      throw new Refused(published.problems.map(({ detail }) => detail));
    case 'not-found':
    case 'not-allowed':
      throw new Refused([`${name} cannot be published`]);
    default:
      return published satisfies never;
  }
}

function publishedAs(name: string, publication: Publication): Done {
  const { effectiveAt, publishedAt, number } = publication;
  const when =
    effectiveAt <= publishedAt
      ? 'is in force. Running servers take it within a second.'
      : `comes into force at ${effectiveAt}.`;
  return { text: `${name} ${when}`, json: { outcome: 'published', ...publication, number } };
}

type Named = Given & { readonly hash: string; readonly name: string };

async function propose(
  needs: PeopleNeeds,
  parts: PublishParts,
  actor: PersonActing,
  { hash, name, on, acknowledged, words }: Named,
): Promise<Done> {
  const bar = progressBar(parts.io.stderr as NodeJS.WriteStream);
  const reviewOf: ReviewOf = async (before, after, from) =>
    reviewVersion({ before: before.guidance, after: after.guidance, from, onProgress: bar.tell });
  const proposed = await proposeVersion(needs, actor, { hash, on, acknowledged, words }, reviewOf, origin);
  bar.clear();
  switch (proposed.outcome) {
    case 'ok':
      return {
        text: `${name} is proposed and waits for a second person: on the page /policy/versions, or with \`policy publish ${shortHash(hash)} --agree\`.`,
        json: { outcome: 'proposed', ...proposed.proposal },
      };
    case 'problems':
      throw new Refused(problemsAsLines(proposed.problems, acknowledged));
    case 'not-allowed':
      throw new Refused(['the token does not have the role of a policy owner']);
    case 'not-found':
      throw new Refused([`${name} is not kept any more`]);
    default:
      return proposed satisfies never;
  }
}

async function decide(
  needs: PeopleNeeds,
  actor: PersonActing,
  { hash, name, words, decision }: Named & { readonly decision: Decision },
): Promise<Done> {
  const [open] = (await needs.store.proposals.ofVersion(hash)).filter(({ state }) => state === 'open');
  if (open === undefined) throw new Refused([`nobody has proposed ${name}, or it was decided already`]);
  const given = { id: open.id, words };
  const agreed = decision === 'agree' ? await agreeToVersion(needs, actor, given, origin) : null;
  if (agreed?.outcome === 'ok') return publishedAs(name, agreed.publication);
  const ended =
    agreed !== null
      ? agreed
      : decision === 'refuse'
        ? await refuseVersion(needs, actor, given, origin)
        : await withdrawVersion(needs, actor, open.id, origin);
  switch (ended.outcome) {
    case 'ok':
      return decision === 'refuse'
        ? { text: `${name} is refused.`, json: { outcome: 'refused', hash, proposal: open.id } }
        : {
            text: `${name} is not proposed any more.`,
            json: { outcome: 'withdrawn', hash, proposal: open.id },
          };
    case 'outdated':
      throw new Refused([
        `${name} was proposed in the place of a version that is not the one it would replace now. Propose it again after a look at the difference.`,
      ]);
    case 'own':
      throw new Refused(['you proposed it: a second person has to decide']);
    case 'not-open':
      throw new Refused(['it was decided already']);
    case 'not-found':
      throw new Refused(['somebody else proposed it']);
    case 'problems':
      throw new Refused(
        ended.problems.map(({ detail, field }) => (field === 'words' ? `${detail}: --words` : detail)),
      );
    case 'not-allowed':
      throw new Refused(['the token does not have the role for this']);
    default:
      return ended satisfies never;
  }
}

const origin = { address: 'command line', device: 'Command line' };

const options: Readonly<Record<PublishingProblem['field'], string>> = {
  on: ': --on',
  words: ': --words',
  acknowledged: '',
  version: '',
};

function problemsAsLines(problems: readonly PublishingProblem[], acknowledged: readonly string[]): string[] {
  const open = problems.flatMap(({ name }) => name ?? []);
  const others = problems.filter(({ name }) => name === undefined);
  return [
    ...others.map(({ field, detail }) => `${detail}${options[field]}`),
    ...(open.length === 0
      ? []
      : [
          open.includes(notComparableName)
            ? 'this version cannot be compared with the one whose place it takes. If it is meant all the same, add:'
            : `what gets milder is not acknowledged (\`policy diff\` shows it). If it is meant, add:`,
          `--acknowledge ${[...acknowledged, ...open].join(',')}`,
        ]),
  ];
}
