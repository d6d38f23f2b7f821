import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installDebianPackages } from './debian-packages.ts';

/** A PostgreSQL server of our own, for the tests: on a socket in a folder that goes with it. */
export type TestPostgres = { readonly url: string; readonly stop: () => void };

/** The folder with PostgreSQL's programs on this machine, the newest version first; undefined where there is none. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = fs.existsSync(debian) ? fs.readdirSync(debian) : [];
  const folders = [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => path.join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(path.delimiter),
  ];
  return folders.find((folder) =>
    ['initdb', 'pg_ctl'].every((name) => fs.existsSync(path.join(folder, name))),
  );
}

/** Installs Debian's PostgreSQL. Returns the folder of its programs, or nothing when that failed; apt has said why. */
export function installPostgres(): string | undefined {
  return installDebianPackages('postgresql') ? findPostgres() : undefined;
}

/**
 * Starts a server with an empty cluster. PostgreSQL refuses to run as root, so root runs it as the user that its package made.
 * Throws where it does not start.
 */
export function startPostgres(bin: string): TestPostgres {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ctu-pg-'));
  const owner = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (owner.uid !== undefined && owner.gid !== undefined) fs.chownSync(folder, owner.uid, owner.gid);
  const data = path.join(folder, 'data');
  const run = (program: string, args: readonly string[]): void => {
    execFileSync(path.join(bin, program), args, {
      ...owner,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: folder, LC_ALL: 'C.UTF-8' },
    });
  };
  run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8']);
  const options = `-c listen_addresses='' -c unix_socket_directories='${folder}' -c max_connections=200`;
  run('pg_ctl', ['-D', data, '-l', path.join(folder, 'log'), '-w', '-o', options, 'start']);
  return {
    url: `postgresql://postgres@/postgres?host=${encodeURIComponent(folder)}`,
    stop() {
      run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}
