import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { answerAsJson } from '#usecases/answer-as-json.ts';
import { type Answering, answerQuestion } from '#usecases/answer-question.ts';
import { randomAddresses, randomWalk } from './addresses.ts';
import { benchGuidance } from './guidance.ts';
import { type Load, loadServer, type Request } from './load.ts';
import { summaryOf } from './measure.ts';
import { type Facts, realisticQuestions } from './questions.ts';
import { type Random, seededRandom, shuffled } from './random.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { grouped, textTable } from './text-table.ts';

export type PageBench = {
  readonly addresses: number;
  readonly rounds: number;
  /** Each address asked for once in each round: nothing can have been kept. */
  readonly ours: readonly Load[];
  readonly express: readonly Load[];
  /** All of them at random for a while, from a cold start: each page that was not kept yet has to be made, and counts. */
  readonly mixed: readonly Load[];
  readonly mixedExpress: readonly Load[];
  /** The same with 50 connections, question pages only. */
  readonly fifty: readonly Load[];
  readonly fiftyExpress: readonly Load[];
  /** Each question page once with 50 connections: all of them have to be made. */
  readonly fiftyOnce: readonly Load[];
  readonly api: readonly Load[];
  readonly bare: readonly Load[];
  /** As many different questions as there are addresses: at random from a cold start, and each once. */
  readonly manyApi: readonly Load[];
  readonly onceApi: readonly Load[];
  readonly manyBare: readonly Load[];
  readonly answerBytes: { readonly median: number; readonly largest: number };
  /** The first start after installing, when nothing of it has been compiled before, and a later one. */
  readonly firstStartMs: number;
  readonly startMs: number;
  readonly residentMib: number;
};

// The options of tools/starter.js.
const asNpmStartDoes = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=8',
  '--heap-growing-percent=40',
  '--initial-heap-size=64',
];
const inItsEnvironment = {
  MALLOC_ARENA_MAX: '1',
  // A new one, so that the first start is one just after installing.
  NODE_COMPILE_CACHE: fs.mkdtempSync(path.join(os.tmpdir(), 'ctu-compiled-')),
};
const root = path.resolve(import.meta.dirname, '..');

/**
 * Measures the pages of asking beside Express with Nunjucks, in turns, each server in a process of its own and started afresh
 * for each round, so that what a server keeps has to be made again every time.
 */
