import type { PageModel } from '../render.ts';
import { type ContactModel, contactModel } from './contact-model.ts';
import { page, type View } from './page.ts';

export type PrivacyModel = PageModel & { readonly department: string; readonly contact: ContactModel };

/** What the service knows about those who ask: nothing that it keeps (src/platform/log.ts holds the log to that). */
export const privacyView: View = (web) => {
  const { pack } = web.needs.policy();
  return page<PrivacyModel>(web, 'privacy', {
    title: 'Privacy',
    department: pack.department,
    contact: contactModel(pack, pack.defaultContact, { subject: 'Privacy of the tool checker' }),
  });
};
