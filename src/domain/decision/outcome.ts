import { severityOf, type Verdict, verdicts } from '../shared/verdict.ts';
import { hasBit } from './bit-set.ts';
import { intersectColumns } from './columns.ts';
import { combineVerdicts } from './combine-verdicts.ts';
import type { Evaluation, Possible } from './evaluate.ts';
import type { Table } from './table.ts';

/** What the rules say of a situation, complete or not. */
export type Outcome = {
  readonly verdict: Verdict;
  /** Nothing that is still unstated can change the verdict. */
  readonly settled: boolean;
  /** Settled, and no condition or next step can be added either. */
  readonly complete: boolean;
  /** The mildest and the strictest verdict still reachable. */
  readonly best: Verdict;
  readonly worst: Verdict;
  /** Numbers of the rules that certainly apply, strictest first. */
  readonly rules: readonly number[];
  /** Numbers of the rules that may still come to apply. */
  readonly undecided: readonly number[];
  readonly isPermitted: boolean;
};

const guidance = severityOf('get-guidance');

/**
 * Reads the table with what is known: a rule certainly applies when every value still possible meets it, and may apply when some
 * do. The stop is rule by rule, so there is always a rule, or the absence of one, to show for it.
 */
export function findOutcome(table: Table, { possible }: Pick<Evaluation, 'possible'>): Outcome {
  const { certain, maybe } = readTable(table, possible);
  const rules: number[] = [];
  const undecided: number[] = [];
  let strictest = -1;
  let isPermitted = false;
  let hasConditions = false;
  let strictestMaybe = -1;
  let mildestMaybe: number = verdicts.length;
  for (let word = 0; word < table.words; word++) {
    let bits = maybe[word] as number;
    const limit = table.rules.length - word * 32;
    if (limit < 32) bits &= (1 << limit) - 1;
    while (bits !== 0) {
      const low = bits & -bits;
      bits ^= low;
      const rule = word * 32 + (31 - Math.clz32(low));
      const severity = table.severities[rule] as number;
      if (((certain[word] as number) & low) !== 0) {
        rules.push(rule);
        if (severity > strictest) strictest = severity;
        if (severity >= 0 && severity < guidance) isPermitted = true;
        if (!hasConditions && hasBit(table.conditional, rule)) hasConditions = true;
      } else {
        undecided.push(rule);
        if (severity > strictestMaybe) strictestMaybe = severity;
        if (severity >= 0 && severity < guidance && severity < mildestMaybe) mildestMaybe = severity;
      }
    }
  }
  const now = combineVerdicts({ strictest, isPermitted, hasConditions });
  // The mildest end: no undecided restriction comes true, and a permission does where one may.
  const best =
    isPermitted || mildestMaybe === verdicts.length
      ? now
      : combineVerdicts({ strictest: Math.max(strictest, mildestMaybe), isPermitted: true, hasConditions });
  const mayAddConditions = undecided.some((rule) => hasBit(table.conditional, rule));
  const worst = combineVerdicts({
    strictest: Math.max(strictest, strictestMaybe),
    isPermitted,
    hasConditions: hasConditions || mayAddConditions,
  });
  const settled = best === worst;
  return {
    verdict: settled ? best : strictestOf(verdicts[Math.max(strictest, guidance)] ?? 'get-guidance', best),
    settled,
    complete: settled && !undecided.some((rule) => addsSomething(table, rule, rules)),
    best,
    worst,
    rules,
    undecided,
    isPermitted,
  };
}

/** Whether a rule, should it come to apply, adds a condition, a next step or a duty that is not there yet. */
export function addsSomething(table: Table, rule: number, applying: readonly number[]): boolean {
  const added = table.adds[rule] as readonly number[];
  if (added.length === 0) return false;
  return added.some(
    (addition) => !applying.some((other) => (table.adds[other] as readonly number[]).includes(addition)),
  );
}

type Reading = { readonly certain: Int32Array; readonly maybe: Int32Array };

function readTable(table: Table, possible: Possible): Reading {
  const { words, masks, tested, facts } = table;
  const reading = readings(words);
  const { certain, maybe } = reading;
  if (encodeComplete(possible)) {
    intersectColumns(table.columns, situation, certain);
    return { certain, maybe: certain };
  }
  certain.fill(-1);
  maybe.fill(-1);
  for (let place = 0; place < tested.length; place++) {
    const entry = facts[tested[place] as number] as { row: number; index: number };
    let bits = possible[entry.index] as number;
    if ((bits & (bits - 1)) === 0) {
      const start = entry.row + (31 - Math.clz32(bits)) * words;
      for (let word = 0; word < words; word++) {
        const mask = masks[start + word] as number;
        certain[word] = (certain[word] as number) & mask;
        maybe[word] = (maybe[word] as number) & mask;
      }
      continue;
    }
    any.fill(0);
    all.fill(-1);
    while (bits !== 0) {
      const low = bits & -bits;
      bits ^= low;
      const start = entry.row + (31 - Math.clz32(low)) * words;
      for (let word = 0; word < words; word++) {
        const mask = masks[start + word] as number;
        any[word] = (any[word] as number) | mask;
        all[word] = (all[word] as number) & mask;
      }
    }
    for (let word = 0; word < words; word++) {
      certain[word] = (certain[word] as number) & (all[word] as number);
      maybe[word] = (maybe[word] as number) & (any[word] as number);
    }
  }
  return reading;
}

// Puts the one value that each fact has into `situation`; false where a fact still has several.
function encodeComplete(possible: Possible): boolean {
  if (situation.length < possible.length) situation = new Uint8Array(possible.length);
  for (let fact = 0; fact < possible.length; fact++) {
    const bits = possible[fact] as number;
    if ((bits & (bits - 1)) !== 0) return false;
    situation[fact] = 31 - Math.clz32(bits);
  }
  return true;
}

// One scratch area for all calls: reading is synchronous, and its result is used up before the next call.
let situation = new Uint8Array(64);
let any = new Int32Array(8);
let all = new Int32Array(8);
let kept: Reading = { certain: new Int32Array(8), maybe: new Int32Array(8) };
function readings(words: number): Reading {
  if (kept.certain.length !== words) {
    any = new Int32Array(words);
    all = new Int32Array(words);
    kept = { certain: new Int32Array(words), maybe: new Int32Array(words) };
  }
  return kept;
}

function strictestOf(a: Verdict, b: Verdict): Verdict {
  return severityOf(a) >= severityOf(b) ? a : b;
}
