import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pack } from '#domain/policy/pack.ts';
import { schemaComment, schemaFolder, schemasOf } from '#domain/policy/pack-schemas.ts';
import type { PolicyFile } from '#domain/policy/problem.ts';

/**
 * Writes the JSON Schemas of a pack below its folder and, where it is missing, the first line of each file that names its
 * schema to an editor. Files that are right already are not touched.
 */
export async function writeSchemas(folder: string, pack: Pack, files: readonly PolicyFile[]): Promise<void> {
  await mkdir(path.join(folder, schemaFolder), { recursive: true });
  for (const { name, text } of schemasOf(pack))
    await writeIfOther(path.join(folder, schemaFolder, name), text);
  for (const { name } of files) {
    const comment = schemaComment(name);
    if (comment === undefined) continue;
    const where = path.join(folder, name);
    const text = await readFile(where, 'utf8');
    const [first = '', ...rest] = text.split('\n');
    if (first === comment) continue;
    // An earlier comment of this kind names a schema that has moved.
    const kept = first.startsWith('# yaml-language-server:') ? rest.join('\n') : text;
    await writeFile(where, `${comment}\n${kept}`);
  }
}

async function writeIfOther(where: string, text: string): Promise<void> {
  const held = await readFile(where, 'utf8').catch(() => undefined);
  if (held !== text) await writeFile(where, text);
}
