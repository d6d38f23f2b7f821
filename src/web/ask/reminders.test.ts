import assert from 'node:assert/strict';
import { test } from 'node:test';
import ICAL from 'ical.js';
import type { Day } from '#domain/shared/day.ts';
import { readConfig } from '#platform/config.ts';
import { testNeeds } from '#test/support/guidance.ts';
import { findStanding, type Standing } from '#usecases/ask-page.ts';
import type { Web } from '../web.ts';
import { calendarOf, remindersView } from './reminders.ts';

const facts = {
  tool: 'trello',
  purpose: 'collaborate',
  device: 'moj',
  account: 'work',
  audience: 'internal',
  organisation: 'moj-headquarters',
  classification: 'OFFICIAL',
  sensitive: 'false',
  personalData: 'false',
  damageOrDistress: 'false',
  damagingIfLost: 'false',
};

const shipped = await testNeeds();
const config = readConfig({});
assert.ok(config.ok);

function webOn(today: Day): Pick<Web, 'needs' | 'config'> {
  assert.ok(config.ok);
  return {
    needs: { ...shipped, today: () => today },
    config: config.config,
  };
}

function standingOn(web: Pick<Web, 'needs'>): Standing {
  const stood = findStanding(web.needs, facts);
  assert.ok(stood.outcome === 'ok');
  return stood.standing;
}

// What a calendar program reads out of the file: each event with its first days.
function read(file: string) {
  for (const line of file.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
  const calendar = new ICAL.Component(ICAL.parse(file));
  const events = calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    const days: string[] = [];
    const next = event.iterator();
    for (let day = next.next(); day && days.length < 50; day = next.next()) days.push(day.toString());
    return { event, days };
  });
  return { calendar, events };
}

test('the last reminder is on or before the day the work ends, which is a day as the first one is', () => {
  const web = webOn('2026-11-22');
  const { events } = read(calendarOf(web, standingOn(web), { every: 'week', ends: '2026-12-20' }));
  assert.deepEqual(
    events.map(({ days }) => days),
    [
      ['2026-11-29', '2026-12-06', '2026-12-13', '2026-12-20'],
      ['2026-11-29', '2026-12-06', '2026-12-13', '2026-12-20'],
      ['2026-12-20'],
    ],
  );
  for (const { event } of events) {
    assert.equal(event.startDate.isDate, true);
    const until = (event.component.getFirstPropertyValue('rrule') as { until?: { isDate: boolean } } | null)
      ?.until;
    if (event.isRecurring()) assert.equal(until?.isDate, true);
  }
});

test('a reminder every month comes every month, also where some months have no such day', () => {
  const web = webOn('2027-01-03');
  const { events } = read(calendarOf(web, standingOn(web), { every: 'month', ends: '2027-04-28' }));
  assert.deepEqual(events[0]?.days, ['2027-01-28', '2027-02-28', '2027-03-28', '2027-04-28']);
});

test('a name with signs that mean something in a calendar file is only a name', () => {
  const web = webOn('2026-11-22');
  const standing = standingOn(web);
  assert.ok(standing.match);
  const name =
    'Ink, Paper; Co\\n\r\nX-INJECTED:1 – für alle, die etwas länger heißen als fünfundsiebzig Zeichen';
  const file = calendarOf(web, { ...standing, match: { ...standing.match, name } }, { every: 'week' });
  const { calendar, events } = read(file);
  const asText = name.replace('\r\n', '\n');
  for (const property of ['name', 'x-wr-calname'])
    assert.equal(
      // The parser leaves the text of a property it does not know as it stands.
      String(calendar.getFirstPropertyValue(property)).replaceAll(/\\([\\;,n])/g, (_all, sign) =>
        sign === 'n' ? '\n' : sign,
      ),
      `Reminders for ${asText}`,
    );
  assert.equal(events[0]?.event.summary, `Move the key information from ${asText} to an MoJ system`);
  assert.equal(calendar.getFirstPropertyValue('x-injected'), null);
});

test('an answer that asks to mind nothing but the end needs the day of it', () => {
  const web = webOn('2026-11-22');
  const standing = standingOn(web);
  const conditions = standing.answer.conditions.filter(({ reminder }) => reminder === 'end');
  const ending = { ...standing, answer: { ...standing.answer, conditions } };
  const sent = { sent: 'reminders', every: 'week' };
  assert.match(remindersView(web, ending, sent).end.error ?? '', /^Enter the day the work ends/);
  assert.equal(remindersView(web, ending, { ...sent, ends: '2026-11-23' }).end.error, null);
});
