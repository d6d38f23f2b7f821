import { compilePolicy, type Policy } from '#domain/decision/policy.ts';
import { type ParsedPack, parsePack } from '#domain/policy/parse-pack.ts';
import type { PolicyFile, PolicyProblem } from '#domain/policy/problem.ts';
import { readPolicyFolder } from './policy-folder.ts';
import { buildToolSearch, type ToolSearch } from './tool-search.ts';

/** A guidance pack from its folder, with everything that is wrong with it. `ready` is null where it cannot answer. */
export type Guidance = {
  readonly files: readonly PolicyFile[];
  readonly parsed: ParsedPack;
  readonly hash: string;
  readonly problems: readonly PolicyProblem[];
  readonly ready: { readonly policy: Policy; readonly search: ToolSearch } | null;
};

/** Reads and compiles the pack in `folder`. A folder that is not there throws. */
export async function loadGuidance(folder: string): Promise<Guidance> {
  const { files, problems: unreadable, hash } = await readPolicyFolder(folder);
  const parsed = parsePack(files);
  const problems = [...unreadable, ...parsed.problems];
  if (parsed.pack === null) return { files, parsed, hash, problems, ready: null };
  return {
    files,
    parsed,
    hash,
    problems,
    ready: { policy: compilePolicy(parsed.pack, hash), search: buildToolSearch(parsed.pack.tools.values()) },
  };
}
