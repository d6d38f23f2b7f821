import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { apiProblem, isForApi } from '#api/problem.ts';
import { registerApi } from '#api/routes.ts';
import type { Action } from '#domain/people/permissions.ts';
import { type DueWork, startWorker } from '#jobs/due-work.ts';
import type { Clock } from '#platform/clock.ts';
import type { Config } from '#platform/config.ts';
import { createSealer, type Sealer } from '#platform/cookies.ts';
import { registerFrontDoor } from '#platform/front-door.ts';
import { newId } from '#platform/ids.ts';
import type { LogStream } from '#platform/log.ts';
import type { LogDestination } from '#platform/log-destination.ts';
import { messageFile } from '#platform/mail/message.ts';
import { openWay, outboxOf, senderOf } from '#platform/mail/open-way.ts';
import { clearOutbox } from '#platform/mail/outbox.ts';
import { createOpenIdClient, type OpenIdClient } from '#platform/openid.ts';
import { closeGracefully, createServer } from '#platform/server.ts';
import { sha256 } from '#platform/sha256.ts';
import { createSigner, newSigningKey } from '#platform/signer.ts';
import { loadBankHolidays } from '#store/bank-holidays.ts';
import { openDatabase } from '#store/database.ts';
import { createStore, type Store } from '#store/store.ts';
import type { GuidanceNeeds } from '#usecases/guidance-requests/guidance-needs.ts';
import { remindSomeManagers } from '#usecases/guidance-requests/remind-managers.ts';
import { keepHouse } from '#usecases/housekeeping.ts';
import type { Needs } from '#usecases/needs.ts';
import { createGivenUpGauge, type GivenUpGauge } from '#usecases/notices/given-up-gauge.ts';
import { makeOneDigest } from '#usecases/notices/make-digests.ts';
import { sendOneNotice } from '#usecases/notices/send-notices.ts';
import type { SendingNeeds } from '#usecases/notices/sending-needs.ts';
import type { PeopleNeeds } from '#usecases/people/people-needs.ts';
import { tellSomeChanges } from '#usecases/receipts/tell-changes.ts';
import { type AskedCounter, createAskedCounter } from '#usecases/usage/count-asked.ts';
import type { UnreadableVersion } from '#usecases/versions/in-force.ts';
import type { FolderPack } from '#usecases/versions/settle-at-start.ts';
import { loadAssets, serveAssets } from '#web/assets.ts';
import { createLetterPrinter, frameWords } from '#web/notices/letter-html.ts';
import { userInfoOf } from '#web/people/front-door.ts';
import { answerWithProblemPage } from '#web/problem-page.ts';
import { createRenderer } from '#web/render.ts';
import { registerWeb } from '#web/routes.ts';
import { needsOf, startInForce, versionWork } from './start-in-force.ts';

/** What knows people and remembers: opened once, closed at the end. */
export type Memory = {
  readonly people: GuidanceNeeds;
  readonly sending: SendingNeeds;
  readonly givenUp: GivenUpGauge;
  /** Who is to be told when notices were written that may have to be sent. */
  readonly onNotices: (listener: () => void) => void;
  readonly sealer: Sealer;
  readonly formKey: string;
  readonly asked: AskedCounter;
  readonly close: () => Promise<void>;
};

/** Opens the database and everything that hangs on it. Throws where it cannot be opened. */
export async function openMemory(config: Config, clock: Clock): Promise<Memory> {
  const holidays = loadBankHolidays(config.bankHolidays);
  let tellOfNotices = (): void => {};
  const store = createStore(await openDatabase(config), () => tellOfNotices());
  const at = clock.now().toISOString();
  const nameKey = await store.secrets.get('name-key', newKey, at);
  // `#` begins no name: they are folded.
  const hideName = (name: string): string =>
    `#${createHmac('sha256', nameKey).update(name).digest('base64url')}`;
  const asked = createAskedCounter(hideName);
  const people = {
    ...peopleNeedsOf(config, clock, store),
    randomBelow: (limit: number) => randomInt(limit),
    holidays,
    signer: createSigner(await store.secrets.get('signing-key', newSigningKey, at)),
  };
  const sender = senderOf(config);
  const sending: SendingNeeds = {
    ...people,
    way: await openWay(config),
    frame: { ...frameWords, baseUrl: config.baseUrl },
    html: createLetterPrinter(),
    chance: () => randomInt(1_000_000) / 1_000_000,
    asFile: (letter) => messageFile(letter, sender),
  };
  return {
    people,
    sending,
    givenUp: createGivenUpGauge(store),
    onNotices(listener) {
      tellOfNotices = listener;
    },
    asked,
    sealer: createSealer(await store.secrets.get('cookie-key', newKey, at)),
    formKey: await store.secrets.get('form-key', newKey, at),
    async close() {
      await asked.flush(store);
      await store.close();
    },
  };
}

