import type { Config } from '#platform/config.ts';
import type { Needs } from '#usecases/needs.ts';
import type { Render } from './render.ts';

/** What every page has at hand. */
export type Web = {
  readonly needs: Needs;
  readonly render: Render;
  readonly config: Config;
};
