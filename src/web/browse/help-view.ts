import { type GuidancePageModel, guidancePageModel } from './guidance-page-view.ts';
import { page, type View } from './page.ts';

/** Whom to ask about what: the pack's page on help, at an address that is easy to remember. */
export const helpView: View = (web) => {
  const { pack } = web.needs.policy();
  const wanted = pack.guidancePages.get('help');
  if (wanted === undefined) return { kind: 'nothing' };
  return page<GuidancePageModel>(web, 'help', { ...guidancePageModel(pack, wanted), section: '/help' });
};