const newKey = (): string => randomBytes(32).toString('base64url');

/** What is needed to know who somebody is and what they may do, over a database that is open. */
export function peopleNeedsOf(config: Config, clock: Clock, store: Store): PeopleNeeds {
  return {
    store,
    now: clock.now,
    today: clock.today,
    newId,
    newKey,
    hash: sha256,
    openId: openIdOf(config),
    limits: config,
    roleMap: config.roleMap,
  };
}

function openIdOf(config: Config): OpenIdClient | null {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret, baseUrl } = config;
  if (issuer === null || clientId === null || clientSecret === null) return null;
  return createOpenIdClient({
    issuer,
    clientId,
    clientSecret,
    scope: config.oidcScope,
    roleClaim: config.roleClaim,
    audience: config.oidcAudience,
    redirectUri: `${baseUrl}/sign-in/back`,
    signedOutUri: `${baseUrl}/signed-out`,
  });
}

type AppParts = {
  readonly config: Config;
  readonly needs: Needs;
  readonly memory: Memory;
  /** Where the log goes; stdout, line by line, where it is left out. */
  readonly log?: LogStream;
};

/** The whole service, ready to listen: pages, API and assets. Tests start the same one. */
export async function createApp({ config, needs, memory, log }: AppParts): Promise<FastifyInstance> {
  const assets = await loadAssets(config);
  const render = createRenderer({
    hasGovUkBrand: config.hasGovUkBrand,
    isTrial: memory.people.openId === null,
    assetUrls: assets.urls,
  });
  const problemPage = answerWithProblemPage(render);
  const server = await createServer({
    config,
    ...(log === undefined ? {} : { log }),
    onProblem: (request, reply, problem) =>
      (isForApi(request) ? apiProblem : problemPage)(request, reply, problem),
  });
  await registerFrontDoor(server, {
    config,
    formKey: memory.formKey,
    userInfoOf,
    isReading: ({ method, routeOptions }) =>
      method === 'GET' ||
      method === 'HEAD' ||
      (routeOptions.config?.action === 'ask' && isForApiRoute(routeOptions)),
  });
  everyRouteSaysWhatItIsFor(server);
  serveAssets(server, assets);
  const counting: Needs = {
    ...needs,
    count: (asked) => memory.asked.count(asked, needs.today()),
    noticesGivenUp: memory.givenUp.read,
  };
  registerApi(server, counting, memory.people);
  registerWeb(server, { needs: counting, render, config, ...memory });
  return server;
}

function isForApiRoute({ url }: FastifyRequest['routeOptions']): boolean {
  return url?.startsWith('/api/') ?? false;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route with what it is for, once the server is ready. */
    readonly routeActions: readonly RouteAction[];
  }
}

/** A route, and what it is for. */
export type RouteAction = { readonly method: string; readonly url: string; readonly action: Action };

// A route that forgets to say so would be open to everybody, so the service does not start with it.
function everyRouteSaysWhatItIsFor(server: FastifyInstance): void {
  const seen: RouteOptions[] = [];
  const actions: RouteAction[] = [];
  server.decorate('routeActions', actions);
  server.addHook('onRoute', (route) => void seen.push(route));
  server.addHook('onReady', async () => {
    for (const { method, url, config } of seen) {
      if (config?.action === undefined)
        throw new Error(`the route ${method} ${url} does not say what it is for`);
      for (const one of [method].flat()) actions.push({ method: one, url, action: config.action });
    }
  });
}

const flushEveryMs = 30_000;
const keepHouseEveryMs = 3_600_000;
const remindEveryMs = 300_000;
const tellEveryMs = 1_000;
// Whoever writes a notice wakes its own server; this is for those of others, and for what is tried again.
const lookForNoticesEveryMs = 5_000;
const makeDigestsEveryMs = 60_000;
const countGivenUpEveryMs = 30_000;
// So that one mail server that is slow does not hold up everybody.
const sentAtOnce = 4;

const longestFlushMs = 1_000;
const longestStopMs = 7_000;

