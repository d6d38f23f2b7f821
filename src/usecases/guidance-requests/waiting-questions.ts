import type { FindWaiting } from '../people/own-page.ts';
import { listWaitingFor } from './own-requests.ts';

/** The questions that were put to somebody as a line manager and wait for what they say. */
export const findWaitingQuestions: FindWaiting = async (needs, _asking, actor) =>
  (await listWaitingFor(needs, actor)).map(({ id, askerName, askedAt, state }) => ({
    text:
      state === 'advice'
        ? `${askerName} waits for you and your advice`
        : `${askerName} asks for your guidance`,
    path: `/line-manager/${id}`,
    since: askedAt,
  }));
