import type { FindWaiting } from '#usecases/people/own-page.ts';

/** Everything that can wait for somebody, in one list. */
export const waitingFinders: readonly FindWaiting[] = [];
