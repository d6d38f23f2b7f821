import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The path of a Chromium on this machine: the one named in CHROMIUM, or one in a usual place. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM;
  if (named === undefined || named === '') return usualPlaces.find((file) => fs.existsSync(file));
  if (fs.existsSync(named)) return named;
  console.error(`CHROMIUM names a file that does not exist: \`${named}\`. Looking in the usual places.`);
  return usualPlaces.find((file) => fs.existsSync(file));
}

/** Installs Debian's Chromium. Returns its path, or nothing when that failed; apt has said why. */
export function installChromium(): string | undefined {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const commands = [
    ['apt-get', 'update'],
    ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'],
  ];
  for (const command of commands) {
    const [program = '', ...args] = [...sudo, ...command];
    const ended = spawnSync(program, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (ended.status !== 0) {
      console.error(`\`${[program, ...args].join(' ')}\` failed.`);
      return undefined;
    }
  }
  return findChromium();
}
