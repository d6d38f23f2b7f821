import type { Store } from '#store/store.ts';

/** How many notices are given up, as of the last look: for whatever watches the service, which must not cost a query each time. */
export type GivenUpGauge = {
  /** Null: nobody has looked yet. */
  readonly read: () => number | null;
  readonly look: () => Promise<void>;
};

export function createGivenUpGauge({ notices }: Pick<Store, 'notices'>): GivenUpGauge {
  let count: number | null = null;
  return {
    read: () => count,
    async look() {
      count = await notices.countIn('given-up');
    },
  };
}
