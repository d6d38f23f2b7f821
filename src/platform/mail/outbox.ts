import fs from 'node:fs/promises';
import path from 'node:path';
import { makePrivateFolder } from '../private-folder.ts';
import { type MailWay, problemText } from './letter.ts';
import { messageFile, type Sender } from './message.ts';

/** The name of the folder in the folder for data. */
export const outboxFolder = 'outbox';

/** Puts letters into a folder, a file for each under its id: the same letter twice is the same file. Nobody else may read them. */
export function outboxWay(folder: string, from: Sender): MailWay {
  return {
    name: 'outbox',
    async send(letter) {
      const name = fileNameOf(letter.id);
      try {
        await makePrivateFolder(folder);
        await writeAtomically(folder, name, await messageFile(letter, from));
        return { outcome: 'sent', as: name };
      } catch (error) {
        const { code } = error as { readonly code?: string };
        return {
          outcome: 'later',
          problem: problemText(`the outbox in DATA_DIR cannot be written to (${code ?? 'no code'})`),
        };
      }
    },
  };
}

/**
 * Takes away the files of letters that are not kept any more, and what was left half written. `whichAreKept` says of some ids which of
 * them are. Says how many letters went.
 */
export async function clearOutbox(
  folder: string,
  whichAreKept: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
  now: Date,
): Promise<number> {
  let gone = 0;
  const names = await fs.readdir(folder).catch(() => []);
  for (let start = 0; start < names.length; start += batch) {
    const some = names.slice(start, start + batch);
    const ids = some.flatMap((name) => idIn(name) ?? []);
    const kept = await whichAreKept(ids);
    for (const id of ids) {
      if (kept.has(id)) continue;
      await fs.rm(path.join(folder, fileNameOf(id)), { force: true });
      gone++;
    }
    for (const name of some.filter((one) => one.endsWith(halfWritten)))
      await removeOld(path.join(folder, name), now);
  }
  return gone;
}

const batch = 500;
const halfWritten = '.part';
const dayMs = 86_400_000;

function fileNameOf(id: string): string {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Error('a letter whose id is none');
  return `${id}.eml`;
}

function idIn(name: string): string | undefined {
  return /^([0-9a-f-]{36})\.eml$/.exec(name)?.[1];
}

async function removeOld(file: string, now: Date): Promise<void> {
  const stat = await fs.stat(file).catch(() => null);
  if (stat !== null && now.getTime() - stat.mtimeMs > dayMs) await fs.rm(file, { force: true });
}

// Under another name first and with its bytes on the disk, so that whoever finds the file finds all of it.
async function writeAtomically(folder: string, name: string, bytes: Buffer): Promise<void> {
  const part = path.join(folder, `.${name}.${process.pid}-${performance.now().toString(36)}${halfWritten}`);
  const file = await fs.open(part, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await fs.rename(part, path.join(folder, name));
  const directory = await fs.open(folder, 'r');
  await directory.sync().finally(() => directory.close());
}
