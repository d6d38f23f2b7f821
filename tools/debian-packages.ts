import { spawnSync } from 'node:child_process';

/** Installs packages of Debian, as root or with sudo. False when that failed; apt has said why. */
export function installDebianPackages(...names: readonly string[]): boolean {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const commands = [
    ['apt-get', 'update'],
    ['apt-get', 'install', '-y', '--no-install-recommends', ...names],
  ];
  for (const command of commands) {
    const [program = '', ...args] = [...sudo, ...command];
    const ended = spawnSync(program, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (ended.status !== 0) {
      console.error(`\`${[program, ...args].join(' ')}\` failed.`);
      return false;
    }
  }
  return true;
}
