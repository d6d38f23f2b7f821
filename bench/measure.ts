/** Something to measure. `run` does a fixed amount of work and says how many operations it was, at once or when it is done. */
export type Contestant = { readonly name: string; readonly run: () => number | Promise<number> };

/** Operations per second of processor time: the median over all rounds, the slowest and the fastest. */
export type Rate = {
  readonly name: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
};

/**
 * Measures all contestants in the same run, a little of each in turn, so that a busy machine slows all of them alike. The
 * order moves on by one in each round, and every second round goes backwards. The first round warms up and does not count.
 */
export async function measureInterleaved(
  contestants: readonly Contestant[],
  { rounds, roundMs }: { readonly rounds: number; readonly roundMs: number },
): Promise<Rate[]> {
  const seen = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    const turned = contestants.map((_, at) => contestants[(at + round) % contestants.length] as Contestant);
    for (const { name, run } of round % 2 === 0 ? turned : turned.reverse()) {
      const rate = await rateOf(run, roundMs);
      if (round > 0) seen.get(name)?.push(rate);
    }
  }
  return contestants.map(({ name }) => ({ name, ...summaryOf(seen.get(name) ?? []) }));
}

// Processor time and not the clock on the wall: other programs on the machine take turns on the same cores. It holds all
// threads of this process, so that collecting garbage counts too.
async function rateOf(run: Contestant['run'], roundMs: number): Promise<number> {
  const start = process.cpuUsage();
  let done = 0;
  let usedMs = 0;
  while (usedMs < roundMs) {
    const ended = run();
    // Nothing waits for what is done at once.
    done += typeof ended === 'number' ? ended : await ended;
    const { user, system } = process.cpuUsage(start);
    usedMs = (user + system) / 1000;
  }
  return (done * 1000) / usedMs;
}

/** The median with the smallest and the largest. Throws where there is nothing. */
export function summaryOf(figures: readonly number[]): { median: number; min: number; max: number } {
  if (figures.length === 0) throw new Error('nothing was measured');
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
  return { median, min: sorted[0] as number, max: sorted.at(-1) as number };
}
