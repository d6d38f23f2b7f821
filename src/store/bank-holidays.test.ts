import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { daysAfter } from '#domain/shared/day.ts';
import { loadBankHolidays, shippedHolidays } from './bank-holidays.ts';

const years = [2024, 2025, 2026, 2027, 2028];

describe('the bank holidays that ship', () => {
  it('are those that the Banking and Financial Dealings Act 1971 and the yearly proclamations give', () => {
    const { days, knownUntil } = loadBankHolidays(null);
    assert.deepEqual([...days], years.flatMap(holidaysOf));
    assert.equal(knownUntil, '2028-12-31');
  });

  it('say when they were put together, and mark each day that stands in for another', () => {
    const list = JSON.parse(fs.readFileSync(shippedHolidays, 'utf8')) as {
      readonly taken: string;
      readonly 'england-and-wales': {
        readonly events: readonly { readonly date: string; readonly notes: string }[];
      };
    };
    assert.match(list.taken, /^\d{4}-\d{2}-\d{2}$/);
    const substitutes = list['england-and-wales'].events
      .filter(({ notes }) => notes === 'Substitute day')
      .map(({ date }) => date);
    assert.deepEqual(substitutes, ['2026-12-28', '2027-12-27', '2027-12-28', '2028-01-03']);
  });
});

describe('a list of bank holidays that cannot be used', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ctu-holidays-'));
  after(() => fs.rmSync(folder, { recursive: true }));
  const cases: readonly (readonly [what: string, text: string | null, says: RegExp])[] = [
    ['does not exist', null, /it does not exist/],
    ['is not JSON', '{', /it is not JSON/],
    ['is of another format', '{"scotland": {}}', /not in the format of https:\/\/www\.gov\.uk/],
    ['is empty', '{"england-and-wales": {"events": []}}', /not in the format/],
    [
      'names a day that does not exist',
      '{"england-and-wales": {"events": [{"title": "x", "date": "2027-02-30"}]}}',
      /`2027-02-30` is not a day/,
    ],
    ['is very large', ' '.repeat(1_000_001), /larger than a megabyte/],
  ];
  for (const [what, text, says] of cases)
    it(`${what}: says so`, () => {
      const file = path.join(folder, `${what}.json`);
      if (text !== null) fs.writeFileSync(file, text);
      assert.throws(() => loadBankHolidays(file), says);
      assert.throws(() => loadBankHolidays(file), /BANK_HOLIDAYS/);
    });
});

// Worked out here and not in the service: the Crown may proclaim others, and then the list is replaced.
function holidaysOf(year: number): string[] {
  const easter = easterSunday(year);
  const christmas = [`${year}-12-25`, `${year}-12-26`];
  const free = christmas.filter((day) => weekday(day) > 0 && weekday(day) < 6);
  const stand = [27, 28].map((date) => `${year}-12-${date}`).filter((day) => weekday(day) < 3);
  const missing = christmas.length - free.length;
  return [
    firstMonday(`${year}-01-01`, weekday(`${year}-01-01`) % 6 === 0),
    daysAfter(easter, -2),
    daysAfter(easter, 1),
    firstMonday(`${year}-05-01`, true),
    daysAfter(firstMonday(`${year}-06-01`, true), -7),
    daysAfter(firstMonday(`${year}-09-01`, true), -7),
    ...free,
    ...stand.slice(stand.length - missing).slice(0, missing),
  ];
}

function weekday(day: string): number {
  return new Date(`${day}T12:00:00Z`).getUTCDay();
}

function firstMonday(day: string, isWanted: boolean): string {
  return isWanted ? daysAfter(day, (8 - weekday(day)) % 7) : day;
}

// The anonymous Gregorian computus, as Meeus prints it.
function easterSunday(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const date = ((h + l - 7 * m + 114) % 31) + 1;
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}
