import { nearestName } from '../../shared/nearest-name.ts';
import type { Upkeep } from '../pack.ts';
import { fileKinds } from '../pack-files.ts';
import type { Place, PolicyFile, PolicyProblem } from '../problem.ts';
import { findShapeProblems } from './file-shape.ts';

export type Kind = (typeof fileKinds)[number]['kind'];

/** A part of a file, with where it stands. */
export type Entry<T> = {
  readonly data: T;
  readonly at: Place;
  readonly file: PolicyFile;
  readonly path: Path;
};

/** The way to something inside a file: names of fields and numbers of entries. */
export type Path = readonly (string | number)[];

/** The files of a pack by kind, each of the shape of its kind, and what was found wrong on the way. One parse has one. */
export class PackReader {
  readonly problems: PolicyProblem[] = [];
  readonly upkeep: Upkeep[] = [];
  readonly #byKind = new Map<Kind, PolicyFile[]>();
  readonly #origins = new WeakMap<Place, { readonly file: PolicyFile; readonly path: Path }>();

  constructor(files: readonly PolicyFile[]) {
    for (const file of files) this.#place(file);
  }

  files(kind: Kind): readonly PolicyFile[] {
    return this.#byKind.get(kind) ?? [];
  }

  /** The one file of a kind that has only one. */
  only(kind: Kind): PolicyFile | undefined {
    return this.files(kind)[0];
  }

  /** The entries of the list `field` in all files of a kind. */
  list<T>(kind: Kind, field: string): Entry<T>[] {
    return this.files(kind).flatMap((file) =>
      ((file.data as Record<string, unknown>)[field] as T[]).map((data, index) =>
        this.#entry<T>(file, [field, index], data),
      ),
    );
  }

  /** The same by id. The second of two with one id is a mistake and left out; `noun` says what they are. */
  unique<T>(
    kind: Kind,
    field: string,
    idOf: (entry: Entry<T>) => string,
    noun: string,
  ): Map<string, Entry<T>> {
    const entries = new Map<string, Entry<T>>();
    for (const entry of this.list<T>(kind, field)) {
      const earlier = entries.get(idOf(entry));
      if (earlier !== undefined)
        this.problem(
          entry.at,
          `duplicate ${noun} id \`${idOf(entry)}\``,
          `The first one is in ${earlier.at.file}, line ${earlier.at.line}.`,
        );
      else entries.set(idOf(entry), entry);
    }
    return entries;
  }

  /** Where something in a file stands. */
  at(file: PolicyFile, path: Path): Place {
    const at = { file: file.name, line: file.lineOf(path) };
    this.#origins.set(at, { file, path });
    return at;
  }

  /** Where something inside what stands at a place is. */
  placeIn(at: Place, path: Path): Place {
    const origin = this.#origins.get(at);
    return origin === undefined ? at : { file: at.file, line: origin.file.lineOf([...origin.path, ...path]) };
  }

  /** Tells of a mistake, and goes on. */
  problem(at: Place, message: string, help?: string): void {
    this.problems.push({ level: 'error', ...at, message, ...(help === undefined ? {} : { help }) });
  }

  /** What `run` gives, with every problem that it finds marked as a fault of the rule it stands in. */
  asFaults<T>(run: () => T): T {
    const earlier = this.problems.length;
    const result = run();
    for (let index = earlier; index < this.problems.length; index++)
      this.problems[index] = { ...(this.problems[index] as PolicyProblem), isFault: true };
    return result;
  }

  #place(file: PolicyFile): void {
    const known = fileKinds.find(({ pattern }) => pattern.test(file.name));
    if (known === undefined) {
      this.problem(
        { file: file.name, line: 1 },
        'this file has no place in a guidance pack',
        didYouMean(file.name, [
          'pack.yaml',
          'facts.yaml',
          'questions.yaml',
          'conditions.yaml',
          'organisations.yaml',
          'contacts.yaml',
          'sources.yaml',
          'checklists.yaml',
          'readings.yaml',
          'priors.yaml',
          'matrix.yaml',
          'words-to-avoid.yaml',
        ]),
      );
      return;
    }
    const problems = findShapeProblems(file, known.schema);
    for (const { line, message, help } of problems) this.problem({ file: file.name, line }, message, help);
    if (problems.length > 0) return;
    const head = file.data as { owner: string; lastConfirmed: string; reviewBy: string };
    this.upkeep.push({
      at: this.at(file, []),
      what: file.name,
      owner: head.owner,
      lastConfirmed: head.lastConfirmed,
      reviewBy: head.reviewBy,
    });
    this.#byKind.set(known.kind, [...(this.#byKind.get(known.kind) ?? []), file]);
  }

  #entry<T>(file: PolicyFile, path: readonly (string | number)[], data: T): Entry<T> {
    const own = data as { reviewBy?: string; lastConfirmed?: string; owner?: string; id?: string };
    const at = this.at(file, path);
    if (own.reviewBy !== undefined || own.lastConfirmed !== undefined) {
      const head = file.data as { owner: string; lastConfirmed: string; reviewBy: string };
      this.upkeep.push({
        at,
        what: own.id ?? file.name,
        owner: own.owner ?? head.owner,
        lastConfirmed: own.lastConfirmed ?? head.lastConfirmed,
        reviewBy: own.reviewBy ?? head.reviewBy,
      });
    }
    return { data, at, file, path };
  }
}

/** The help of a problem with an unknown name: the known one that was most likely meant. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const nearest = nearestName(name, known);
  return nearest === undefined ? undefined : `Did you mean \`${nearest}\`?`;
}
