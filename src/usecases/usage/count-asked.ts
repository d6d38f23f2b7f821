import { type Answer, organisationOf } from '#domain/decision/answer.ts';
import type { StatedFacts } from '#domain/decision/parse-facts.ts';
import type { Pack } from '#domain/policy/pack.ts';
import type { Day } from '#domain/shared/day.ts';
import { foldName } from '#domain/shared/fold-name.ts';
import { hostOf } from '#domain/shared/host-of.ts';
import type { Store } from '#store/store.ts';
import type { AskedCount, UnknownName } from '#store/usage.ts';

/** What is counted of an answer: nothing that could point at somebody. */
export type Asked = {
  readonly tool: string;
  readonly organisation: string;
  readonly verdict: string;
  readonly rule: string;
  /** A name that nobody knows, folded; null where the tool is known or none was named. */
  readonly unknownName: string | null;
};

const longestName = 60;
const mostDigits = 4;

/** What to count of an answer; null while it is not settled, because nothing was answered yet. */
export function askedOf(pack: Pack, stated: StatedFacts, answer: Answer): Asked | null {
  if (!answer.settled) return null;
  const { id, name } = answer.tool;
  return {
    tool: id ?? '',
    organisation: organisationOf(pack, stated) ?? '',
    verdict: answer.verdict,
    rule: answer.reasons[0]?.rule ?? '',
    unknownName: id === null && name !== null ? nameToCount(name) : null,
  };
}

// What looks like an address of a person or a number of something is no name of a tool.
function nameToCount(name: string): string | null {
  const plain = name.normalize('NFKC');
  // However the digits are grouped: 0207 946 0958, QQ 12 34 56 C.
  const digits = plain.replaceAll(/\P{Nd}/gu, '').length;
  if (plain.includes('@') || digits > mostDigits) return null;
  const folded = foldName(hostOf(name) ?? name);
  return folded === '' || folded.length > longestName ? null : folded;
}

type Counting<Row extends { readonly times: number }> = Omit<Row, 'times'> & { times: number };

export type AskedCounter = {
  readonly count: (asked: Asked | null, day: Day) => void;
  /** Adds what was counted since the last time to the store. What cannot be stored is counted again next time. */
  readonly flush: (store: Pick<Store, 'inOneTransaction'>) => Promise<void>;
};

// Beyond these, more of the same are still counted; new ones wait for the next time.
const mostKinds = 20_000;
const mostNames = 2_000;

/**
 * Counts in memory, because asking must not wait for a database. What was not stored yet is lost when the process is killed. `hide`
 * makes of a name what cannot be read: that is stored until the name has been asked about often enough to be shown.
 */
export function createAskedCounter(hide: (name: string) => string): AskedCounter {
  let asked = new Map<string, Counting<AskedCount>>();
  let names = new Map<string, Counting<UnknownName>>();
  const addAsked = (row: AskedCount): void => {
    // A day and ids, none of which holds a space.
    const key = `${row.day} ${row.tool} ${row.organisation} ${row.verdict} ${row.rule}`;
    const known = asked.get(key);
    if (known !== undefined) known.times += row.times;
    else if (asked.size < mostKinds) asked.set(key, { ...row });
  };
  const addName = (row: UnknownName): void => {
    const key = `${row.day} ${row.name}`;
    const known = names.get(key);
    if (known !== undefined) known.times += row.times;
    else if (names.size < mostNames) names.set(key, { ...row });
  };
  return {
    count(one, day) {
      if (one === null) return;
      const { unknownName, tool, organisation, verdict, rule } = one;
      addAsked({ day, tool, organisation, verdict, rule, times: 1 });
      if (unknownName !== null) addName({ day, name: unknownName, times: 1 });
    },
    async flush(store) {
      if (asked.size === 0 && names.size === 0) return;
      const [countsNow, namesNow] = [asked, names];
      [asked, names] = [new Map(), new Map()];
      try {
        await store.inOneTransaction(({ usage }) =>
          usage.add(
            [...countsNow.values()],
            [...namesNow.values()].map((row) => ({ ...row, hidden: hide(row.name) })),
          ),
        );
      } catch (error) {
        for (const row of countsNow.values()) addAsked(row);
        for (const row of namesNow.values()) addName(row);
        throw error;
      }
    },
  };
}
