/** Work that is done again and again: what is due is found in the database, by whichever server looks first. */
export type DueWork = {
  /** For the log. */
  readonly name: string;
  /** How long to wait where nothing was due. */
  readonly everyMs: number;
  /** Does a little of what is due. True: there may be more, so it is called again at once. */
  readonly doSome: () => Promise<boolean>;
};

export type Worker = {
  /** Lets everything finish what it is doing and does nothing more. */
  readonly stop: () => Promise<void>;
  /** Looks at once, without waiting for its time: somebody has just written something that is due. */
  readonly wake: () => void;
};

/** Starts doing work, each kind beside the others and one after another in itself. What fails is told and tried again. */
export function startWorker(
  work: readonly DueWork[],
  onFailure: (name: string, error: unknown) => void,
): Worker {
  const stopping = new AbortController();
  const sleepers = new Set<() => void>();
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(wake, ms);
      function wake() {
        clearTimeout(timer);
        sleepers.delete(wake);
        resolve();
      }
      sleepers.add(wake);
    });
  const keepOn = async ({ name, everyMs, doSome }: DueWork): Promise<void> => {
    while (!stopping.signal.aborted) {
      const mayBeMore = await doSome().catch((error: unknown) => {
        onFailure(name, error);
        return false;
      });
      // Also where there is more: requests come in between.
      await (mayBeMore ? new Promise(setImmediate) : stopping.signal.aborted || sleep(everyMs));
    }
  };
  const running = work.map(keepOn);
  const wakeAll = (): void => {
    for (const wake of sleepers) wake();
  };
  return {
    async stop() {
      stopping.abort();
      wakeAll();
      await Promise.all(running);
    },
    wake: wakeAll,
  };
}
