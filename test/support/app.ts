import type { FastifyInstance } from 'fastify';
import type { Clock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import type { LogStream } from '#platform/log.ts';
import { closeGracefully } from '#platform/server.ts';
import { createApp, type Memory } from '#serve.ts';
import type { Needs } from '#usecases/needs.ts';
import { testNeeds } from './guidance.ts';
import { testMemory } from './memory.ts';

/** The whole service on loopback, on a free port where `env` names none, without a log. `needs` are what its routes were given. */
export type TestApp = {
  readonly baseUrl: string;
  readonly needs: Needs;
  readonly memory: Memory;
  readonly server: FastifyInstance;
  readonly close: () => Promise<void>;
};

type Options = {
  readonly env?: Readonly<Record<string, string>>;
  /** The pack that ships and the day of the tests where they are left out. */
  readonly needs?: Needs;
  /** What the service remembers; where it is left out, an SQLite file that goes when it is closed. */
  readonly memory?: Memory;
  /** What time it is for people and their sessions, where `memory` is left out. */
  readonly clock?: Clock;
  /** Where the log goes. Without it there is none. */
  readonly log?: LogStream;
};

/** Starts the service as it is, with the settings in `env`. Close it after the tests. */
export async function startApp({ env = {}, needs, memory, clock, log }: Options = {}): Promise<TestApp> {
  const read = readConfig({
    PORT: '0',
    LOG_LEVEL: log === undefined ? 'silent' : 'trace',
    REQUESTS_PER_MINUTE: '0',
    ...env,
  });
  if (!read.ok) throw new Error('the settings of the test server cannot be used');
  const given = needs ?? (await testNeeds());
  const own = memory ?? (await testMemory(read.config, clock));
  const parts = { config: read.config, needs: given, memory: own };
  const server = await createApp(log === undefined ? parts : { ...parts, log });
  const baseUrl = await server.listen({ port: read.config.port, host: '127.0.0.1' });
  return {
    baseUrl,
    needs: given,
    memory: own,
    server,
    async close() {
      await closeGracefully(server);
      await own.close();
    },
  };
}
