import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type DatabasePlace, openDatabase } from '#store/database.ts';
import { createStore } from '#store/store.ts';
import { Person } from '#test/support/person.ts';
import { trialPeople } from '#usecases/people/sign-in.ts';
import { openReceiver, type Receiver, type Way } from './receivers.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** What came of killing the service again and again between what it acknowledged and what it sent. */
export type KillReport = {
  readonly rounds: number;
  /** Notices that somebody was told are on their way. */
  readonly acknowledged: number;
  /** Of these, how many arrived. */
  readonly arrived: number;
  /** How many did not arrive. */
  readonly lost: number;
  /** How many arrived more than once, each time but one under a server that was killed before it could write down the other side’s yes. */
  readonly twice: number;
  /** How many arrived more than once in any other way. */
  readonly twiceWithoutReason: number;
  /** How many were being sent when the server was killed, so that another had to take them over. */
  readonly takenOver: number;
  /** Events of the audit trail that say that a notice was sent, beyond one for each. */
  readonly eventsTooMany: number;
};

type KillPlan = {
  readonly place: DatabasePlace;
  readonly way: Way;
  readonly rounds: number;
  readonly onRound?: (round: number) => void;
  /** Do not wait until claims of dead servers are over, but end them in the database. For quick tests. */
  readonly endsClaims?: boolean;
};

// From before the first byte goes out until after the last one is written down; every other one while most of it happens.
const latestKillMs = [90, 20];

/**
 * Starts the service, has somebody ask for a notice, and kills it at a random instant after it said yes; again and again on one database.
 * Then lets it run until nothing waits, and compares what was acknowledged with what arrived.
 */
export async function killBetween(plan: KillPlan): Promise<KillReport> {
  // A PostgreSQL server has no folder for what a server of ours keeps on its disk.
  const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'ctu-kill-'));
  const place = plan.place.databaseUrl === null ? plan.place : { ...plan.place, dataDir };
  try {
    return await killAgainAndAgain({ ...plan, place });
  } finally {
    await fs.rm(dataDir, { recursive: true, force: true });
  }
}

async function killAgainAndAgain({ place, way, rounds, onRound, endsClaims }: KillPlan): Promise<KillReport> {
  const receiver = await openReceiver[way](place.dataDir);
  // What had arrived when each server was killed: what comes later came from another.
  const seen: (readonly string[])[] = [];
  let acknowledged = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      const server = await startServer(settingsOf(place, receiver));
      acknowledged += await askFor(server, round);
      await wait(Math.random() * (latestKillMs[round % 2] ?? 0));
      await server.kill();
      // What was on its way to the other side when the server died still arrives.
      await wait(settleMs);
      seen.push(await receiver.arrived());
      onRound?.(round + 1);
    }
    await letItFinish(place, receiver, endsClaims ?? false);
    seen.push(await receiver.arrived());
    return await compare(place, rounds, acknowledged, seen);
  } finally {
    await receiver.close();
  }
}

const settleMs = 100;

function settingsOf({ databaseUrl, dataDir }: DatabasePlace, receiver: Receiver): Record<string, string> {
  return {
    DATA_DIR: dataDir,
    REQUESTS_PER_MINUTE: '0',
    LOG_LEVEL: 'silent',
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
    ...receiver.settings,
  };
}

// Each person may have so many a day, so they take turns.
async function askFor({ baseUrl }: ServerProcess, round: number): Promise<number> {
  const person = await Person.signedIn(baseUrl, trialPeople[round % trialPeople.length]?.id ?? '');
  const answer = await person.send('/me/notices', '/me/notices/test');
  if (answer.status !== 303) throw new Error(`asking for a notice was answered with ${answer.status}`);
  return 1;
}

const finishesWithinMs = 180_000;

async function letItFinish(place: DatabasePlace, receiver: Receiver, endsClaims: boolean): Promise<void> {
  const server = await startServer(settingsOf(place, receiver));
  const database = await openDatabase(place);
  try {
    for (const end = performance.now() + finishesWithinMs; performance.now() < end; await wait(250)) {
      if (endsClaims)
        await database.kysely
          .updateTable('notices')
          .set({ claimed_until: '2000-01-01T00:00:00.000Z' })
          .where('state', '=', 'waiting')
          .where('claimed_until', '<', new Date(Date.now() + longestLivingClaimMs).toISOString())
          .execute();
      if (((await createStore(database).notices.countByState()).get('waiting') ?? 0) === 0) return;
    }
  } finally {
    await database.close();
    await server.stop();
  }
}

// A claim that began some seconds ago is that of a dead server: the living one needs less than that for a letter.
const longestLivingClaimMs = 55_000;

async function compare(
  place: DatabasePlace,
  rounds: number,
  acknowledged: number,
  seen: readonly (readonly string[])[],
): Promise<KillReport> {
  const database = await openDatabase(place);
  const { notices, audit } = createStore(database);
  const written = await notices.search({ kind: 'test' }, rounds * 2 + 100);
  let eventsTooMany = 0;
  for (const { id } of written)
    eventsTooMany += (await audit.search({ entry: `notice:${id}`, action: 'notice-sent' }, 10)).length - 1;
  await database.close();
  const all = seen.at(-1) ?? [];
  const timesOf = (list: readonly string[], id: string): number => list.filter((one) => one === id).length;
  const repeated = written.filter(({ id }) => timesOf(all, id) > 1);
  // Under one server a notice may arrive once; what arrived under two was taken over from one that was killed.
  const explained = repeated.filter(({ id, attempts }) => {
    const each = seen.map((list, index) => timesOf(list, id) - timesOf(seen[index - 1] ?? [], id));
    return each.every((times) => times <= 1) && timesOf(all, id) <= attempts;
  });
  const arrived = written.filter(({ id }) => all.includes(id)).length;
  return {
    rounds,
    acknowledged,
    arrived,
    lost: acknowledged - arrived,
    twice: explained.length,
    twiceWithoutReason: repeated.length - explained.length,
    takenOver: written.filter(({ attempts }) => attempts > 1).length,
    eventsTooMany,
  };
}
