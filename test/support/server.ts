import path from 'node:path';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { closeGracefully } from '#platform/server.ts';
import { createApp } from '#serve.ts';
import { loadGuidance } from '#store/guidance.ts';
import { testMemory } from '#test/support/memory.ts';
import type { Needs } from '#usecases/needs.ts';

/** A running server on loopback. `needs` are what its routes were given. */
export type TestServer = {
  readonly baseUrl: string;
  readonly needs: Needs;
  readonly close: () => Promise<void>;
};

type Options = {
  /** The folder of the pack; the project's own where it is left out. */
  readonly policyDir?: string;
  /** The day that it is; the real one where it is left out. */
  readonly today?: string;
};

/** Starts the service on a free port of loopback, without a log. Close it after the tests. */
export async function startServer({ policyDir, today }: Options = {}): Promise<TestServer> {
  const read = readConfig({
    PORT: '0',
    LOG_LEVEL: 'silent',
    REQUESTS_PER_MINUTE: '0',
    POLICY_DIR: policyDir ?? path.resolve(import.meta.dirname, '..', '..', 'policy'),
  });
  if (!read.ok) throw new Error('the settings of the test server cannot be used');
  const { config } = read;
  const { ready, problems } = await loadGuidance(config.policyDir);
  if (ready === null)
    throw new Error(problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'));
  const clock = systemClock();
  const needs: Needs = {
    policy: () => ready.policy,
    search: () => ready.search,
    today: () => today ?? clock.today(),
  };
  const memory = await testMemory(config);
  const server = await createApp({ config, needs, memory });
  const baseUrl = await server.listen({ port: 0, host: '127.0.0.1' });
  return { baseUrl, needs, close: () => closeGracefully(server).then(memory.close) };
}
