import type { FastifyInstance } from 'fastify';
import { apiProblem, isForApi } from '#api/problem.ts';
import { registerApi } from '#api/routes.ts';
import type { Config } from '#platform/config.ts';
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
}: {
  readonly config: Config;
  readonly needs: Needs;
}): Promise<FastifyInstance> {
  const assets = await loadAssets(config);
  const render = createRenderer({ hasGovUkBrand: config.hasGovUkBrand, assetUrls: assets.urls });
  const problemPage = answerWithProblemPage(render);
  const server = await createServer({
    config,
    onProblem: (request, reply, problem) =>
      (isForApi(request) ? apiProblem : problemPage)(request, reply, problem),
  });
  serveAssets(server, assets);
  registerApi(server, needs);
  registerWeb(server, { needs, render, config });
  return server;
}

/** Listens until the process is told to stop, then finishes what runs. Answers with the exit code. */
export async function serve({
  config,
  needs,
}: {
  readonly config: Config;
  readonly needs: Needs;
}): Promise<number> {
  const server = await createApp({ config, needs });
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
  return 0;
}
