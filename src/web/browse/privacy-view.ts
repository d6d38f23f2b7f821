import { personDays, usageDays } from '#usecases/housekeeping.ts';
import type { PageModel } from '../render.ts';
import { type ContactModel, contactModel } from './contact-model.ts';
import { page, type View } from './page.ts';

export type PrivacyModel = PageModel & {
  readonly department: string;
  readonly contact: ContactModel;
  /** For how many days counts are kept, and personal data beside an event of the audit trail. */
  readonly usageDays: number;
  readonly auditDays: number;
  /** For how many days a saved answer is kept. */
  readonly receiptDays: number;
  /** For how many days somebody who does not come back is known by name. */
  readonly personDays: number;
};

/** What the service knows about people: nothing of those who ask (src/platform/log.ts holds the log to that), little of those who sign in. */
export const privacyView: View = (web) => {
  const { pack } = web.needs.policy();
  return page<PrivacyModel>(web, 'privacy', {
    title: 'Privacy',
    department: pack.department,
    usageDays,
    personDays,
    auditDays: web.config.auditPayloadDays,
    receiptDays: web.config.receiptDays,
    contact: contactModel(pack, pack.defaultContact, { subject: 'Privacy of the tool checker' }),
  });
};
