import type { FastifyInstance } from 'fastify';
import type { PersonActing } from '#domain/people/actor.ts';
import type { Role } from '#domain/people/roles.ts';
import { startWorker, type Worker } from '#jobs/due-work.ts';
import type { Clock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { closeGracefully } from '#platform/server.ts';
import { createApp, type Memory } from '#serve.ts';
import { needsOf, startInForce, versionWork } from '#start-in-force.ts';
import { type Guidance, guidanceOf } from '#store/guidance.ts';
import type { PeopleNeeds } from '#usecases/people/people-needs.ts';
import type { InForce, UnreadableVersion } from '#usecases/versions/in-force.ts';
import type { ReviewOf } from '#usecases/versions/publish-version.ts';
import { reviewVersion, type VersionReview } from '#usecases/versions/review-version.ts';
import type { FolderPack } from '#usecases/versions/settle-at-start.ts';
import { shippedGuidance } from './guidance.ts';

/** Changes of the pack that ships: what somebody might do to it, each of them sound. */
const changes = {
  /** A standing duty of data protection becomes a recommendation: one loosening. */
  milder: (name: string, text: string) =>
    name === 'conditions.yaml'
      ? text.replace(
          /(id: data-protection-duties, kind: condition, when: while, strength:) must/,
          '$1 should',
        )
      : labelled(name, text, 'milder'),
  /** Extra care becomes a must: one tightening. */
  stricter: (name: string, text: string) =>
    name === 'conditions.yaml'
      ? text.replace(/(id: extra-care, kind: condition, when: while, strength:) should/, '$1 must')
      : labelled(name, text, 'stricter'),
  /** Nothing but its name. */
  renamed: (name: string, text: string) => labelled(name, text, 'renamed'),
  /** The same, for a test that wants one that nothing has read yet. */
  unread: (name: string, text: string) => labelled(name, text, 'unread'),
  /** A promise that the pack does not keep. */
  unsound: (name: string, text: string) =>
    name === 'rules/accounts.yaml'
      ? text.replace(/verdict: not-allowed/g, 'verdict: get-guidance')
      : labelled(name, text, 'unsound'),
} as const;
export type VersionName = keyof typeof changes;

/** The name by which the loosening of `milder` is acknowledged. */
export const milderName = 'data-protection-duties-weaker:data-protection-duties';

function labelled(name: string, text: string, label: string): string {
  return name === 'pack.yaml' ? text.replace(/^label: .*$/m, `label: ${label}`) : text;
}

const made = new Map<VersionName, Promise<Guidance>>();

/** The pack that ships with a change made to it. */
export function changedGuidance(version: VersionName): Promise<Guidance> {
  const known = made.get(version);
  if (known !== undefined) return known;
  const making = shippedGuidance().then(({ texts }) =>
    guidanceOf(texts.map(({ name, text }) => ({ name, text: changes[version](name, text) }))),
  );
  made.set(version, making);
  return making;
}

/** What a server finds in its folder. */
export function folderWith({ ready, hash, texts }: Guidance): FolderPack {
  if (ready === null) throw new Error('the pack of the test cannot be used');
  return { outcome: 'ok', hash, label: ready.policy.pack.label, texts };
}

/** Keeps a version in the database, as a server that starts with it in its folder. */
export async function keepVersion(
  { store, now }: PeopleNeeds,
  { ready, hash, texts }: Guidance,
): Promise<string> {
  const label = ready?.policy.pack.label ?? '';
  await store.policyVersions.keep({ hash, label, texts: () => texts }, now().toISOString());
  return hash;
}

const reviews = new Map<string, VersionReview>();

/** What a version would do, worked out here, once for each pair and day. */
export const reviewHere: ReviewOf = async (before, after, from) => {
  const key = `${before.hash} ${after.hash} ${from}`;
  const review = reviews.get(key) ?? reviewVersion({ before: before.guidance, after: after.guidance, from });
  reviews.set(key, review);
  return review;
};

/** Somebody who has signed in before with some roles. */
export async function personWith(
  { store, newId, now }: PeopleNeeds,
  name: string,
  roles: readonly Role[],
): Promise<PersonActing> {
  const person = await store.people.save(
    { id: newId(), issuer: 'trial', subject: name, name, email: `${name}@trial.invalid`, roles },
    now().toISOString(),
  );
  return { kind: 'person', id: person.id, name, roles, by: { kind: 'session', id: name } };
}

/** One server of several: it answers from the database and looks for other versions as the real one does. */
export type VersionServer = {
  readonly baseUrl: string;
  readonly inForce: InForce;
  readonly lines: readonly string[];
  readonly server: FastifyInstance;
  readonly close: () => Promise<void>;
};

type Parts = {
  readonly memory: Memory;
  readonly clock: Clock;
  readonly folder: FolderPack;
  readonly onUnreadable?: (version: UnreadableVersion) => void;
};

/** Starts one. Throws the lines where it refuses to start. */
export async function startVersionServer({
  memory,
  clock,
  folder,
  onUnreadable = () => {},
}: Parts): Promise<VersionServer> {
  const started = await startInForce(memory.people, folder, onUnreadable);
  if (started.outcome === 'refused') throw new Error(started.lines.join('\n'));
  const { inForce, lines } = started;
  const read = readConfig({ PORT: '0', LOG_LEVEL: 'silent', REQUESTS_PER_MINUTE: '0' });
  if (!read.ok) throw new Error('the settings of the test server cannot be used');
  const server = await createApp({ config: read.config, needs: needsOf(inForce, clock), memory });
  const baseUrl = await server.listen({ port: 0, host: '127.0.0.1' });
  const worker: Worker = startWorker(
    [versionWork(inForce, () => {})],
    (name, error) => void process.stderr.write(`${name}: ${error}\n`),
  );
  return {
    baseUrl,
    inForce,
    lines,
    server,
    async close() {
      inForce.close();
      await worker.stop();
      await closeGracefully(server);
    },
  };
}
