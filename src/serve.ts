import type { FastifyInstance } from 'fastify';
import { apiProblem, isForApi } from '#api/problem.ts';
import { registerApi } from '#api/routes.ts';
import type { Config } from '#platform/config.ts';
import type { LogStream } from '#platform/log.ts';
import type { LogDestination } from '#platform/log-destination.ts';
import { closeGracefully, createServer } from '#platform/server.ts';
import type { Needs } from '#usecases/needs.ts';
import { loadAssets, serveAssets } from '#web/assets.ts';
import { answerWithProblemPage } from '#web/problem-page.ts';
import { createRenderer } from '#web/render.ts';
import { registerWeb } from '#web/routes.ts';

/** The whole service, ready to listen: pages, API and assets. Tests start the same one. */
export async function createApp({
  config,
  needs,
  log,
}: {
  readonly config: Config;
  readonly needs: Needs;
  /** Where the log goes; stdout, line by line, where it is left out. */
  readonly log?: LogStream;
}): Promise<FastifyInstance> {
  const assets = await loadAssets(config);
  const render = createRenderer({ hasGovUkBrand: config.hasGovUkBrand, assetUrls: assets.urls });
  const problemPage = answerWithProblemPage(render);
  const server = await createServer({
    config,
    ...(log === undefined ? {} : { log }),
    onProblem: (request, reply, problem) =>
      (isForApi(request) ? apiProblem : problemPage)(request, reply, problem),
  });
  serveAssets(server, assets);
  registerApi(server, needs);
  registerWeb(server, { needs, render, config });
  return server;
}

const longestFlushMs = 1_000;

/**
 * Listens until the process is told to stop, then finishes what runs, at most for as long as `closeGracefully` lets it. Answers with
 * the exit code; end the process with it, for what a reader of the log has not taken by then would keep it alive.
 */
export async function serve({
  config,
  needs,
  log,
}: {
  readonly config: Config;
  readonly needs: Needs;
  readonly log: LogDestination;
}): Promise<number> {
  const server = await createApp({ config, needs, log });
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  try {
    await server.listen({ port: config.port, host: config.host });
  } catch (error) {
    const { code } = error as { code?: string };
    const help =
      code === 'EADDRINUSE'
        ? `Something else listens on port ${config.port}. Set PORT to another one.`
        : `Check HOST and PORT (${code}).`;
    process.stderr.write(`the server cannot listen on ${config.host}:${config.port}. ${help}\n`);
    return 1;
  }
  const { port } = server.server.address() as { port: number };
  process.stderr.write(
    `Clear to Use answers on http://localhost:${port} (guidance ${needs.policy().pack.label}). Stop it with Ctrl+C.\n`,
  );
  await stopped;
  await closeGracefully(server);
  await log.flush(longestFlushMs);
  return 0;
}
