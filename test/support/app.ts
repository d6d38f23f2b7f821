import { readConfig } from '#platform/config.ts';
import { closeGracefully } from '#platform/server.ts';
import { createApp } from '#serve.ts';
import type { Needs } from '#usecases/needs.ts';
import { testNeeds } from './guidance.ts';

/** The whole service on a free port of loopback, without a log. `needs` are what its routes were given. */
export type TestApp = {
  readonly baseUrl: string;
  readonly needs: Needs;
  readonly close: () => Promise<void>;
};

type Options = {
  readonly env?: Readonly<Record<string, string>>;
  /** The pack that ships and the day of the tests where they are left out. */
  readonly needs?: Needs;
};

/** Starts the service as it is, with the settings in `env`. Close it after the tests. */
export async function startApp({ env = {}, needs }: Options = {}): Promise<TestApp> {
  const read = readConfig({ PORT: '0', LOG_LEVEL: 'silent', ...env });
  if (!read.ok) throw new Error('the settings of the test server cannot be used');
  const given = needs ?? (await testNeeds());
  const server = await createApp({ config: read.config, needs: given });
  const baseUrl = await server.listen({ port: 0, host: '127.0.0.1' });
  return { baseUrl, needs: given, close: () => closeGracefully(server) };
}