type ServeParts = Omit<AppParts, 'needs'> & {
  readonly log: LogDestination;
  readonly clock: Clock;
  /** What is in the folder of the settings. */
  readonly folder: FolderPack;
};

/**
 * Settles which version of the guidance is in force, then listens until the process is told to stop, and finishes what runs, at most
 * for as long as `closeGracefully` lets it. Answers with the exit code; end the process with it, for what a reader of the log has not
 * taken by then would keep it alive.
 */
export async function serve(parts: ServeParts): Promise<number> {
  const { config, memory, log, clock, folder } = parts;
  let onUnreadable: (version: UnreadableVersion) => void = () => {};
  const started = await startInForce(memory.people, folder, (version) => onUnreadable(version));
  for (const line of started.lines) process.stderr.write(`${line}\n`);
  if (started.outcome === 'refused') {
    await memory.close();
    return 1;
  }
  const { inForce } = started;
  const needs = needsOf(inForce, clock);
  const server = await createApp({ config, needs, memory, log });
  onUnreadable = ({ publication, label, problems }) =>
    server.log.error(
      { version: publication.number, hash: publication.hash, label, problems },
      'a published version of the guidance cannot be read: the one before stays in force here',
    );
  if (started.errors !== null)
    server.log.warn(
      { ...started.errors },
      'the version of the guidance that this start published has errors: `policy check` lists them',
    );
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
    await memory.close();
    return 1;
  }
  const { port } = server.server.address() as { port: number };
  process.stderr.write(
    `Clear to Use answers on http://localhost:${port} (guidance ${inForce.policy().pack.label}). Stop it with Ctrl+C.\n`,
  );
  const telling = { people: memory.people, asking: needs, inForceHash: inForce.hashIn };
  for (const line of notesAtStart(memory)) process.stderr.write(`${line}\n`);
  const worker = startWorker(
    [
      { name: 'telling of changes', everyMs: tellEveryMs, doSome: () => tellSomeChanges(telling) },
      versionWork(inForce, (error) =>
        server.log.error({ err: error }, 'the version in force cannot be looked up'),
      ),
      ...dueNotices(memory.sending, server),
      {
        name: 'notices given up',
        everyMs: countGivenUpEveryMs,
        doSome: () => memory.givenUp.look().then(nothingMore),
      },
      {
        name: 'counting',
        everyMs: flushEveryMs,
        doSome: () => memory.asked.flush(memory.people.store).then(nothingMore),
      },
      {
        name: 'reminding line managers',
        everyMs: remindEveryMs,
        doSome: () => remindSomeManagers(memory.people, needs),
      },
      {
        name: 'housekeeping',
        everyMs: keepHouseEveryMs,
        doSome: () => keepHouse(memory.people).then(nothingMore),
      },
      {
        name: 'outbox',
        everyMs: keepHouseEveryMs,
        doSome: () =>
          clearOutbox(outboxOf(config), memory.people.store.notices.among, memory.people.now()).then(
            nothingMore,
          ),
      },
    ],
    (name, error) => server.log.error({ err: error, name }, 'failed'),
  );
  memory.onNotices(() => worker.wake('notices'));
  await stopped;
  inForce.close();
  // A letter on its way to a slow mail server is tried again, as after any end of the process.
  await Promise.all([Promise.race([worker.stop(), wait(longestStopMs)]), closeGracefully(server)]);
  await memory.close();
  await log.flush(longestFlushMs);
  return 0;
}

const nothingMore = (): boolean => false;

function dueNotices(sending: SendingNeeds, { log }: FastifyInstance): DueWork[] {
  const sender: DueWork = {
    name: 'notices',
    everyMs: lookForNoticesEveryMs,
    doSome: () => sendOneNotice(sending, (alert) => log.error(alert, 'a notice was given up')),
  };
  return [
    ...Array.from({ length: sentAtOnce }, () => sender),
    { name: 'digests', everyMs: makeDigestsEveryMs, doSome: () => makeOneDigest(sending) },
  ];
}

// What whoever starts the service may want to change.
function notesAtStart({ people, sending }: Memory): string[] {
  const notes: string[] = [];
  if (sending.way.name === 'outbox')
    notes.push('Notices are not sent: they are in the folder outbox of DATA_DIR, and at /notices.');
  const { knownUntil } = people.holidays;
  if (people.today() > knownUntil)
    notes.push(
      `Bank holidays are known until ${knownUntil} only, and today is later. Set BANK_HOLIDAYS to a newer list.`,
    );
  return notes;
}
