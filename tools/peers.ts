import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const peers = path.resolve(import.meta.dirname, '..', 'bench', 'peers');

/** Installs what the product is measured against, where it is not there yet. False when that failed; what npm said has been told. */
export function installPeers(): boolean {
  const wanted = fs.readFileSync(path.join(peers, 'package-lock.json'), 'utf8');
  const stamp = path.join(peers, 'node_modules', '.clear-to-use-lock');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return true;
  process.stderr.write('Installing what the product is measured against (once, about 10 seconds) …\n');
  const shell = process.platform === 'win32';
  // Not `ci`: it wants the lock file to hold what GoRules ZEN needs on every other platform, and not every registry has all of that.
  const { status, stderr, error } = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund'], {
    cwd: peers,
    shell,
    encoding: 'utf8',
  });
  if (status !== 0) {
    console.error(
      `The packages in bench/peers could not be installed. npm said:\n\n${error?.message ?? stderr}`,
    );
    return false;
  }
  fs.writeFileSync(stamp, wanted);
  return true;
}