export async function benchPages({ isQuick }: { readonly isQuick: boolean }): Promise<PageBench> {
  const answering = await benchGuidance();
  const addresses = randomAddresses(answering, isQuick ? 1_000 : 10_000, seededRandom(7));
  // Other pages than those that are measured, to let the compiler of the runtime do its work.
  const warmUp = randomAddresses(answering, 400, seededRandom(8)).filter(
    (address) => !addresses.includes(address),
  );
  const rounds = isQuick ? 1 : 2;
  const seconds = isQuick ? 1 : 4;
  const ours: Load[] = [];
  const express: Load[] = [];
  const mixed: Load[] = [];
  const mixedExpress: Load[] = [];
  const fifty: Load[] = [];
  const fiftyExpress: Load[] = [];
  const fiftyOnce: Load[] = [];
  const api: Load[] = [];
  const bare: Load[] = [];
  const manyApi: Load[] = [];
  const onceApi: Load[] = [];
  const manyBare: Load[] = [];
  const starts: number[] = [];
  const resident: number[] = [];
  // As every browser does.
  const headers = { 'accept-encoding': 'gzip, deflate, br' };
  const gets = addresses.map((address) => ({ path: address, headers }));
  const others = warmUp.map((address) => ({ path: address, headers }));
  const questionGets = gets.filter(({ path: address }) => address.startsWith('/check'));
  const written = realisticQuestions(answering);
  const posts = decisionRequests(written);
  const different = differentQuestions(answering, addresses.length, seededRandom(10));
  const manyPosts = decisionRequests(different);
  const load = (server: ServerProcess, requests: readonly Request[] = [], connections = 10): Promise<Load> =>
    loadServer(server, { connections, seconds, requests });
  const loadOnce = async (server: ServerProcess): Promise<Load> => {
    await loadServer(server, { connections: 10, seconds: isQuick ? 1 : 3, requests: others });
    return loadServer(server, { connections: 10, seconds, requests: gets, isOnce: true });
  };
  const firstStartMs = await firstStart();
  const random = seededRandom(9);
  const long = isQuick ? 2 : 60;
  const atRandom = (requests: readonly Request[]): Request[] =>
    Array.from({ length: 200_000 }, () => requests[random.below(requests.length)] as Request);
  const loadAtRandom = async (
    server: ServerProcess,
    requests: readonly Request[],
    connections: number,
  ): Promise<Load> => {
    await loadServer(server, { connections: 10, seconds: isQuick ? 1 : 3, requests: others });
    return loadServer(server, { connections, seconds: long, requests: atRandom(requests) });
  };
  for (let round = 0; round < rounds; round++) {
    const turns = [
      async () => {
        await using server = await running(startProduct());
        starts.push(server.startMs);
        ours.push(await loadOnce(server));
      },
      async () => {
        await using server = await running(startExpress());
        express.push(await loadOnce(server));
      },
      async () => {
        await using server = await running(startProduct());
        mixed.push(await loadAtRandom(server, gets, 10));
        resident.push(server.residentMib());
      },
      async () => {
        await using server = await running(startExpress());
        mixedExpress.push(await loadAtRandom(server, gets, 10));
      },
      async () => {
        await using server = await running(startProduct());
        fifty.push(await loadAtRandom(server, questionGets, 50));
      },
      async () => {
        await using server = await running(startExpress());
        fiftyExpress.push(await loadAtRandom(server, questionGets, 50));
      },
      async () => {
        await using server = await running(startProduct());
        await loadServer(server, { connections: 50, seconds, requests: others });
        fiftyOnce.push(
          await loadServer(server, { connections: 50, seconds, requests: questionGets, isOnce: true }),
        );
      },
      async () => {
        await using server = await running(startProduct());
        await load(server, posts);
        api.push(await load(server, posts));
      },
      async () => {
        await using server = await running(startBare(averageAnswerBytes(answering, written)));
        await load(server, posts);
        bare.push(await load(server, posts));
      },
      async () => {
        await using server = await running(startProduct());
        await load(server, posts);
        manyApi.push(
          await loadServer(server, { connections: 10, seconds: long, requests: atRandom(manyPosts) }),
        );
      },
      async () => {
        await using server = await running(startProduct());
        await load(server, posts);
        onceApi.push(
          await loadServer(server, { connections: 10, seconds, requests: manyPosts, isOnce: true }),
        );
      },
      async () => {
        await using server = await running(startBare(averageAnswerBytes(answering, different)));
        await load(server, posts);
        manyBare.push(await load(server, manyPosts));
      },
    ];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
  }
  return {
    addresses: addresses.length,
    rounds,
    ours,
    express,
    mixed,
    mixedExpress,
    fifty,
    fiftyExpress,
    fiftyOnce,
    api,
    bare,
    manyApi,
    onceApi,
    manyBare,
    answerBytes: await answerBytes(addresses.filter((address) => address.startsWith('/answer'))),
    firstStartMs,
    startMs: summaryOf(starts).median,
    residentMib: Math.max(...resident),
  };
}

async function firstStart(): Promise<number> {
  await using server = await running(startProduct());
  return server.startMs;
}

function startProduct(): Promise<ServerProcess> {
  return startServer([...asNpmStartDoes, path.join(root, 'src', 'main.ts'), 'serve'], asMeasured(), '/');
}

// All of the load comes from one address, which would soon have asked for too much.
function asMeasured(): Readonly<Record<string, string>> {
  return {
    ...inItsEnvironment,
    REQUESTS_PER_MINUTE: '0',
    DATA_DIR: fs.mkdtempSync(path.join(os.tmpdir(), 'ctu-bench-')),
  };
}

function startExpress(): Promise<ServerProcess> {
  return startServer(
    [path.join(root, 'bench', 'peers', 'express.js')],
    { NODE_ENV: 'production' },
    '/answer',
  );
}

function startBare(bytes: number): Promise<ServerProcess> {
  return startServer(
    [path.join(root, 'bench', 'peers', 'bare.js')],
    { BYTES: String(bytes), NODE_ENV: 'production' },
    '/health',
  );
}

async function running(starting: Promise<ServerProcess>): Promise<ServerProcess & AsyncDisposable> {
  const server = await starting;
  return { ...server, [Symbol.asyncDispose]: () => server.stop() };
}

// Where somebody stands at the end of a walk through the questions, or on the way there.
function differentQuestions(answering: Answering, count: number, random: Random): Facts[] {
  const found = new Map<string, Facts>();
  while (found.size < count) {
    const walk = randomWalk(answering, random);
    for (const { facts } of [...walk.asked, walk]) {
      const question = Object.fromEntries(facts);
      if (found.size < count) found.set(JSON.stringify(question), question);
    }
  }
  return shuffled([...found.values()], random);
}

