/** Work that is done again and again: what is due is found in the database, by whichever server looks first. */
export type DueWork = {
  /** For the log, and for waking it. Several can have the same: then so many are done beside each other. */
  readonly name: string;
  /** How long to wait where nothing was due. */
  readonly everyMs: number;
  /** Does a little of what is due. True: there may be more, so it is called again at once. */
  readonly doSome: () => Promise<boolean>;
};

export type Worker = {
  /** Lets everything finish what it is doing and does nothing more. */
  readonly stop: () => Promise<void>;
  /** Looks at once, without waiting for its time: somebody has just written something that is due. Without a name everything looks. */
  readonly wake: (name?: string) => void;
};

/** Starts doing work, each kind beside the others and one after another in itself. What fails is told and tried again. */
export function startWorker(
  work: readonly DueWork[],
  onFailure: (name: string, error: unknown) => void,
): Worker {
  const stopping = new AbortController();
  const sleepers = new Map<() => void, string>();
  // Woken while it was not asleep: what it did began before, so it looks once more.
  const missed = new Set<string>();
  const sleep = (name: string, ms: number) =>
    new Promise<void>((resolve) => {
      if (missed.delete(name)) return resolve();
      const timer = setTimeout(wake, ms);
      function wake() {
        clearTimeout(timer);
        sleepers.delete(wake);
        resolve();
      }
      sleepers.set(wake, name);
      return undefined;
    });
  const keepOn = async ({ name, everyMs, doSome }: DueWork): Promise<void> => {
    while (!stopping.signal.aborted) {
      const mayBeMore = await doSome().catch((error: unknown) => {
        onFailure(name, error);
        return false;
      });
      // Also where there is more: requests come in between.
      await (mayBeMore ? new Promise(setImmediate) : stopping.signal.aborted || sleep(name, everyMs));
    }
  };
  const running = work.map(keepOn);
  const wake = (name?: string): void => {
    for (const [wakeOne, of] of sleepers) if (name === undefined || name === of) wakeOne();
    if (name !== undefined) missed.add(name);
  };
  return {
    async stop() {
      stopping.abort();
      wake();
      await Promise.all(running);
    },
    wake,
  };
}
