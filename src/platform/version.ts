import fs from 'node:fs';
import path from 'node:path';

const manifest = JSON.parse(
  fs.readFileSync(path.resolve(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
) as { readonly name: string; readonly version: string };

/** What runs: the name and version of package.json, and the version of Node, such as `24.21.0`. */
export const build = {
  name: manifest.name,
  version: manifest.version,
  node: process.versions.node,
} as const;
