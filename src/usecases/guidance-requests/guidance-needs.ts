import type { Holidays } from '#domain/shared/working-days.ts';
import type { ReceiptNeeds } from '../receipts/receipt-needs.ts';

/** What asking line managers and answering as one needs. */
export type GuidanceNeeds = ReceiptNeeds & { readonly holidays: Holidays };
