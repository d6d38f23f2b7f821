import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder that nobody else on the machine may look into, with those above it. One that is there already stays as it is. Throws
 * what the system says where it cannot be made, or where something else has its name (`EEXIST`).
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  try {
    await makeOne(folder);
  } catch (error) {
    const above = path.dirname(folder);
    if (codeOf(error) !== 'ENOENT' || above === folder) throw error;
    await makePrivateFolder(above);
    // Once more and not again and again: below /proc the answer is ENOENT although the folder above is there, and the recursive mkdir
    // of Node never comes to an end.
    await makeOne(folder);
  }
}

async function makeOne(folder: string): Promise<void> {
  try {
    await fs.mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const isThere = codeOf(error) === 'EEXIST' && (await isFolder(folder));
    if (!isThere) throw error;
  }
}

async function isFolder(place: string): Promise<boolean> {
  return (await fs.stat(place).catch(() => null))?.isDirectory() ?? false;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
