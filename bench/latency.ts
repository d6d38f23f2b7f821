/** How long single calls take, in milliseconds of processor time of the whole process. */
export type Latency = {
  readonly calls: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly mostMs: number;
};

/** The processor time of one piece of work, collecting garbage included, in milliseconds. */
export function timeOnce(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Times each call by itself. `work` says how much came out of it, so that nothing is optimised away; nothing at all is an error. */
export function timeEach<T>(list: readonly T[], work: (one: T) => number): Latency {
  let sink = 0;
  const each = list.map((one) =>
    timeOnce(() => {
      sink += work(one);
    }),
  );
  if (sink === 0) throw new Error('nothing came out of it');
  return latencyOf(each);
}

/** Sums up. Throws where there is nothing. */
export function latencyOf(figures: readonly number[]): Latency {
  if (figures.length === 0) throw new Error('nothing was measured');
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
  return { calls: sorted.length, medianMs: at(0.5), p99Ms: at(0.99), mostMs: at(1) };
}
