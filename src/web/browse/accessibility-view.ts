import type { PageModel } from '../render.ts';
import { type ContactModel, contactModel } from './contact-model.ts';
import { page, type View } from './page.ts';

export type AccessibilityModel = PageModel & { readonly department: string; readonly contact: ContactModel };

/** The accessibility statement. It claims what the tests in test/browser show, and no more. */
export const accessibilityView: View = (web) => {
  const { pack } = web.needs.policy();
  return page<AccessibilityModel>(web, 'accessibility', {
    title: 'Accessibility statement',
    department: pack.department,
    contact: contactModel(pack, pack.defaultContact, { subject: 'Accessibility of the tool checker' }),
  });
};
