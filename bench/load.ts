import { createRequire } from 'node:module';
import path from 'node:path';
import type { ServerProcess } from './server-process.ts';

/** What a server did under load. Milliseconds are of the whole request as the asker sees it. */
export type Load = {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicros: number;
  readonly bytesEach: number;
};

export type LoadOptions = {
  readonly connections: number;
  readonly seconds: number;
  readonly requests: readonly Request[];
  /** Stops when each request has been made once, however long that takes. */
  readonly isOnce?: boolean;
};
export type Request = {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/**
 * Loads a server for some seconds. Each connection has its own share of the requests and goes through it over and over, so
 * that no address is asked for twice before all have been. An answer without status 2xx is an error.
 */
export async function loadServer(server: ServerProcess, options: LoadOptions): Promise<Load> {
  const { connections, seconds, requests } = options;
  const share = Math.ceil(requests.length / connections);
  let next = 0;
  const cpuBefore = server.cpuMs();
  const result = await loadAutocannon()({
    url: server.url,
    connections,
    ...(options.isOnce ? { amount: requests.length } : { duration: seconds }),
    setupClient(client) {
      const own = requests.slice(next * share, (next + 1) * share);
      next += 1;
      client.setRequests(own.length > 0 ? own : requests);
    },
  });
  if (result.non2xx + result.errors + result.timeouts > 0) {
    throw new Error(
      `${result.non2xx} answers without status 2xx, ${result.errors} errors, ${result.timeouts} timeouts`,
    );
  }
  const { total } = result.requests;
  return {
    requests: total,
    perSecond: total / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpuMicros: ((server.cpuMs() - cpuBefore) * 1000) / total,
    bytesEach: Math.round(result.throughput.total / total),
  };
}

type Autocannon = (options: {
  readonly url: string;
  readonly connections: number;
  readonly duration?: number;
  readonly amount?: number;
  readonly setupClient: (client: { setRequests: (requests: readonly Request[]) => void }) => void;
}) => Promise<{
  readonly requests: { readonly total: number };
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly throughput: { readonly total: number };
  readonly duration: number;
  readonly non2xx: number;
  readonly errors: number;
  readonly timeouts: number;
}>;

// It is a package of the peers, and has no types.
function loadAutocannon(): Autocannon {
  const require = createRequire(path.join(import.meta.dirname, 'peers', 'package.json'));
  return require('autocannon') as Autocannon;
}
