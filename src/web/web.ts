import type { Config } from '#platform/config.ts';
import type { Sealer } from '#platform/cookies.ts';
import type { GuidanceNeeds } from '#usecases/guidance-requests/guidance-needs.ts';
import type { Needs } from '#usecases/needs.ts';
import type { SendingNeeds } from '#usecases/notices/sending-needs.ts';
import type { AskedCounter } from '#usecases/usage/count-asked.ts';
import type { Render } from './render.ts';

/** What every page has at hand. */
export type Web = {
  readonly needs: Needs;
  readonly render: Render;
  readonly config: Config;
  readonly people: GuidanceNeeds;
  readonly sending: SendingNeeds;
  readonly sealer: Sealer;
  readonly asked: AskedCounter;
};
