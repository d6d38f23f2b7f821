import fs from 'node:fs';
import path from 'node:path';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { isDay } from '#domain/shared/day.ts';
import type { Holidays } from '#domain/shared/working-days.ts';

/** The list of bank holidays cannot be used; the message says what is wrong with it, and is meant for whoever set it. */
export class UnusableHolidays extends Error {
  override readonly name = 'UnusableHolidays';
}

/** The list that ships. It says on which day it was made. */
export const shippedHolidays = path.join(import.meta.dirname, 'bank-holidays.json');

// https://www.gov.uk/bank-holidays.json. Whatever else stands in it is left alone.
const List = Type.Object({
  'england-and-wales': Type.Object({
    events: Type.Array(Type.Object({ title: Type.String(), date: Type.String() }), { minItems: 1 }),
  }),
});

const largestFile = 1_000_000;

/**
 * Reads a list of bank holidays in the format of https://www.gov.uk/bank-holidays.json; those of England and Wales count. Null: the
 * list that ships. Throws `UnusableHolidays`.
 */
export function loadBankHolidays(file: string | null): Holidays {
  const read = readList(file ?? shippedHolidays);
  if (!Check(List, read)) {
    throw unusable('it is not in the format of https://www.gov.uk/bank-holidays.json');
  }
  const { events } = read['england-and-wales'];
  const wrong = events.find(({ date }) => !isDay(date));
  if (wrong !== undefined)
    throw unusable(`\`${wrong.date}\` is not a day. It must be one such as 2026-12-25`);
  const days = events.map(({ date }) => date).sort();
  return { days: new Set(days), knownUntil: `${days.at(-1)?.slice(0, 4)}-12-31` };
}

function readList(file: string): unknown {
  try {
    if (fs.statSync(file).size > largestFile) throw unusable('it is larger than a megabyte');
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof UnusableHolidays) throw error;
    if (error instanceof SyntaxError) throw unusable('it is not JSON');
    const { code } = error as { readonly code?: string };
    throw unusable(code === 'ENOENT' ? 'it does not exist' : `it cannot be read (${code})`);
  }
}

function unusable(why: string): UnusableHolidays {
  return new UnusableHolidays(`the file that BANK_HOLIDAYS names cannot be used: ${why}.`);
}
