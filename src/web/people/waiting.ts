import { listWaitingFor } from '#usecases/guidance-requests/as-manager.ts';
import type { FindWaiting } from '#usecases/people/own-page.ts';
import { findWaitingVersions } from '#usecases/versions/waiting-versions.ts';

/** Everything that can wait for somebody, in one list. */
export const waitingFinders: readonly FindWaiting[] = [findWaitingVersions, listWaitingFor];
