import { readConfig } from '#platform/config.ts';
import { closeGracefully } from '#platform/server.ts';
import { createApp, type Memory } from '#serve.ts';
import type { Needs } from '#usecases/needs.ts';
import { testNeeds } from './guidance.ts';
import { testMemory } from './memory.ts';

/** The whole service on a free port of loopback, on the day of the tests, without a log. */
export type TestApp = {
  readonly baseUrl: string;
  readonly needs: Needs;
  readonly memory: Memory;
  readonly close: () => Promise<void>;
};

export async function startApp(env: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  const read = readConfig({ PORT: '0', LOG_LEVEL: 'silent', REQUESTS_PER_MINUTE: '0', ...env });
  if (!read.ok) throw new Error('the settings of the test server cannot be used');
  const needs = await testNeeds();
  const memory = await testMemory(read.config);
  const server = await createApp({ config: read.config, needs, memory });
  const baseUrl = await server.listen({ port: 0, host: '127.0.0.1' });
  return {
    baseUrl,
    needs,
    memory,
    async close() {
      await closeGracefully(server);
      await memory.close();
    },
  };
}