function decisionRequests(questions: readonly Facts[]): Request[] {
  return questions.map((facts) => ({
    method: 'POST',
    path: '/api/v1/decisions',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ facts }),
  }));
}

function averageAnswerBytes(answering: Answering, questions: readonly Facts[]): number {
  const sizes = questions.map((facts) => {
    const answered = answerQuestion(answering, { facts });
    if (answered.outcome !== 'ok') throw new Error('a question of the bench has become wrong');
    return Buffer.byteLength(
      JSON.stringify(answerAsJson(answering.policy().pack, answered.stated, answered.answer)),
    );
  });
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
}

async function answerBytes(addresses: readonly string[]): Promise<PageBench['answerBytes']> {
  await using server = await running(startProduct());
  const sizes: number[] = [];
  for (const address of addresses.slice(0, 300)) {
    const response = await fetch(server.url + address);
    sizes.push((await response.arrayBuffer()).byteLength);
  }
  const { median, max } = summaryOf(sizes);
  return { median, largest: max };
}

/** The measurement as text for people. */
export function describePages(bench: PageBench): string {
  const { addresses, rounds, ours, express, mixed, mixedExpress, fifty, fiftyExpress, fiftyOnce } = bench;
  const { api, bare, manyApi, onceApi, manyBare, answerBytes, firstStartMs, startMs, residentMib } = bench;
  const of = (loads: readonly Load[], field: keyof Load): number =>
    summaryOf(loads.map((load) => load[field])).median;
  const share = (addresses * 100) / of(mixed, 'requests');
  const row = (name: string, loads: readonly Load[], base: readonly Load[]): string[] => {
    const { min, max } = summaryOf(loads.map(({ perSecond }) => perSecond));
    const ratio = of(loads, 'perSecond') / of(base, 'perSecond');
    return [
      name,
      grouped(of(loads, 'perSecond')),
      `${grouped(min)} .. ${grouped(max)}`,
      `${ratio.toFixed(1)} x`,
      String(of(loads, 'p50')),
      String(of(loads, 'p99')),
      grouped(of(loads, 'cpuMicros')),
      grouped(of(loads, 'bytesEach')),
    ];
  };
  const heading = ['requests/s', 'min .. max', 'ratio', 'p50 ms', 'p99 ms', 'CPU us each', 'bytes each'];
  return `Pages: ${grouped(addresses)} different addresses, half questions and half answers, in random order, 10 connections.
Each server in a process of its own, started afresh for each of ${rounds} rounds in turns; medians.

${textTable([
  ['question and answer pages', ...heading],
  row('Clear to Use, each address once', ours, express),
  row('Express 5 with Nunjucks, same components, each once', express, express),
])}

${textTable([
  ['at random from a cold start, 60 s', ...heading],
  row(`Clear to Use, at most ${share.toFixed(0)} % made anew`, mixed, mixedExpress),
  row('Express 5 with Nunjucks', mixedExpress, mixedExpress),
])}

${textTable([
  ['question pages, 50 askers at once', ...heading],
  row('Clear to Use, at random from a cold start', fifty, fiftyExpress),
  row('Express 5 with Nunjucks', fiftyExpress, fiftyExpress),
  row('Clear to Use, each once', fiftyOnce, fiftyExpress),
])}

${textTable([
  ['decisions over HTTP', ...heading],
  row('Clear to Use', api, bare),
  row('bare Fastify, a constant of the same size', bare, bare),
  row(
    `Clear to Use, ${grouped(addresses)} different questions at random from a cold start`,
    manyApi,
    manyBare,
  ),
  row('… each once', onceApi, manyBare),
  row('bare Fastify, a constant of their size', manyBare, manyBare),
])}

${textTable([
  ['what', 'is', 'goal'],
  ['a question page at 50 askers, p99 ms', String(of(fifty, 'p99')), '50'],
  ['an answer page, bytes, median', grouped(answerBytes.median), ''],
  ['an answer page, bytes, largest', grouped(answerBytes.largest), '100,000'],
  ['start to the first page, ms', grouped(startMs), '2,000'],
  ['… the first time after installing', grouped(firstStartMs), '2,000'],
  ['resident memory after the load, MiB', grouped(residentMib), '256'],
])}`;
}
