import type { Day } from '#domain/shared/day.ts';
import type { LoadedGuidance, Needs } from '#usecases/needs.ts';
import type { OpenTrail } from './audit.ts';
import type { WriteSchemas } from './policy.ts';
import type { LoadRevision } from './policy-diff.ts';
import type { OpenVersions } from './policy-publish.ts';
import type { ReadVersions } from './policy-versions.ts';

/** The three streams of a process. */
export type Io = {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
};

/** What main.ts gives the command line: what was typed, and the ways to what it needs. */
export type CliParts = {
  /** What was typed after the name of the program. */
  readonly args: readonly string[];
  readonly io: Io;
  /** The folder of the guidance pack. */
  readonly policyDir: string;
  readonly today: () => Day;
  /** Reads a guidance pack with everything that is wrong with it. A folder that is not there throws. */
  readonly load: (folder: string) => Promise<LoadedGuidance>;
  /** The same as it stood at a revision of git, of the repository that the folder is in. */
  readonly loadRevision: LoadRevision;
  readonly writeSchemas: WriteSchemas;
  /** What asking needs, or why it cannot be had, as lines for stderr. */
  readonly needs: () => Promise<Needs | readonly string[]>;
  readonly openTrail: OpenTrail;
  readonly openVersions: OpenVersions;
  readonly readVersions: ReadVersions;
  /** The access token of whoever acts, where one is given (CTU_TOKEN). */
  readonly token: string | undefined;
  /** Serves until the process is told to stop; resolves with the exit code. */
  readonly serve: () => Promise<number>;
};

/** One command of the program. */
export type Command = {
  readonly name: string;
  /** As `--help` shows it, without the name of the program: `ask [TOOL] [--FACT VALUE …]`. */
  readonly usage: readonly string[];
  readonly summary: string;
  /** What stands below the usage in its own `--help`. Undefined: the command prints its help itself. */
  readonly help?: readonly string[];
  /** Resolves with the exit code. */
  readonly run: (args: readonly string[], parts: CliParts) => Promise<number>;
};
