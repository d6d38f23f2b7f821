import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Clock, fixedClock } from '#platform/clock.ts';
import { type Config, readConfig } from '#platform/config.ts';
import { type Memory, openMemory } from '#serve.ts';
import type { DatabasePlace } from '#store/database.ts';

/** What a test server remembers, in a folder of its own that goes when it is closed, where the settings name no other. */
export async function testMemory(
  config: Config,
  clock: Clock = fixedClock('2026-11-22T09:00:00Z'),
): Promise<Memory> {
  if (config.databaseUrl !== null) return openMemory(config, clock);
  const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'ctu-data-'));
  const memory = await openMemory({ ...config, dataDir }, clock);
  return {
    ...memory,
    async close() {
      await memory.close();
      await fs.rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a test server remembers, in a database of the test's own. */
export function testMemoryIn(
  place: DatabasePlace,
  clock: Clock = fixedClock('2026-11-22T09:00:00Z'),
  env: Readonly<Record<string, string>> = {},
): Promise<Memory> {
  const read = readConfig({ PORT: '0', LOG_LEVEL: 'silent', ...env });
  if (!read.ok) throw new Error('the settings of the test server cannot be used');
  return openMemory({ ...read.config, ...place }, clock);
}
