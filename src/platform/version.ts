import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly name: string;
  readonly version: string;
};
const commit = readCommit(path.join(root, 'COMMIT'));

/**
 * What runs: the name and version of package.json, the version of Node, such as `24.21.0`, and the commit it was built from, where a
 * file COMMIT beside package.json names it. An image has no history of its own, so whoever builds it writes that file.
 */
export const build = {
  name: manifest.name,
  version: manifest.version,
  node: process.versions.node,
  ...(commit === undefined ? {} : { commit }),
} as const;

/** The commit that stands in a file, or undefined where there is no such file or no commit in it. */
export function readCommit(file: string): string | undefined {
  if (!fs.existsSync(file)) return undefined;
  return /^([0-9a-f]{7,64})\s*$/.exec(fs.readFileSync(file, 'utf8'))?.[1];
}
