import fs from 'node:fs';
import { installDebianPackages } from './debian-packages.ts';

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
  return installDebianPackages('chromium', 'fonts-liberation') ? findChromium() : undefined;
}
