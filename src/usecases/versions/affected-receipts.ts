import { setImmediate } from 'node:timers/promises';
import type { Policy } from '#domain/decision/policy.ts';
import type { NoticeWords } from '#domain/notices/notice.ts';
import type { Day } from '#domain/shared/day.ts';
import type { Store } from '#store/store.ts';
import { changeNotice } from '../receipts/change-notice.ts';
import { findChange } from '../receipts/tell-changes.ts';

/** Which saved answers would come to something else. Nobody’s name is in it. */
export type AffectedReceipts = {
  /** How many hold. */
  readonly live: number;
  readonly affected: number;
  /** The references of the first few. */
  readonly references: readonly string[];
  /** What the owner of the first one would be told. */
  readonly notice: NoticeWords | null;
};

const batch = 100;
const mostReferences = 5;
// Each takes some tens of microseconds, so that whoever waits gets a turn every millisecond.
const inARow = 20;

/**
 * Looks at every saved answer that holds as if this version were in force from a day on: whose owner would be told, and what. The same
 * code finds them when it is; here nothing is written. Others get a turn in between.
 */
export async function findAffectedReceipts(
  { evaluations, receipts }: Pick<Store, 'evaluations' | 'receipts'>,
  policy: Policy,
  on: Day,
): Promise<AffectedReceipts> {
  const references: string[] = [];
  let [live, affected] = [0, 0];
  let notice: NoticeWords | null = null;
  for (let last = ''; ; ) {
    const known = await evaluations.known(last, batch);
    const found = new Map(
      (await receipts.byIds(known.map(({ receiptId }) => receiptId))).map((one) => [one.id, one]),
    );
    for (const [index, one] of known.entries()) {
      const receipt = found.get(one.receiptId);
      if (receipt === undefined) continue;
      live += 1;
      const { change } = findChange({ policy: () => policy }, { on, why: 'version' }, receipt, one);
      if (change !== null) {
        affected += 1;
        notice ??= changeNotice(receipt, change);
        if (references.length < mostReferences) references.push(receipt.reference);
      }
      if (index % inARow === inARow - 1) await setImmediate();
    }
    last = known.at(-1)?.receiptId ?? last;
    if (known.length < batch) return { live, affected, references, notice };
  }
}
