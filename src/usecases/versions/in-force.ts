import { hasBegun, inForceAt, nextAfter, type Publication } from '#domain/versions/publication.ts';
import type { Guidance } from '#store/guidance.ts';
import type { LoadedVersion } from '#store/policy-versions.ts';
import type { Store } from '#store/store.ts';
import type { Needs } from '../needs.ts';
import { problemLines } from './problem-lines.ts';

/** A version whose time has come and that this code cannot read, so that the one before stays in force here. */
export type UnreadableVersion = {
  readonly publication: Publication;
  /** Null: it is not kept at all. */
  readonly label: string | null;
  readonly problems: readonly string[];
};

/** What this server answers from. */
export type StateInForce = {
  readonly publication: Publication;
  readonly unreadable: UnreadableVersion | null;
};

/** The version of the guidance in force, as this server has it. */
export type InForce = Pick<Needs, 'policy' | 'search' | 'texts'> & {
  readonly state: () => StateInForce;
  /** Looks whether another version is in force, and takes it. */
  readonly look: () => Promise<void>;
  /** The hash of the version that a store says is in force now, also where this server has not taken it yet. */
  readonly hashIn: (store: Pick<Store, 'publications'>) => Promise<string>;
  readonly close: () => void;
};

export type OpenedInForce =
  | { readonly outcome: 'ok'; readonly inForce: InForce }
  | { readonly outcome: 'unreadable'; readonly version: UnreadableVersion };

type Ready = NonNullable<Guidance['ready']>;
type Held = { readonly publication: Publication; readonly ready: Ready; readonly texts: Guidance['texts'] };

/**
 * Takes the version in force from the database and holds it. `look` is to be called again and again; what is scheduled is fetched
 * beforehand and taken at its instant, also where the database does not answer then. Everything that answers reads what is held, and it
 * is exchanged whole, between two turns of the server: no answer rests on two versions. Throws where nothing has been published.
 */
export async function openInForce(
  {
    store,
    now,
  }: { readonly store: Pick<Store, 'publications' | 'policyVersions'>; readonly now: () => Date },
  onUnreadable: (version: UnreadableVersion) => void,
): Promise<OpenedInForce> {
  const first = inForceAt(await store.publications.after(0), now().toISOString());
  if (first === null) throw new Error('no version of the guidance has been published');
  const loaded = await load(first);
  if (!('ready' in loaded)) return { outcome: 'unreadable', version: loaded };
  let held: Held = loaded;
  let next: Held | null = null;
  let unreadable: UnreadableVersion | null = null;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function load(publication: Publication): Promise<Held | UnreadableVersion> {
    const version: LoadedVersion | null = await store.policyVersions.load(publication.hash);
    const { ready, texts } = version?.guidance ?? { ready: null, texts: [] };
    if (ready !== null) return { publication, ready, texts };
    const label = version?.label ?? null;
    return {
      publication,
      label,
      problems:
        version === null ? ['it is not kept in the database'] : problemLines(version.guidance.problems),
    };
  }

  function take(version: Held): void {
    held = version;
    unreadable = null;
    next = null;
  }

  async function lookOnce(): Promise<void> {
    const later = await store.publications.after(held.publication.number);
    const at = now().toISOString();
    const begun = inForceAt(later, at);
    if (begun !== null && begun.number !== unreadable?.publication.number) {
      const version = next?.publication.number === begun.number ? next : await load(begun);
      if ('ready' in version) take(version);
      else {
        unreadable = version;
        onUnreadable(version);
      }
    }
    await waitFor(nextAfter(later, at));
  }

  // Nothing is scheduled for most of the time.
  async function waitFor(scheduled: Publication | null): Promise<void> {
    if (scheduled === null || scheduled.number <= held.publication.number) {
      next = null;
      clearTimeout(timer);
      return;
    }
    if (next?.publication.number === scheduled.number) return;
    const version = await load(scheduled);
    // One that cannot be read is told of when its time has come: until then there may be newer code here.
    if (!('ready' in version)) return;
    next = version;
    clearTimeout(timer);
    const inMs = Date.parse(scheduled.effectiveAt) - now().getTime();
    if (inMs > longestTimerMs) return;
    timer = setTimeout(() => {
      if (next === version && hasBegun(scheduled, now().toISOString())) take(version);
    }, inMs);
    timer.unref();
  }

  return {
    outcome: 'ok',
    inForce: {
      policy: () => held.ready.policy,
      search: () => held.ready.search,
      texts: () => held.texts,
      state: () => ({ publication: held.publication, unreadable }),
      look() {
        looking = looking.catch(() => {}).then(lookOnce);
        return looking;
      },
      async hashIn({ publications }) {
        const { publication } = held;
        // What was published before the one that is held never comes into force again, also where the clock is put back.
        const begun = inForceAt(await publications.after(publication.number), now().toISOString());
        return (begun ?? publication).hash;
      },
      close: () => clearTimeout(timer),
    },
  };
}

// The longest that Node can wait. Before that the service has been started again, or looks and finds it.
const longestTimerMs = 2 ** 31 - 1;
