import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import type { Pack } from '#domain/policy/pack.ts';
import { type ParsedPack, parsePack } from '#domain/policy/parse-pack.ts';
import type { PolicyFile, PolicyProblem } from '#domain/policy/problem.ts';
import { type PolicyFolder, type PolicyText, readPolicyFolder, readPolicyTexts } from './policy-folder.ts';
import { buildToolSearch, type ToolSearch } from './tool-search.ts';

/** A guidance pack from its folder, with everything that is wrong with it. `ready` is null where it cannot answer. */
export type Guidance = {
  readonly files: readonly PolicyFile[];
  readonly texts: readonly PolicyText[];
  readonly parsed: ParsedPack;
  readonly hash: string;
  readonly problems: readonly PolicyProblem[];
  readonly ready: { readonly policy: Policy; readonly search: ToolSearch } | null;
};

/**
 * Reads and compiles the pack in `folder`. A folder that is not there throws. Where something of the pack would be left out, such
 * as a file that is not YAML or the second of two rules with one id, nothing is answered from the rest: what is missing may be a
 * prohibition. A rule with an unknown name in it is kept, as a fault.
 */
export async function loadGuidance(folder: string): Promise<Guidance> {
  return understand(await readPolicyFolder(folder));
}

/** The same for a pack whose files were kept as texts, in steps between which others get a turn. */
export async function guidanceOf(texts: readonly PolicyText[]): Promise<Guidance> {
  return understand(await readPolicyTexts(texts));
}

function understand({ files, texts, problems: unreadable, hash }: PolicyFolder): Guidance {
  const parsed = parsePack(files);
  const problems = [...unreadable, ...parsed.problems];
  const isWhole =
    parsed.pack?.contacts.has(parsed.pack.defaultContact) &&
    problems.every(({ level, isFault }) => level === 'warning' || isFault === true);
  const ready = parsed.pack === null || !isWhole ? null : compile(parsed.pack, hash, problems);
  return { files, texts, parsed, hash, problems, ready };
}

function compile(pack: Pack, hash: string, problems: PolicyProblem[]): Guidance['ready'] {
  const policy = compilePolicy(pack, hash);
  try {
    // Facts that hang on each other in a circle have no order in which to work them out.
    policy.tableOn('2000-01-01');
  } catch (error) {
    problems.push({ level: 'error', file: 'facts.yaml', line: 1, message: (error as Error).message });
    return null;
  }
  return { policy, search: buildToolSearch(pack.tools.values()) };
}
