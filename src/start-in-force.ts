import { quotedVersionName, shortHash } from '#domain/versions/version-name.ts';
import type { DueWork } from '#jobs/due-work.ts';
import type { Clock } from '#platform/clock.ts';
import { loadGuidance } from '#store/guidance.ts';
import { rememberGuidance } from '#store/policy-versions.ts';
import type { Needs } from '#usecases/needs.ts';
import type { PeopleNeeds } from '#usecases/people/people-needs.ts';
import { errorsInWords, errorsOfVersion, type VersionErrors } from '#usecases/versions/errors-of-version.ts';
import { type InForce, openInForce, type UnreadableVersion } from '#usecases/versions/in-force.ts';
import { problemLines } from '#usecases/versions/problem-lines.ts';
import { type FolderPack, type Settled, settleAtStart } from '#usecases/versions/settle-at-start.ts';

/** What a start found, as lines for whoever started it. */
export type Started =
  | {
      readonly outcome: 'ok';
      readonly inForce: InForce;
      readonly lines: readonly string[];
      /** What is wrong with the version that this start has published; null: nothing, or it published none. */
      readonly errors: (VersionErrors & { readonly hash: string }) | null;
    }
  | { readonly outcome: 'refused'; readonly lines: readonly string[] };

/** Reads the folder of the settings. One that cannot be used is no reason to end: the version in force is in the database. */
export async function readFolderPack(folder: string): Promise<FolderPack> {
  try {
    const guidance = await loadGuidance(folder);
    rememberGuidance(guidance);
    const { ready, hash, texts, problems } = guidance;
    return ready === null
      ? { outcome: 'broken', problems: problemLines(problems) }
      : { outcome: 'ok', hash, label: ready.policy.pack.label, texts };
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string' || typeof path !== 'string') throw error;
    const problem = `\`${path}\` cannot be read (${code}). POLICY_DIR names the folder of the guidance pack.`;
    return { outcome: 'broken', problems: [problem] };
  }
}

/** Settles what is in force, and takes it from the database. */
export async function startInForce(
  needs: PeopleNeeds,
  folder: FolderPack,
  onUnreadable: (version: UnreadableVersion) => void,
): Promise<Started> {
  const settled = await settleAtStart(needs, folder);
  if (settled.outcome === 'nothing')
    return {
      outcome: 'refused',
      lines: [
        ...settled.problems,
        'The guidance pack cannot be used. `clear-to-use policy check` says more.',
      ],
    };
  const opened = await openInForce(needs, onUnreadable);
  if (opened.outcome === 'unreadable') {
    const { publication, label, problems } = opened.version;
    return {
      outcome: 'refused',
      lines: [
        `the version of the guidance in force, ${quotedVersionName({ label: label ?? 'without a name', hash: publication.hash })}, cannot be read by this version of Clear to Use:`,
        ...problems.map((problem) => `  ${problem}`),
        'Start the version of Clear to Use that was there before, or publish a version of the guidance there that this one can read.',
      ],
    };
  }
  // Checking takes longer than a start has time for (160 ms), so only what nobody has looked at is checked: what this start published.
  const { hash } = settled.inForce;
  const found = settled.folder === 'published' ? await errorsOfVersion(needs, hash) : null;
  const errors = found === null ? null : { ...found, hash };
  const lines = [...linesOf(settled, folder), ...(errors === null ? [] : [errorsInWords(errors, '')])];
  return { outcome: 'ok', inForce: opened.inForce, lines, errors };
}

/** What asking needs, from the version in force. */
export function needsOf(inForce: InForce, clock: Clock): Needs {
  return {
    policy: inForce.policy,
    search: inForce.search,
    texts: inForce.texts,
    today: () => clock.today(),
    inForce: inForce.state,
    lookForVersion: inForce.look,
  };
}

const lookEveryMs = 250;

/**
 * Looks again and again whether another version is in force: every server takes it within a second. Where the database does not answer
 * that is told once, and not four times a second.
 */
export function versionWork(inForce: Pick<InForce, 'look'>, onFailure: (error: unknown) => void): DueWork {
  let isFailing = false;
  return {
    name: 'version in force',
    everyMs: lookEveryMs,
    async doSome() {
      try {
        await inForce.look();
        isFailing = false;
      } catch (error) {
        if (!isFailing) onFailure(error);
        isFailing = true;
      }
      return false;
    },
  };
}

function linesOf(
  { folder: state, inForce, label }: Extract<Settled, { outcome: 'ok' }>,
  folder: FolderPack,
): string[] {
  const own = folder.outcome === 'ok' ? quotedVersionName({ label: folder.label, hash: folder.hash }) : '';
  const short = folder.outcome === 'ok' ? shortHash(folder.hash) : '';
  const stays = `In force is ${quotedVersionName({ label, hash: inForce.hash })}.`;
  switch (state) {
    case 'in-force':
      return [];
    case 'published':
      return inForce.why === 'first-start'
        ? [`Published ${own}: it is the first version of the guidance here.`]
        : [`Published ${own}: the folder has changed, and there is only the trial sign-in.`];
    case 'scheduled':
      return [`The folder holds ${own}, which comes into force later. ${stays}`];
    case 'older':
      return [
        `The folder holds ${own}, which was published before and changes nothing. ${stays}`,
        `To go back to what the folder holds: clear-to-use policy publish ${short}`,
      ];
    case 'waiting':
      return [
        `The folder holds ${own}, which nobody has published. ${stays}`,
        `It takes two people: on the page /policy/versions, or with clear-to-use policy publish ${short}`,
      ];
    case 'broken':
      return [
        'The guidance pack in the folder cannot be used and changes nothing:',
        ...(folder.outcome === 'broken' ? folder.problems.map((problem) => `  ${problem}`) : []),
        stays,
      ];
    default:
      return state satisfies never;
  }
}
